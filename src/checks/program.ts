/** Programs of the project, run on a submission: where, for how long, and how their end is told. */
import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import { quote } from "../base/errors.ts";
import { type RunResult, run } from "../proc/run.ts";
import type { Change } from "./check.ts";

export interface Program {
  readonly name: string;
  readonly argv: readonly string[];
  /** Relative to the repository; its root when absent. */
  readonly cwd?: string | null | undefined;
  readonly minutes: number;
}

export const MINUTE_MS = 60_000;
const OUTPUT_BYTES = 16 * 1024;
/** Shared among the programs of a check, so that each one's own words are kept. */
const LEAST_BYTES = 1_024;

export const shareOf = (programs: number): number => Math.max(LEAST_BYTES, Math.floor(OUTPUT_BYTES / Math.max(programs, 1)) - 200);

/** How it ended and what it printed, with the command above it; null when its folder is not in the submitted files. */
export async function runProgram(
  program: Program,
  change: Change,
  bytes: number,
): Promise<{ readonly ended: RunResult; readonly output: string } | null> {
  const cwd = folderIn(change.worktree, program.cwd ?? ".");
  if (cwd === null) return null;
  const { env, signal } = change;
  const ended = await run(program.argv, { cwd, env, timeoutMs: program.minutes * MINUTE_MS, signal, maxOutput: bytes });
  const cut = ended.truncated ? "[… earlier output cut]\n" : "";
  return { ended, output: `$ ${program.argv.join(" ")} (${describe(ended)})\n${cut}${ended.output}` };
}

export const shownCommand = ({ argv }: Program): string => quote(argv.join(" "), 200);

/** Absolute, or null when it is missing, no folder, or leads out of the worktree through a link. */
function folderIn(worktree: string, relative: string): string | null {
  const folder = path.resolve(worktree, relative);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null;
  const inside = path.relative(realpathSync(worktree), realpathSync(folder));
  return inside.startsWith("..") || path.isAbsolute(inside) ? null : folder;
}

export function describe({ outcome, code, signal, problem, ms }: RunResult): string {
  if (outcome === "exited") return code === 0 ? `succeeded in ${(ms / 1000).toFixed(1)} s` : `failed with exit code ${code}`;
  if (outcome === "timed_out") return `did not end within ${Math.round(ms / 1000)} s`;
  if (outcome === "not_started") return `could not be started: ${quote(problem, 200)}`;
  return `was ended by ${signal ?? "a signal"}`;
}

export function lastWords({ output }: RunResult): string {
  const line = output.split("\n").findLast((text) => text.trim() !== "");
  return line === undefined ? "" : `; its last line: ${quote(line.trim(), 200)}`;
}

/** At most what a result may hold; the end stays. */
export function tail(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= OUTPUT_BYTES
    ? text
    : bytes
        .subarray(bytes.length - OUTPUT_BYTES)
        .toString("utf8")
        .replace(/^\uFFFD+/, "");
}
