/** Tasks whose result is what their submission says. */
import { expect, test } from "vitest";
import { renderBriefing } from "../../src/domain/briefing.ts";
import { reviewFacts, type TaskFacts, taskFacts } from "../../src/domain/briefing-facts.ts";
import { planProblems } from "../../src/domain/plan-problems.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { renderReviewRequest } from "../../src/domain/review-request.ts";
import { withPlan } from "./policy-world.ts";
import { taskSpec, type World } from "./world.ts";

const REPORT = taskSpec("t1", [], { report: true, files: [], proof: "review_only" });
const SAID = JSON.stringify({
  summary: "The parser drops the last line.",
  evidence: ["src/parse.ts:12", "src/parse.ts:40"],
  unsure: "all of it",
});
const inline = textsFrom(new Map());
const told = (world: World, id: string): string => renderBriefing(taskFacts(world.state, id as never) as TaskFacts, inline);

test("[report.plan] it needs no file, and gets none while it runs", () => {
  const world = withPlan([REPORT]);
  expect(planProblems(world.state, { conditions: ["it works"], tasks: [REPORT] })).toEqual([]);
  expect(planProblems(world.state, { conditions: ["it works"], tasks: [{ ...REPORT, report: undefined } as never] })).toEqual([
    "t1 owns no file",
  ]);
  world.settle();
  expect(told(world, "t1")).toContain("## Yours to change\nNo file: the result of this task is its report.");
  const more = { type: "extend_task", task: "t1" as never, attempt: 1, files: ["src/x.ts"], why: "to mend it" } as const;
  expect(world.as("dev-0", more)).toMatchObject({
    ok: false,
    refusal: { code: "FILES_REFUSED", message: expect.stringContaining("changes nothing") },
  });
});

test("[report.read] its reviewer reads the report in place of a diff, and those who come after it are told it", () => {
  const world = withPlan([REPORT, taskSpec("t2", ["t1"])]);
  world.settle();
  world.as("dev-0", { type: "submit_task", task: "t1" as never, attempt: 1, evidence: [1, 2], submission: SAID });
  world.endTurn("dev-0");
  world.settle();
  const session = world.session("reviewer");
  const request = renderReviewRequest(reviewFacts(world.state, session.id) as never, inline);
  expect(request).toContain("## Report");
  for (const line of ["The parser drops the last line.", "1. src/parse.ts:12", "2. src/parse.ts:40"]) expect(request).toContain(line);
  expect(request).not.toMatch(/all of it|Changed files|dev-0/);
  const { sha } = session.job as { sha: string };
  world.as("reviewer", { type: "read_diff", task: "t1" as never, sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: "t1" as never, sha, criteria, findings: [], text: "{}" });
  world.endTurn("reviewer");
  world.settle();
  expect(told(world, "t2")).toMatch(/## Given\nt1 "make t1" reported:\n[\s\S]*The parser drops the last line\./);
});
