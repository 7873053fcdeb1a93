/**
 * The one sentence that tells an agent what to do now, with the exact call. Computed from the state alone, never from a
 * model; a property test holds that the call it names is accepted in every state that can be reached.
 */
import { unreadPages } from "./decide-review.ts";
import { openEnds } from "./decide-swarm.ts";
import { count, inline, listed } from "./foreign.ts";
import { asked } from "./gate.ts";
import { jobState, queenOwes } from "./job.ts";
import { OVER, type Session, type State, type Task } from "./model.ts";

export interface NextStep {
  /** The skep tool to call, or null: end the turn. */
  readonly tool: string | null;
  readonly text: string;
}

const call = (tool: string, text: string): NextStep => ({ tool, text });
const end = (why: string): NextStep => ({ tool: null, text: `End your turn: ${why}.` });

export function nextStep(state: Readonly<State>, session: Readonly<Session>): NextStep {
  if (OVER.has(state.status)) return end(`the swarm is ${state.status}`);
  if (session.status === "ending") return end("your session is over and your work is kept");
  const asked = openQuestion(state, session);
  if (asked) return end(`a person is asked (${asked}); skep wakes you with the answer`);
  switch (session.job.kind) {
    case "plan":
      return queenNext(state);
    case "plan_review":
      return planReviewNext(state, session);
    case "task":
      return taskNext(state, session, session.job);
    case "review":
      return reviewNext(state, session, session.job);
    case "verify": {
      const { task, sha, doubt } = session.job;
      if (jobState(state, session) !== "open") return end(`${doubt} of ${task} is settled`);
      return call(
        "finding_verify",
        `Settle ${doubt} in the worktree, then call finding_verify with task ${task}, sha ${sha} and finding ${doubt}.`,
      );
    }
    case "collab": {
      const { task, step, place } = session.job;
      if (jobState(state, session) !== "open") return end(`step ${step} of ${task} needs nothing more of ${place}`);
      return call(
        "collab_contribute",
        `Do your part of ${task} as ${place}, then call collab_contribute with attempt ${session.job.attempt} and step ${step}.`,
      );
    }
    default: {
      const never: never = session.job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

/** A question of this seat that a person has not answered yet. */
function openQuestion(state: Readonly<State>, { seat }: Readonly<Session>): string | null {
  const gate = asked(state, seat);
  return gate && `gate ${gate.id} "${inline(gate.title, 80)}"`;
}

function queenNext(state: Readonly<State>): NextStep {
  const { plan } = state;
  if (plan.gate) return end(`gate ${plan.gate} about the plan is open; skep wakes you with the answer`);
  const owed = queenOwes(state)[0];
  switch (owed) {
    case undefined:
      return end(plan.status === "reviewing" ? `plan revision ${plan.revision} is under review` : inWork(state));
    case "plan":
      return call("plan_submit", "Call plan_submit with the whole plan.");
    case "replan":
      return call(
        "plan_submit",
        `Call plan_submit with a revision that answers the ${count(plan.findingsCount, "finding")} of the review.`,
      );
    case "proposal": {
      const id = [...state.byStatus.proposed][0];
      return call(
        "task_cancel",
        `Decide the proposal ${id}: task_create with from ${id} takes it up, task_cancel with task ${id} declines it.`,
      );
    }
    case "repair":
      return call(
        "plan_submit",
        `Call plan_submit with a revision that replaces what failed: ${listed([...state.byStatus.blocked], 5)} wait for it.`,
      );
    case "complete":
      return completion(state);
    default: {
      const never: never = owed;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

/** All tasks have ended; whether that is enough is asked where `swarm_complete` asks it. */
function completion(state: Readonly<State>): NextStep {
  const ends = openEnds(state);
  if (ends.length === 0) return call("swarm_complete", "Call swarm_complete with a summary: every condition has a merged task.");
  const [gate] = state.openGates;
  if (gate !== undefined) return end(`gate ${gate} is open; skep wakes you when a person answered`);
  return call("plan_submit", `Call plan_submit with a revision that mends this: ${listed(ends, 4)}.`);
}

function inWork(state: Readonly<State>): string {
  const { byStatus } = state;
  const parts = (["open", "claimed", "submitted", "checking", "reviewing", "approved", "merging", "blocked"] as const)
    .filter((status) => byStatus[status].size > 0)
    .map((status) => `${byStatus[status].size} ${status}`);
  return `tasks are on their way (${parts.join(", ")}); skep wakes you when you are needed`;
}

function planReviewNext(state: Readonly<State>, session: Readonly<Session>): NextStep {
  const { pending } = state.plan;
  if (!pending || jobState(state, session) !== "open") return end("this revision needs no review any more");
  return call("plan_review_submit", `Call plan_review_submit with revision ${pending.revision} and plan_hash ${pending.hash}.`);
}

function taskNext(
  state: Readonly<State>,
  session: Readonly<Session>,
  job: { readonly task: Task["id"]; readonly attempt: number },
): NextStep {
  const task = state.tasks.get(job.task);
  switch (jobState(state, session)) {
    case "open":
      if (!session.opened)
        return call("task_claim", `Call task_claim with task ${job.task}: it answers with the briefing when the worktree is ready.`);
      return call(
        "task_submit",
        `Finish ${job.task}, then call task_submit with task ${job.task}, attempt ${job.attempt} and ${evidence(task?.criteria ?? 1)}; or task_release to give it back.`,
      );
    case "waiting":
      return end(`${job.task} is being committed`);
    default:
      return end(afterwards(task, job.task));
  }
}

const evidence = (criteria: number): string =>
  criteria === 1 ? "one line of evidence" : `${criteria} lines of evidence, one per criterion`;

function afterwards(task: Readonly<Task> | undefined, id: string): string {
  switch (task?.status) {
    case "merged":
      return `${id} is merged`;
    case "failed":
    case "cancelled":
      return `${id} was ${task.status === "failed" ? "given up" : "cancelled"}`;
    case "checking":
    case "reviewing":
    case "approved":
    case "merging":
      return `${id} is ${task.status}; findings would come as a new briefing`;
    default:
      return `${id} is not yours any more; its work is kept`;
  }
}

function reviewNext(
  state: Readonly<State>,
  session: Readonly<Session>,
  job: { readonly task: Task["id"]; readonly sha: string },
): NextStep {
  const task = state.tasks.get(job.task);
  if (jobState(state, session) !== "open") return end(`the review of ${job.task} is not needed any more`);
  const [page] = unreadPages(session);
  if (session.pages.of === 0) return call("diff_get", `Call diff_get with task ${job.task}.`);
  if (page !== undefined) return call("diff_get", `Call diff_get with task ${job.task} and cursor p${page}.`);
  return call(
    "task_review_submit",
    `Call task_review_submit with task ${job.task}, sha ${job.sha} and ${task?.criteria ?? 1} criteria answered.`,
  );
}
