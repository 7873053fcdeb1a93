/**
 * A helper process of skep's own that is spoken to in messages. It has a group of its own, and nothing keeps it: when this
 * process is gone, however it ended, the channel closes and the helper ends by itself.
 */
import { spawn } from "node:child_process";

export interface Channel {
  /** Lost when it can be spoken to no more; `gone` tells. */
  send(message: object): void;
  /** Whether this process stays alive for an answer. */
  hold(waiting: boolean): void;
  close(): void;
}

export interface ChannelOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  hear(message: unknown): void;
  /** Called once, when it can be spoken to no more. */
  gone(why: string): void;
}

export function openChannel([program, ...args]: readonly [string, ...string[]], { env, hear, gone }: ChannelOptions): Channel {
  const child = spawn(program, args, { env, detached: true, serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let told = false;
  const over = (why: string): void => {
    if (!told) gone(why);
    told = true;
  };
  child.on("message", hear);
  child.on("error", (error) => over(error.message));
  child.once("disconnect", () => over("its channel closed"));
  child.once("exit", (code, signal) => over(signal ?? `exit code ${code}`));
  child.unref();
  child.channel?.unref();
  return {
    send(message) {
      if (child.connected) child.send(message);
    },
    hold(waiting) {
      if (waiting) child.channel?.ref();
      else child.channel?.unref();
    },
    close() {
      if (child.connected) child.disconnect();
    },
  };
}
