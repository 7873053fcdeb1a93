/**
 * Runs a program once per message, as the process behind a seat of the `command` harness. It understands nothing of what the
 * program says: lines go up as they are. The program is in this process' group, so that a killed session leaves nothing.
 */
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { sleep, systemClock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import { type Member, spawnMember } from "../proc/member.ts";
import { type RunnerReport, readOrder, type TurnOrder } from "./command-protocol.ts";
import { writePrivate } from "./private-files.ts";

const MAX_LINE = 4 * 1024 * 1024;
const GRACE_MS = 2_000;
const LINGER_MS = 500;
type End = Extract<RunnerReport, { type: "exit" }>;

/** @returns the exit code. */
export async function runCommands(stdin: Readable, stdout: Writable, env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const own = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const say = (report: RunnerReport): void => void stdout.write(`${JSON.stringify(report)}\n`);
  let running: Turn | null = null;
  let code = 0;
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
  // Nobody reads any more: the host is gone.
  stdout.on("error", () => lines.close());
  lines.on("line", (line) => {
    const order = readOrder(line);
    if (order?.type === "begin") say({ type: "ready" });
    else if (order?.type === "cut") running?.stop("cut");
    else if (order?.type === "turn" && !running) {
      running = startTurn(order, own, say);
      void running.over.finally(() => {
        running = null;
      });
    } else {
      // A second turn beside the first, or what nobody knows: the host is wrong, and shall see it.
      if (order?.type !== "end") code = 1;
      lines.close();
    }
  });
  await new Promise<void>((resolve) => lines.once("close", resolve));
  const last = running as Turn | null;
  last?.stop("cut");
  await last?.over;
  return code;
}

interface Turn {
  stop(why: "cut" | "timed_out"): void;
  readonly over: Promise<void>;
}

function startTurn(order: TurnOrder, env: Readonly<Record<string, string>>, say: (report: RunnerReport) => void): Turn {
  let member: Member | null = null;
  let stopped: "cut" | "timed_out" | null = null;
  const stop = (why: "cut" | "timed_out"): void => {
    stopped ??= why;
    void member?.end(GRACE_MS);
  };
  async function run(): Promise<End> {
    const { id } = order;
    writePrivate(path.dirname(order.file.path), [{ path: path.basename(order.file.path), text: order.file.text }]);
    const started = await spawnMember(order.argv, { cwd: process.cwd(), env, input: order.stdin, maxLine: MAX_LINE });
    if (!started.started) return { type: "exit", id, code: null, signal: null, stderr: started.problem, why: "not_started" };
    member = started;
    say({ type: "started", id });
    // Asked to end before it was there.
    if (stopped) stop(stopped);
    const read = pass(started.lines, (line) => say({ type: "out", id, line }));
    const { code, signal } = await started.exit;
    // What it left in the background holds the pipe, and is nobody's any more.
    const over = new AbortController();
    await Promise.race([read, sleep(LINGER_MS, over.signal)]);
    over.abort();
    await started.end(0);
    await read;
    return { type: "exit", id, code, signal, stderr: started.stderr(), why: stopped ?? "ended" };
  }
  const cancel = systemClock.after(order.timeoutMs, () => stop("timed_out"));
  const failed = (error: unknown): End => ({
    ...{ type: "exit" as const, id: order.id, code: null, signal: null },
    ...{ stderr: describeError(error), why: "not_started" as const },
  });
  const over = run().catch(failed).then(say).finally(cancel);
  return { stop, over };
}

async function pass(lines: AsyncIterable<string>, onLine: (line: string) => void): Promise<void> {
  for await (const line of lines) onLine(line);
}
