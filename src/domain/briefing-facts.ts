/**
 * What the first message of a session is made of, as far as the state knows it: plain data that shares nothing mutable
 * with it, prose left as references. One selector per job; the renderers beside it need nothing else of the state.
 */

import type { SessionId, TaskId } from "../base/ids.ts";
import { type CollabFacts, collabFacts, type ResultFacts, resultFacts } from "./collab-facts.ts";
import type { AttemptRecord, Grant, Proof, Prose, Risk, State, TaskStatus } from "./model.ts";
import { type PlanFacts, type PlanReviewFacts, planFacts, planReviewFacts } from "./plan-facts.ts";
import { escalates } from "./recovery.ts";
import { otherSides, type Side } from "./resolver.ts";
import { standIn } from "./state.ts";
import { type VerifyFacts, verifyFacts } from "./verify-request.ts";

export interface TaskFacts {
  readonly kind: "task";
  /** What several made of it together, for whoever makes the result. */
  readonly together?: ResultFacts;
  readonly swarm: string;
  readonly goal: Prose;
  readonly revision: number;
  /** JSON {approach, assumptions} of the plan in force. */
  readonly plan: Prose;
  readonly task: TaskId;
  readonly title: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly attemptsCap: number;
  readonly base: string | null;
  readonly worktree: string | null;
  /** JSON of TaskText. */
  readonly text: Prose;
  readonly criteria: number;
  readonly proof: Proof;
  readonly files: readonly string[];
  readonly granted: readonly Grant[];
  /** The failed task it takes up, whose attempts are told as its own. */
  readonly recovers?: TaskId;
  /** The role that takes it up when it fails. */
  readonly escalate?: string;
  /** It changes nothing. */
  readonly report?: true;
  /** Merged tasks this one comes after; their contracts are quoted. */
  readonly given: readonly {
    readonly task: TaskId;
    readonly title: string;
    readonly sha: string | null;
    readonly text: Prose;
    /** JSON of its submission, where that is its whole result. */
    readonly report?: Prose;
  }[];
  readonly reliedOnBy: readonly TaskId[];
  readonly findings: Prose | null;
  readonly findingsCount: number;
  /** JSON {done, next, learned} of whoever worked on it last. */
  readonly progress: Prose | null;
  readonly history: readonly AttemptRecord[];
  readonly prior: { readonly sha: string; readonly attempt: number } | null;
  readonly conflict: readonly string[];
  /** What the merged work was made for that this one conflicts with. */
  readonly sides: readonly Side[];
  /** Questions about this task that a person answered. */
  readonly answers: readonly { readonly title: string; readonly answer: string }[];
  readonly minutes: number;
  readonly refusalsLeft: number;
  readonly roundsLeft: number;
}

export function taskFacts(state: Readonly<State>, id: TaskId): TaskFacts | null {
  const task = state.tasks.get(id);
  if (!task) return null;
  const session = task.session === null ? undefined : state.sessions.get(task.session);
  const { title, status, attempt, attemptsCap, base, text, criteria, proof, findings, findingsCount, progress, prior } = task;
  const together = resultFacts(task);
  return {
    kind: "task",
    swarm: state.id,
    goal: state.goal,
    revision: state.plan.approved?.revision ?? 0,
    plan: state.plan.approved?.text ?? "",
    task: id,
    ...{ title, status, attempt, attemptsCap, base, text, criteria, proof, findings, findingsCount, progress },
    worktree: session?.worktree ?? null,
    ...(task.recovers === undefined ? {} : { recovers: task.recovers }),
    ...(task.report ? { report: true as const } : {}),
    ...(escalates(task) ? { escalate: task.escalate as string } : {}),
    files: [...task.files],
    granted: [...(task.granted ?? [])],
    given: task.after.flatMap((before) => mergedBefore(state, before)),
    reliedOnBy: [...task.dependants],
    history: [...task.history],
    prior: prior && { ...prior },
    conflict: [...task.conflict],
    sides: otherSides(state, task),
    answers: answersFor(state, id),
    minutes: Math.round(state.limits.sessionMs / 60_000),
    refusalsLeft: Math.max(0, state.limits.refusals - task.refusals),
    roundsLeft: Math.max(0, task.roundsCap - task.rounds),
    ...(together ? { together } : {}),
  };
}

function mergedBefore(state: Readonly<State>, id: TaskId): TaskFacts["given"] {
  const task = standIn(state, id);
  if (task?.status !== "merged") return [];
  const report = task.report && task.submission !== null ? { report: task.submission } : {};
  return [{ task: task.id, title: task.title, sha: task.mergedSha, text: task.text, ...report }];
}

function answersFor(state: Readonly<State>, id: TaskId): TaskFacts["answers"] {
  return [...state.gates.values()].flatMap((gate) =>
    gate.kind === "ask" && gate.task === id && gate.answer !== null ? [{ title: gate.title, answer: gate.answer }] : [],
  );
}

/** Nothing here tells who wrote the change or what they said about it. */
export interface ReviewFacts {
  readonly kind: "review";
  readonly swarm: string;
  readonly task: TaskId;
  readonly title: string;
  readonly round: number;
  readonly sha: string;
  readonly base: string | null;
  readonly worktree: string | null;
  readonly text: Prose;
  readonly criteria: number;
  readonly proof: Proof;
  readonly risk: Risk;
  /** Why skep calls it risky; a plan that says so itself gives no reason. */
  readonly risky: string | null;
  /** What could go wrong is all that is asked. */
  readonly riskOnly: boolean;
  readonly files: readonly string[];
  /** Files among them that were not in the plan, and why the task asked for them. */
  readonly granted: readonly Grant[];
  /** The task's work as it was before a conflict of it was resolved. */
  readonly clash: string | null;
  readonly reliedOnBy: readonly TaskId[];
  /** JSON of the submission, where that is the whole result. */
  readonly report?: Prose;
  /** JSON of CheckResult[] at `sha`. */
  readonly checks: Prose | null;
  /** JSON of the review that last asked for changes. */
  readonly earlier: Prose | null;
  /** What the last review looked at, when it was another commit. */
  readonly reviewed: { readonly sha: string; readonly base: string } | null;
}

export function reviewFacts(state: Readonly<State>, id: SessionId): ReviewFacts | null {
  const session = state.sessions.get(id);
  if (session?.job.kind !== "review") return null;
  const task = state.tasks.get(session.job.task);
  if (!task) return null;
  const { title, base, text, criteria, proof, risk, checks } = task;
  return {
    kind: "review",
    swarm: state.id,
    task: task.id,
    round: session.job.round,
    sha: session.job.sha,
    worktree: session.worktree,
    ...{ title, base, text, criteria, proof, risk, checks },
    risky: task.because?.filter((one) => one.includes("high risk")).at(-1) ?? null,
    riskOnly: session.job.as === "risk",
    files: [...task.files],
    granted: [...(task.granted ?? [])],
    clash: task.clash?.sha ?? null,
    reliedOnBy: [...task.dependants],
    earlier: task.review,
    ...(task.report && task.submission !== null ? { report: task.submission } : {}),
    reviewed: task.reviewed !== null && task.reviewed.sha !== session.job.sha ? { ...task.reviewed } : null,
  };
}

export type BriefingFacts = TaskFacts | ReviewFacts | PlanReviewFacts | PlanFacts | VerifyFacts | CollabFacts;

/** The facts of the first message for a session, by its job; null when the job is no longer there. */
export function briefingFacts(state: Readonly<State>, id: SessionId): BriefingFacts | null {
  const session = state.sessions.get(id);
  if (!session) return null;
  switch (session.job.kind) {
    case "plan":
      return planFacts(state, id);
    case "plan_review":
      return planReviewFacts(state, id);
    case "task":
      return taskFacts(state, session.job.task);
    case "review":
      return reviewFacts(state, id);
    case "verify":
      return verifyFacts(state, id);
    case "collab":
      return collabFacts(state, id);
    default: {
      const never: never = session.job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}
