/**
 * A long-lived child in a process group of its own: lines of its stdout at the reader's pace, a stdin that forgives a
 * reader who is gone, one promise for its end, and an end that takes the whole tree.
 */
import type { Readable } from "node:stream";
import { execa } from "execa";
import { systemClock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import { forgetGroup, registerGroup } from "./groups.ts";
import { identify } from "./identity.ts";
import { endMarked } from "./marked.ts";
import { splitLines, Tail } from "./output.ts";
import { killNow, killTree } from "./tree.ts";

export interface GroupOptions {
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** False closes stdin at once: headless programs otherwise wait for its end. */
  readonly stdin?: boolean;
  /** A variable of `env`: what inherits it is ended with the group, wherever it went. */
  readonly mark?: string | undefined;
  /** Longest line of stdout that is handed on whole. */
  readonly maxLine?: number;
  /** Bytes kept of stderr. */
  readonly maxStderr?: number;
}

export interface GroupExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Group {
  readonly started: true;
  readonly pid: number;
  /** When the leader began, in the machine's own words; null when it had ended before anybody could look. */
  readonly start: string | null;
  /** One reader. Ends after the exit, at the latest when what still holds the pipe was ended. */
  readonly lines: AsyncIterable<string>;
  /** Resolves when the leader has ended; never rejects. */
  readonly exit: Promise<GroupExit>;
  /** False when nobody can read it any more. Never throws. */
  write(text: string): boolean;
  closeStdin(): void;
  /** Tail of stderr so far. */
  stderr(): string;
  /** Closes stdin, SIGTERM, SIGKILL after `graceMs`; resolves when the group is gone. Safe to repeat. */
  end(graceMs?: number): Promise<GroupExit>;
}
export interface NotStarted {
  readonly started: false;
  readonly problem: string;
}

const MAX_LINE = 8 * 1024 * 1024;
const MAX_STDERR = 16 * 1024;
/** After the leader's end its group gets this long to let go of the pipes. */
const LINGER_MS = 500;

export async function spawnGroup(argv: readonly string[], options: GroupOptions): Promise<Group | NotStarted> {
  const [program, ...args] = argv;
  if (!program) return { started: false, problem: "the command is empty" };
  let child: ReturnType<typeof start>;
  try {
    child = start(program, args, options);
  } catch (error) {
    return { started: false, problem: describeError(error) }; // e.g. a NUL byte in an argument
  }
  const pid = child.pid;
  if (pid === undefined) {
    const result = await child;
    return { started: false, problem: result.originalMessage ?? result.shortMessage ?? "it could not be started" };
  }
  // Taken before anything is awaited: a program that ends at once has no start time any more.
  const began = identify(pid);
  registerGroup(pid);
  // Nobody may be reading yet, and at exit node and execa empty an untouched stream into nothing; a listener keeps what is in it.
  child.stdout.on("readable", () => undefined);
  const stderr = new Tail(options.maxStderr ?? MAX_STDERR);
  child.stderr.on("data", (chunk: Buffer) => stderr.add(chunk));
  // EPIPE and ECONNRESET: the reader is gone, which `exit` tells; anything else would end in the same place.
  child.stdin?.on("error", () => child.stdin?.destroy());
  const { mark } = options;
  const marks = mark === undefined ? null : [{ name: mark, is: (value: string) => value === options.env[mark] }];
  const exit = new Promise<GroupExit>((resolve) => {
    child.once("exit", (code, signal) => {
      systemClock.after(LINGER_MS, () => {
        killNow(pid, began);
        forgetGroup(pid);
        child.stderr.destroy();
        letGo(child.stdout);
      });
      resolve({ code, signal });
    });
  });
  // Its result is not needed: `exit` tells the end, and with `reject: false` it cannot fail.
  void child.catch(() => undefined);

  return {
    started: true,
    pid,
    start: began,
    lines: splitLines(child.stdout as AsyncIterable<Buffer>, options.maxLine ?? MAX_LINE),
    exit,
    write(text) {
      const { stdin } = child;
      if (!stdin || stdin.destroyed || stdin.writableEnded) return false;
      stdin.write(text);
      return true;
    },
    closeStdin: () => void child.stdin?.end(),
    stderr: () => stderr.text(),
    async end(graceMs) {
      child.stdin?.end();
      await Promise.all([killTree(pid, graceMs, began), marks && endMarked(marks, graceMs)]);
      return exit;
    },
  };
}

/**
 * A process that left the group can hold stdout for ever. Once a reader has taken all there was, the stream is closed under
 * it; a reader who has not begun, or is behind, still gets everything.
 */
function letGo(stdout: Readable): void {
  if (stdout.destroyed || stdout.readableEnded) return;
  if (stdout.readableDidRead && stdout.readableLength === 0) stdout.destroy();
  else systemClock.after(LINGER_MS, () => letGo(stdout));
}

function start(program: string, args: readonly string[], { cwd, env, stdin = true }: GroupOptions) {
  return execa(program, args, {
    cwd,
    env,
    extendEnv: false,
    preferLocal: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    encoding: "buffer",
    stdin: stdin ? "pipe" : "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}
