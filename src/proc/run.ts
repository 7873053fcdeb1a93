/**
 * Runs a program to its end: argv, never a shell; a group of its own, ended whole on time-out, on abort and when the
 * program itself is over but something it started holds on. The promise settles always and rejects never.
 */
import { execa } from "execa";
import { systemClock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import { forgetGroup, registerGroup } from "./groups.ts";
import { Tail } from "./output.ts";
import { groupLives, killNow, killTree } from "./tree.ts";

export interface RunOptions {
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Bytes kept of each of `stdout`, `stderr` and `output`; the tail stays. */
  readonly maxOutput?: number;
  readonly input?: string;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
}

export type RunOutcome =
  | "exited"
  /** Ended by a signal that skep did not send. */
  | "killed"
  | "timed_out"
  | "aborted"
  /** The program or its folder is not there, or could not be started. */
  | "not_started";

export interface RunResult {
  readonly outcome: RunOutcome;
  /** Exit code; null unless `outcome` is "exited". */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams in the order they arrived. */
  readonly output: string;
  readonly truncated: boolean;
  /** Why it did not start, else "". */
  readonly problem: string;
  readonly ms: number;
}

const MAX_OUTPUT = 64 * 1024;
/** How long pipes may stay open after the program ended before what holds them is ended too. */
const LINGER_MS = 100;

export async function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const started = systemClock.monotonic();
  const max = options.maxOutput ?? MAX_OUTPUT;
  const [stdout, stderr, output] = [new Tail(max), new Tail(max), new Tail(max)];
  const done = (outcome: RunOutcome, end: { code?: number | null; signal?: string | null; problem?: string } = {}): RunResult => ({
    outcome,
    code: outcome === "exited" ? (end.code ?? null) : null,
    signal: end.signal ?? null,
    stdout: stdout.text(),
    stderr: stderr.text(),
    output: output.text(),
    truncated: output.truncated,
    problem: end.problem ?? "",
    ms: Math.round(systemClock.monotonic() - started),
  });
  const [program, ...args] = argv;
  if (!program) return done("not_started", { problem: "the command is empty" });
  if (options.signal?.aborted) return done("aborted");

  let child: ReturnType<typeof start>;
  try {
    child = start(program, args, options);
  } catch (error) {
    return done("not_started", { problem: describeError(error) }); // e.g. a NUL byte in an argument
  }
  for (const [stream, tail] of [[child.stdout, stdout] as const, [child.stderr, stderr] as const]) {
    stream.on("data", (chunk: Buffer) => {
      tail.add(chunk);
      output.add(chunk);
    });
  }
  const leader = child.pid;
  if (leader === undefined) return done("not_started", { problem: problemOf(await child) });
  registerGroup(leader);

  let ended: "timed_out" | "aborted" | null = null;
  const end = (why: "timed_out" | "aborted"): void => {
    ended ??= why;
    void killTree(leader, options.graceMs);
  };
  const onAbort = (): void => end("aborted");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const cancelTimer = systemClock.after(options.timeoutMs, () => end("timed_out"));
  let cancelLinger = (): void => {};
  child.once("exit", () => {
    cancelLinger = systemClock.after(LINGER_MS, () => {
      killNow(leader);
      // A process that left the group may hold the pipes for ever; nobody waits for it.
      child.stdout.destroy();
      child.stderr.destroy();
    });
  });
  try {
    const result = await child;
    if (ended) return done(ended, { signal: result.signal ?? null });
    if (result.exitCode !== undefined) return done("exited", { code: result.exitCode });
    if (result.signal) return done("killed", { signal: result.signal });
    return done("not_started", { problem: problemOf(result) });
  } finally {
    cancelTimer();
    cancelLinger();
    options.signal?.removeEventListener("abort", onAbort);
    // What it left in the background is nobody's any more.
    if (groupLives(leader)) killNow(leader);
    forgetGroup(leader);
  }
}

function start(program: string, args: readonly string[], { cwd, env, input }: RunOptions) {
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
    stdin: input === undefined ? "ignore" : "pipe",
    ...(input === undefined ? {} : { input }),
    stdout: "pipe",
    stderr: "pipe",
  });
}

function problemOf(result: { originalMessage?: string | undefined; shortMessage?: string | undefined }): string {
  return result.originalMessage ?? result.shortMessage ?? "it could not be started";
}
