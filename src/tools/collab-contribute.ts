import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import type { Prose } from "../domain/model.ts";
import { MODES } from "../domain/modes/index.ts";
import { findingId, type Part } from "../domain/modes/mode.ts";
import { agentTool } from "./define-tool.ts";
import { attempt, line, next, prose, repeated } from "./fields.ts";
import { programKey } from "./keys.ts";
import type { AgentCall } from "./swarm-call.ts";

const FINDINGS = 12;
/** Whoever judges has to judge all that is shown: of as many reviewers as a mode may have. */
const JUDGED = FINDINGS * (Math.max(...Object.values(MODES).map(({ seats }) => seats.most)) - 1);

const finding = z.strictObject({
  location: line(200).describe("path:line"),
  impact: prose(400).describe("What goes wrong, and when"),
  recommendation: prose(400),
});
const judgement = z.strictObject({
  finding: z.string().max(60).describe("Its id"),
  verdict: z.enum(["ACCEPT", "REJECT", "MODIFY"]),
  reason: prose(400),
});
const artifacts = {
  strategy: prose(4_000).optional(),
  analysis: prose(4_000).optional(),
  findings: z.array(finding).max(FINDINGS).optional(),
  judgements: z.array(judgement).max(JUDGED).optional(),
  completion: z
    .array(z.strictObject({ item: line(200), done: z.boolean() }))
    .max(12)
    .optional(),
};

export const collabContribute = agentTool({
  name: "collab_contribute",
  title: "Hand in your part",
  description:
    "Hand in your part of a step that several do together: once, with exactly what your briefing asks for. Call it when your part is done; skep saves the files you may change and goes on when all parts are in. Without a vote you have none: it counts for nothing. End your turn after it.",
  audience: ["reviewer", "worker"],
  job: "collab",
  kind: "write",
  input: z.strictObject({
    attempt: attempt(),
    step: z.int().describe("From your briefing"),
    summary: prose(2_000).describe("What you did and why"),
    learnings: prose(2_000).optional().describe("What the others should know"),
    confidence: z.number().min(0).max(1).describe("That your part is right"),
    vote: z.enum(["converged", "continue", "blocked"]).optional().describe("Where your briefing asks for it; blocked asks a person"),
    artifacts: z.strictObject(artifacts).optional().describe("What your briefing asks for, and nothing else"),
  }),
  output: z.object({ accepted: z.boolean(), task: z.string(), step: z.number(), place: z.string(), repeated: repeated(), next: next() }),
  async handle({ attempt, step, vote = null, confidence, summary, learnings = "", artifacts: made = {} }, call) {
    const { task, place } = await jobOf(call);
    const findings = made.findings?.map((one, n) => ({ id: findingId(place, step, n + 1), ...one }));
    const judged = made.judgements?.map(({ finding, verdict }) => ({ finding, verdict })) ?? [];
    const texts: readonly (readonly [Part, unknown])[] = [
      ["notes", { summary, learnings, confidence, vote }],
      ["strategy", made.strategy],
      ["analysis", made.analysis],
      ["findings", findings],
      ["judgements", made.judgements],
      ["completion", made.completion],
    ];
    const parts = await Promise.all(texts.flatMap(([what, value]) => (value === undefined ? [] : [kept(call, what, value)])));
    const contribution = { vote, confidence, parts, findings: findings?.length ?? 0, judged };
    const answer = await call.submit({ type: "contribute", task, attempt, step, ...contribution }, programKey(call));
    return { accepted: true, task, step, place, ...(answer.repeated ? { repeated: true } : {}), next: "End your turn." };
  },
});

/** From the session alone: nobody says for whom they speak. */
async function jobOf({ swarm, me }: AgentCall): Promise<{ readonly task: TaskId; readonly place: string }> {
  const job = await swarm.look((state) => state.sessions.get(me.session)?.job);
  if (job?.kind === "collab") return { task: job.task, place: job.place };
  throw new SkepError("NOT_YOURS", "you have no part in anything that is done together now", "whoami");
}

async function kept({ swarm }: AgentCall, what: Part, value: unknown): Promise<{ readonly what: Part; readonly text: Prose }> {
  return { what, text: await swarm.keep(typeof value === "string" ? value : JSON.stringify(value)) };
}
