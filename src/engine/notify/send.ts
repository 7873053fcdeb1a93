/**
 * Tells a person something outside of skep, once: by a program of theirs, by a post to an address of theirs. What went wrong
 * is a value in words, and names neither the whole address, whose path may be a secret, nor what was answered.
 */
import { homedir } from "node:os";
import path from "node:path";
import { describeError } from "../../base/errors.ts";
import { type Notify, originOf } from "../../config/notify-schema.ts";
import { inline } from "../../domain/foreign.ts";
import type { Notice } from "../../domain/notice.ts";
import { cleanEnv } from "../../proc/env.ts";
import { run } from "../../proc/run.ts";

export interface Sending {
  /** The host's. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the repository: no program out of it is run. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

export type Channel = "command" | "url";
export const CHANNELS: readonly Channel[] = ["command", "url"];
/** null: it is told. */
type Problem = string | null;

const TIMEOUT_MS = 10_000;

export function send(channel: Channel, notify: Notify, notice: Notice, sending: Sending): Promise<Problem> {
  if (channel === "command") return notify.command === null ? told : byCommand(notify.command, notice, sending);
  return notify.url === null ? told : byPost(notify.url, notice, sending);
}

const told = Promise.resolve(null);

/** What a program needs to reach the desktop of its user. */
const DESKTOP = ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "DBUS_SESSION_BUS_ADDRESS"];

async function byCommand([program = "", ...args]: readonly string[], notice: Notice, order: Sending): Promise<Problem> {
  const { env, root, signal, timeoutMs = TIMEOUT_MS } = order;
  const argv = [program.replace(/^~(?=\/)/, homedir()), ...args, unmarked(notice.headline), unmarked(notice.text)];
  const clean = cleanEnv(env, { PATH: pathOutside(root, env.PATH) }, DESKTOP);
  const input = `${JSON.stringify(notice)}\n`;
  const { outcome, code, output, problem } = await run(argv, { cwd: homedir(), env: clean, timeoutMs, signal, input, maxOutput: 2_000 });
  if (outcome === "exited" && code === 0) return null;
  const name = inline(path.basename(program), 80);
  if (outcome === "not_started") return `${name} could not be started: ${inline(problem, 160)}`;
  if (outcome !== "exited") return outcome === "timed_out" ? `${name} took longer than ${timeoutMs / 1000} s` : `${name} was ${outcome}`;
  return `${name} ended with ${code}${output.trim() === "" ? "" : `: ${inline(output, 160)}`}`;
}

/** Desktops read marks of HTML in what they show; an agent's words are no marks. */
const unmarked = (text: string): string => text.replace(/[<>&]/g, (sign) => ({ "<": "‹", ">": "›" })[sign] ?? "+");

/** Runners of scripts put folders of the repository on the PATH, and a relative entry may lead there. */
function pathOutside(root: string, PATH = ""): string {
  const within = (entry: string): boolean => entry === root || entry.startsWith(`${root}${path.sep}`);
  return PATH.split(":")
    .filter((entry) => path.isAbsolute(entry) && !within(path.resolve(entry)))
    .join(":");
}

async function byPost(url: string, notice: Notice, { signal, timeoutMs = TIMEOUT_MS }: Sending): Promise<Problem> {
  const where = originOf(url) ?? "the address";
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "skep" },
      body: JSON.stringify(notice),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await answer.body?.cancel();
    if (answer.ok) return null;
    const redirects = answer.status >= 300 && answer.status < 400;
    return `${where} answered ${answer.status}${redirects ? ", and what redirects is not followed" : ""}`;
  } catch (error) {
    if (signal.aborted) return `${where} was not waited for`;
    if ((error as Error).name === "TimeoutError") return `${where} took longer than ${timeoutMs / 1000} s`;
    const { cause } = error as { cause?: unknown };
    return `${where} cannot be reached: ${inline(codeOf(cause) ?? describeError(error), 160)}`;
  }
}

const codeOf = (cause: unknown): string | undefined => (cause as { code?: string } | undefined)?.code;
