import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import { agentTool } from "./define-tool.ts";
import { commitId, next, repeated, taskId } from "./fields.ts";
import { repeatKey } from "./keys.ts";
import type { Dropped, KeptFinding } from "./review-filter.ts";
import { criterion, earlier, finding, sortReview, wholeSha } from "./review-ground.ts";

export const taskReviewSubmit = agentTool({
  name: "task_review_submit",
  title: "Record a code review",
  description:
    "Record your review of one submitted commit. Answer every criterion with evidence you looked up, and list every defect you can trigger, with your confidence. skep derives the verdict: an unmet criterion or a defect you are sure of returns the task, doubts are verified by another session first. No findings is a normal result. Give no patches.",
  audience: ["reviewer"],
  kind: "write",
  input: z.strictObject({
    task: taskId(),
    sha: commitId(),
    criteria: z.array(criterion).max(20).describe("One entry per criterion"),
    findings: z.array(finding).max(10),
    earlier: z.array(earlier).max(40).optional().describe("From round 2: each earlier finding"),
  }),
  output: z.object({
    verdict: z.string(),
    blocking: z.array(z.string()).optional(),
    doubts: z.array(z.string()).optional(),
    notes: z.array(z.string()).optional(),
    dropped: z.array(z.object({ title: z.string(), why: z.string() })).optional(),
    repeated: repeated(),
    next: next(),
  }),
  async handle({ task, sha: named, criteria, findings, earlier = [] }, call) {
    const twice = firstTwice(criteria.map(({ n }) => n));
    if (twice !== null)
      throw new SkepError("BAD_INPUT", `criterion ${twice} is answered twice`, "task_review_submit with one entry per criterion");
    const sha = await wholeSha(call, task, named);
    const sorted = await sortReview(call, { task, sha, criteria, findings, earlier });
    const { kept, dropped } = sorted ?? { kept: [], dropped: [] };
    const facts = kept.map(({ effect, confidence, criterion }) => ({ effect, confidence, criterion }));
    const text = await call.swarm.keep(JSON.stringify({ criteria, findings: kept, earlier, dropped }));
    const command = {
      type: "review_task",
      task,
      sha,
      criteria: criteria.map(({ n, met }) => ({ n, met })),
      findings: facts,
      text,
    } as const;
    const answer = await call.submit(command, repeatKey(call, call.me.session, task, sha));
    const recorded = answer.events.find((event) => event.type === "review_recorded" || event.type === "risk_reviewed");
    if (!recorded) throw new Error("an accepted review is recorded");
    // A repeat answers what was recorded, not what it brings along.
    const told = JSON.parse(await call.swarm.read(recorded.text)) as Sorted;
    const names = (blocking: boolean) =>
      told.findings.filter(({ blocks }) => blocks === blocking).map(({ id, title }) => `${id}: ${title}`);
    const doubts = recorded.type === "review_recorded" ? recorded.doubts : undefined;
    return {
      verdict: doubts ? "doubts_open" : recorded.type === "risk_reviewed" || recorded.approved ? "approved" : "changes_requested",
      ...(doubts ? { doubts: [...doubts] } : {}),
      ...(names(true).length > 0 ? { blocking: names(true) } : {}),
      ...(names(false).length > 0 ? { notes: names(false) } : {}),
      ...(told.dropped.length > 0 ? { dropped: [...told.dropped] } : {}),
      ...(answer.repeated ? { repeated: true } : {}),
      next: "End your turn.",
    };
  },
});

interface Sorted {
  readonly findings: readonly KeptFinding[];
  readonly dropped: readonly Dropped[];
}
function firstTwice(numbers: readonly number[]): number | null {
  return numbers.find((n, index) => numbers.indexOf(n) !== index) ?? null;
}
