/**
 * Programs that the plan states for one task, beside the project's own. One that has to fail shows a defect: it must run and
 * exit with another code than 0.
 *
 * `{ argv: ["node", "--test", "test/crash.test.js"], expect: "fail", minutes: 5 }` passes while that test fails.
 */
import { z } from "zod";
import type { RunResult } from "../proc/run.ts";
import type { Check, Finding } from "./check.ts";
import { blocking, result } from "./finding.ts";
import { describe, lastWords, MINUTE_MS, type Program, runProgram, shareOf, shownCommand, tail } from "./program.ts";

const check = z.object({ argv: z.array(z.string()).min(1), expect: z.enum(["pass", "fail"]), minutes: z.number().positive() });
type Own = z.output<typeof check>;

export const taskChecks: Check<{ readonly checks: readonly Own[] }> = {
  id: "task-checks",
  summary: "Programs the plan states for this task alone succeed, or fail where they have to.",
  options: z.strictObject({ checks: z.array(check).default([]) }),
  runsPrograms: true,
  limitMs: ({ checks }) => checks.reduce((sum, one) => sum + one.minutes * MINUTE_MS, MINUTE_MS),
  async run(change, options) {
    const findings: Finding[] = [];
    const outputs: string[] = [];
    const share = shareOf(options.checks.length);
    for (const { expect, ...one } of options.checks) {
      const program: Program = { name: "task-checks", ...one };
      const done = await runProgram(program, change, share);
      change.signal.throwIfAborted();
      // The root of a worktree is always there.
      if (done === null) throw new Error("the check worktree is gone");
      const finding = judge(done.ended, expect, shownCommand(program));
      if (finding) findings.push(finding);
      outputs.push(done.output);
    }
    return result("task-checks", change, options, findings, tail(outputs.join("\n")));
  },
};

/** What did not run to its end proves nothing, whatever was expected. */
function judge(ended: RunResult, expect: Own["expect"], shown: string): Finding | null {
  const { outcome, code } = ended;
  if (outcome === "exited" && (code === 0) === (expect === "pass")) return null;
  const wanted = expect === "pass" ? "" : ", and the plan wants it to run and fail";
  const message = `${shown} ${describe(ended)}${wanted}${lastWords(ended)}`;
  if (outcome === "not_started")
    return blocking("task-checks", message, "Have the program installed by worktree.setup, or the plan corrected.");
  return blocking(
    "task-checks",
    message,
    `Run ${shown} and make it ${expect === "pass" ? "succeed" : "fail for the reason the task names"}.`,
  );
}
