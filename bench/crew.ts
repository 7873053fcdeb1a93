/** Several processes doing the same thing at the same moment. */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { systemClock } from "../src/base/clock.ts";

export interface CrewRun<Result> {
  /** From the common start to the last result. */
  readonly ms: number;
  readonly results: readonly Result[];
}

/** Starts `count` workers, lets all load, starts the clock and them, and gathers one JSON line from each. */
export async function crew<Result>(worker: string, count: number, args: (n: number) => readonly string[]): Promise<CrewRun<Result>> {
  const file = path.join(import.meta.dirname, "workers", worker);
  const members = Array.from({ length: count }, (_, n) => member<Result>(file, args(n)));
  try {
    await Promise.all(members.map((one) => one.ready));
    const start = systemClock.monotonic();
    for (const one of members) one.go();
    const results = await Promise.all(members.map((one) => one.result));
    return { ms: systemClock.monotonic() - start, results };
  } finally {
    for (const one of members) one.kill();
  }
}

interface Member<Result> {
  readonly ready: Promise<unknown>;
  readonly result: Promise<Result>;
  go(): void;
  kill(): void;
}

function member<Result>(file: string, args: readonly string[]): Member<Result> {
  const child = spawn(process.execPath, ["--import", "tsx", file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${path.basename(file)} ended early`);
    return value;
  };
  const ready = next();
  const result = ready.then(next).then((line) => JSON.parse(line) as Result);
  result.catch(() => {
    // awaited by the crew; an early end is reported there, not as a rejection nobody handled
  });
  return { ready, result, go: () => child.stdin.end("go\n"), kill: () => child.kill("SIGKILL") };
}

/** The worker's side: says it is ready, waits for the common start, answers with what `work` returns. */
export async function atTheStart(work: () => Promise<unknown>): Promise<void> {
  process.stdout.write("ready\n");
  await new Promise((resolve) => process.stdin.once("end", resolve).resume());
  process.stdout.write(`${JSON.stringify(await work())}\n`);
}
