/** A test's own main file as a real process: what it prints, what it is told, and its end by pid. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "tsdown";
import { tempDir } from "../../support/temp.ts";
import { until } from "../../support/until.ts";

let bundling: Promise<string> | undefined;

/** The test's main file as one bundle, as the product is one: a process is up in a tenth of the time. */
export function bundledMain(): Promise<string> {
  bundling ??= bundle(path.join(import.meta.dirname, "main.ts"), tempDir("main"));
  return bundling;
}

/** @param main a main file of tests. Answers the path of the bundle. */
export async function bundle(main: string, outDir: string): Promise<string> {
  await build({
    config: false,
    cwd: path.resolve(import.meta.dirname, "../../.."),
    entry: { main },
    format: "esm",
    platform: "node",
    target: "node20",
    outDir,
    outExtensions: () => ({ js: ".mjs" }),
    noExternal: [/.*/],
    inlineOnly: false,
    dts: false,
    logLevel: "error",
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  });
  return path.join(outDir, "main.mjs");
}

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
