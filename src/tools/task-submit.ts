import { z } from "zod";
import { SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import { fileName, listed } from "../domain/foreign.ts";
import { agentTool } from "./define-tool.ts";
import { attempt, next, ownTask, prose, repeated } from "./fields.ts";
import { programKey } from "./keys.ts";
import { ownTaskId } from "./own-task.ts";
import type { AgentCall } from "./swarm-call.ts";

const COMMIT_MS = 45_000;

export const taskSubmit = agentTool({
  name: "task_submit",
  title: "Hand in your task",
  description:
    "Hand in your task: skep commits your worktree, runs the checks on that commit, then sends it to review. Call it when every criterion is met and you ran the checks yourself. A change outside your files or a criterion without evidence is refused at once. End your turn after it is accepted; findings come as a new briefing.",
  audience: ["worker"],
  kind: "write",
  input: z.strictObject({
    attempt: attempt(),
    summary: prose(2_000).describe("What changed and why, for the merge commit"),
    evidence: z.array(z.string().max(400)).max(8).describe("One line per criterion, in order: test, command or path:line"),
    unsure: prose(1_000).optional().describe("What you could not verify or left out"),
    task: ownTask(),
  }),
  output: z.object({
    accepted: z.boolean(),
    task: z.string(),
    status: z.string(),
    sha: z.string().optional(),
    repeated: repeated(),
    next: next(),
  }),
  async handle({ attempt, summary, evidence, unsure = null, task: named }, call) {
    const task = await ownTaskId(call, named);
    const submission = await call.swarm.keep(JSON.stringify({ summary, evidence, unsure }));
    const answered = evidence.flatMap((line, index) => (line.trim() === "" ? [] : [index + 1]));
    const answer = await call.submit({ type: "submit_task", task, attempt, evidence: answered, submission }, programKey(call));
    const committed = await call.swarm.until(
      (state) => {
        const now = state.tasks.get(task);
        return now?.status === "submitted" && now.attempt === attempt
          ? null
          : { status: now?.status ?? "cancelled", sha: now?.sha ?? null };
      },
      { timeoutMs: COMMIT_MS, signal: call.signal },
    );
    if (committed && (committed.status === "claimed" || committed.status === "open")) await refuse(call, task, attempt, answer.seq);
    const again = answer.repeated ? { repeated: true } : {};
    if (!committed)
      return {
        accepted: true,
        task,
        status: "submitted",
        ...again,
        next: "End your turn: the commit is still being made; a refusal would wake you.",
      };
    const { status, sha } = committed;
    return {
      accepted: true,
      task,
      status,
      ...(sha ? { sha } : {}),
      ...again,
      next: "End your turn: findings would come as a new briefing.",
    };
  },
});

/** Throws what became of a submission that did not get as far as the checks. */
async function refuse({ swarm }: AgentCall, task: TaskId, attempt: number, seq: number): Promise<void> {
  const events = (await swarm.events(seq - 1)).flatMap((commit) => commit.events);
  const about = events.filter((event) => "task" in event && event.task === task);
  const ended = about.find((event) => event.type === "attempt_ended" && event.attempt === attempt);
  const refused = about.find((event) => event.type === "submission_refused");
  if (refused?.type !== "submission_refused") return;
  const last = ended ? `. This was the last refusal of attempt ${attempt}: the task is open again and your work is kept` : "";
  const over = ended ? "end your turn" : null;
  const paths = listed(refused.paths.map(fileName), 8);
  const are = refused.paths.length === 1 ? "is" : "are";
  switch (refused.why) {
    case "empty":
      throw new SkepError(
        "NOTHING_CHANGED",
        `your worktree for ${task} holds no change${last}`,
        over ?? "make the change, then task_submit; or task_release",
      );
    case "conflict":
      throw new SkepError("CONFLICT_LEFT", `conflict markers are left in ${paths}${last}`, over ?? "resolve them, then task_submit");
    case "out_of_scope": {
      const report = await swarm.look((state) => state.tasks.get(task)?.report === true);
      const more = report ? `undo that change: ${task} changes no file` : "task_extend with these files, or undo that change";
      const next = `${more}; then task_submit again`;
      const kept = refused.kept === undefined ? "" : `; what you handed in is kept at ${refused.kept}`;
      throw new SkepError("OUT_OF_SCOPE", `${paths} ${are} not in ${task}'s files${kept}${last}`, over ?? next);
    }
    default: {
      const never: never = refused.why;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}
