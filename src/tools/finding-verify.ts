import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import { answeredDoubts, criterionOf, type DoubtAnswer } from "../domain/doubt.ts";
import type { Prose } from "../domain/model.ts";
import { records } from "../domain/points.ts";
import { parsed } from "../domain/prose.ts";
import { agentTool } from "./define-tool.ts";
import { commitId, next, prose, repeated, taskId } from "./fields.ts";
import { repeatKey } from "./keys.ts";
import { refuseGroundless, wholeSha } from "./review-ground.ts";
import type { Accepted, AgentCall } from "./swarm-call.ts";

/** Others may answer their points of the same review at the same time; each answer is written on top of the last. */
const TRIES = 10;

export const findingVerify = agentTool({
  name: "finding_verify",
  title: "Verify a finding",
  description:
    "Answer the one point of a review that you were started for. Say confirmed when it is so, refuted when you have seen that it is not, cannot_tell when neither can be shown. A finding counts only when it is confirmed; a criterion is refuted with the place that meets it. Then end your turn.",
  audience: ["reviewer"],
  kind: "write",
  input: z.strictObject({
    task: taskId(),
    sha: commitId(),
    finding: z.string().regex(/^[cf]\d{1,3}$/, "is no point of a review, such as f1 or c2"),
    answer: z.enum(["confirmed", "refuted", "cannot_tell"]),
    evidence: prose(400).describe("What you saw or ran: path:line, check, output"),
  }),
  output: z.object({ verdict: z.string(), repeated: repeated(), next: next() }),
  async handle({ task, sha: named, finding, answer, evidence }, call) {
    const sha = await wholeSha(call, task, named);
    if (criterionOf(finding) !== null && answer === "refuted") await refuseGroundless(call, task, sha, evidence);
    const accepted = await answered(call, { task, sha, finding, answer, evidence });
    const [verdict] = accepted.events.flatMap((event) =>
      event.type === "review_recorded"
        ? [event.approved ? "approved" : "changes_requested"]
        : event.type === "risk_reviewed"
          ? ["approved"]
          : [],
    );
    return { verdict: verdict ?? "doubts_open", ...(accepted.repeated ? { repeated: true } : {}), next: "End your turn." };
  },
});

interface Answer {
  readonly task: TaskId;
  readonly sha: string;
  readonly finding: string;
  readonly answer: DoubtAnswer;
  readonly evidence: string;
}

async function answered(call: AgentCall, given: Answer): Promise<Accepted> {
  const { task, sha, finding, answer } = given;
  const key = repeatKey(call, call.me.session, task, sha, finding);
  for (let left = TRIES; ; left--) {
    const review = await call.swarm.look((state) => {
      const open = state.tasks.get(task)?.openReview;
      return open ? { text: open.text, after: answeredDoubts(open) } : null;
    });
    const text = review === null ? "" : await written(call, review.text, given);
    try {
      return await call.submit({ type: "verify_finding", task, sha, finding, answer, after: review?.after ?? 0, text }, key);
    } catch (error) {
      if (left > 1 && error instanceof SkepError && error.code === "ANSWERED_MEANWHILE") continue;
      throw error;
    }
  }
}

/** The review with this answer in it: what the author reads, and the next reviewer. */
async function written({ swarm }: AgentCall, review: Prose, { finding, answer, evidence }: Answer): Promise<Prose> {
  const value = parsed(await swarm.read(review));
  const said = value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  const n = criterionOf(finding);
  const note = { verified: answer, verification: evidence };
  const criteria = records(said.criteria).map((one) => (one.n === n ? { ...one, ...note } : one));
  const findings = records(said.findings).map((one) => (one.id === finding ? { ...one, ...note, blocks: answer === "confirmed" } : one));
  return swarm.keep(JSON.stringify({ ...said, criteria, findings }));
}
