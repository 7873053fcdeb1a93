/**
 * The project's own programs accept the submission: tests, type checks, linters. A program that fails, does not end in time
 * or cannot be started stops the submission.
 *
 * `{ name: "test", argv: ["npm", "test"], minutes: 10 }` passes when npm exits with 0 and is a finding on anything else.
 */
import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { quote } from "../base/errors.ts";
import { type RunResult, run } from "../proc/run.ts";
import type { Change, Check, Finding } from "./check.ts";
import { blocking, result } from "./finding.ts";

interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  /** Relative to the repository; its root when absent. */
  readonly cwd?: string | null | undefined;
  readonly minutes: number;
}

const MINUTE_MS = 60_000;
const OUTPUT_BYTES = 16 * 1024;
/** Shared among the commands, so that each one's own words are kept. */
const LEAST_BYTES = 1_024;

const command = z.object({
  name: z.string(),
  argv: z.array(z.string()).min(1),
  cwd: z.string().nullish(),
  minutes: z.number().positive().default(10),
});

export const commands: Check<{ readonly commands: readonly Command[] }> = {
  id: "commands",
  summary: "The project's own commands, such as its tests, succeed.",
  options: z.strictObject({ commands: z.array(command).default([]) }),
  runsPrograms: true,
  limitMs: (options) => options.commands.reduce((sum, one) => sum + one.minutes * MINUTE_MS, MINUTE_MS),
  async run(change, options) {
    const findings: Finding[] = [];
    const outputs: string[] = [];
    const share = Math.max(LEAST_BYTES, Math.floor(OUTPUT_BYTES / Math.max(options.commands.length, 1)) - 200);
    for (const one of options.commands) {
      const { finding, output } = await runOne(one, change, share);
      change.signal.throwIfAborted();
      if (finding) findings.push(finding);
      outputs.push(output);
    }
    return result("commands", change, options, findings, tail(outputs.join("\n")));
  },
};

async function runOne(one: Command, change: Change, bytes: number): Promise<{ finding: Finding | null; output: string }> {
  const shown = quote(one.argv.join(" "), 200);
  const cwd = folderIn(change.worktree, one.cwd ?? ".");
  if (cwd === null) {
    const message = `the folder ${quote(one.cwd ?? ".")} of command ${one.name} is not in the submitted files`;
    return { finding: blocking("commands", message, "Keep the folder, or ask for another one under checks.commands."), output: "" };
  }
  const ended = await run(one.argv, { cwd, env: change.env, timeoutMs: one.minutes * MINUTE_MS, signal: change.signal, maxOutput: bytes });
  const cut = ended.truncated ? "[… earlier output cut]\n" : "";
  const output = `$ ${one.argv.join(" ")} (${describe(ended)})\n${cut}${ended.output}`;
  if (ended.outcome === "exited" && ended.code === 0) return { finding: null, output };
  const message = `${one.name}: ${shown} ${describe(ended)}${lastWords(ended)}`;
  return { finding: blocking("commands", message, fixFor(ended, shown, one.cwd)), output };
}

/** Absolute, or null when it is missing, no folder, or leads out of the worktree through a link. */
function folderIn(worktree: string, relative: string): string | null {
  const folder = path.resolve(worktree, relative);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null;
  const inside = path.relative(realpathSync(worktree), realpathSync(folder));
  return inside.startsWith("..") || path.isAbsolute(inside) ? null : folder;
}

function describe({ outcome, code, signal, problem, ms }: RunResult): string {
  if (outcome === "exited") return code === 0 ? `succeeded in ${(ms / 1000).toFixed(1)} s` : `failed with exit code ${code}`;
  if (outcome === "timed_out") return `did not end within ${Math.round(ms / 1000)} s`;
  if (outcome === "not_started") return `could not be started: ${quote(problem, 200)}`;
  return `was ended by ${signal ?? "a signal"}`;
}

function lastWords({ output }: RunResult): string {
  const line = output.split("\n").findLast((text) => text.trim() !== "");
  return line === undefined ? "" : `; its last line: ${quote(line.trim(), 200)}`;
}

function fixFor({ outcome }: RunResult, shown: string, cwd: string | null | undefined): string {
  const where = cwd ? ` in ${quote(cwd)}` : "";
  if (outcome === "not_started") return "Have the program installed by worktree.setup, or the command corrected under checks.commands.";
  if (outcome === "timed_out") return `Run ${shown}${where} and make it end in time.`;
  return `Run ${shown}${where} and make it succeed.`;
}

function tail(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= OUTPUT_BYTES
    ? text
    : bytes
        .subarray(bytes.length - OUTPUT_BYTES)
        .toString("utf8")
        .replace(/^\uFFFD+/, "");
}
