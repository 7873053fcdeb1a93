/**
 * The project's own programs accept the submission: tests, type checks, linters. A program that fails, does not end in time
 * or cannot be started stops the submission.
 *
 * `{ name: "test", argv: ["npm", "test"], minutes: 10 }` passes when npm exits with 0 and is a finding on anything else.
 */
import { z } from "zod";
import { quote } from "../base/errors.ts";
import type { RunResult } from "../proc/run.ts";
import type { Change, Check, Finding } from "./check.ts";
import { blocking, result } from "./finding.ts";
import { describe, lastWords, MINUTE_MS, type Program, runProgram, shareOf, shownCommand, tail } from "./program.ts";

const command = z.object({
  name: z.string(),
  argv: z.array(z.string()).min(1),
  cwd: z.string().nullish(),
  minutes: z.number().positive().default(10),
});

export const commands: Check<{ readonly commands: readonly Program[] }> = {
  id: "commands",
  summary: "The project's own commands, such as its tests, succeed.",
  options: z.strictObject({ commands: z.array(command).default([]) }),
  runsPrograms: true,
  limitMs: (options) => options.commands.reduce((sum, one) => sum + one.minutes * MINUTE_MS, MINUTE_MS),
  async run(change, options) {
    const findings: Finding[] = [];
    const outputs: string[] = [];
    const share = shareOf(options.commands.length);
    for (const one of options.commands) {
      const { finding, output } = await runOne(one, change, share);
      change.signal.throwIfAborted();
      if (finding) findings.push(finding);
      outputs.push(output);
    }
    return result("commands", change, options, findings, tail(outputs.join("\n")));
  },
};

async function runOne(one: Program, change: Change, bytes: number): Promise<{ finding: Finding | null; output: string }> {
  const done = await runProgram(one, change, bytes);
  if (done === null) {
    const message = `the folder ${quote(one.cwd ?? ".")} of command ${one.name} is not in the submitted files`;
    return { finding: blocking("commands", message, "Keep the folder, or ask for another one under checks.commands."), output: "" };
  }
  const { ended, output } = done;
  if (ended.outcome === "exited" && ended.code === 0) return { finding: null, output };
  const shown = shownCommand(one);
  const message = `${one.name}: ${shown} ${describe(ended)}${lastWords(ended)}`;
  return { finding: blocking("commands", message, fixFor(ended, shown, one.cwd)), output };
}

function fixFor({ outcome }: RunResult, shown: string, cwd: string | null | undefined): string {
  const where = cwd ? ` in ${quote(cwd)}` : "";
  if (outcome === "not_started") return "Have the program installed by worktree.setup, or the command corrected under checks.commands.";
  if (outcome === "timed_out") return `Run ${shown}${where} and make it end in time.`;
  return `Run ${shown}${where} and make it succeed.`;
}
