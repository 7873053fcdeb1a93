/** A test's own main file as a real process: what it prints, what it is told, and its end by pid. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { bundled } from "../../support/bundled.ts";
import { until } from "../../support/until.ts";

/** The test's main file as one bundle. */
export const bundledMain = (): Promise<string> => bundled(path.join(import.meta.dirname, "main.ts"));

export interface Started {
  readonly pid: number;
  readonly lines: readonly string[];
  readonly child: ChildProcess;
  /** The first line that begins with `start`, from the `from`-th on. */
  says(start: string, timeoutMs?: number): Promise<string>;
  tell(line: string): void;
  /** Resolves when it has ended: its exit code or signal. */
  readonly ended: Promise<number | string | null>;
}

const running = new Set<ChildProcess>();

export async function startMain(
  args: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Started> {
  const child = spawn(process.execPath, [await bundledMain(), ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.add(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const ended = once(child, "close").then(([code, signal]) => {
    running.delete(child);
    return (code ?? signal) as number | string | null;
  });
  return {
    pid: child.pid ?? -1,
    lines,
    child,
    ended,
    says: (start, timeoutMs = 15_000) =>
      until(() => lines.find((line) => line.startsWith(start)), { timeoutMs, what: `process ${child.pid} said ${start}` }),
    tell: (line) => void child.stdin.write(`${line}\n`),
  };
}

/** Ends everything `startMain` started and that still runs. */
export async function endAll(): Promise<void> {
  const ends = [...running].map((child) => {
    const closed = once(child, "close");
    child.kill("SIGKILL");
    return closed;
  });
  await Promise.all(ends);
}
