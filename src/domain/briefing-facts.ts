/**
 * What the first message of a session is made of, as far as the state knows it: plain data that shares nothing mutable
 * with it, prose left as references. One selector per job; the renderers beside it need nothing else of the state.
 */

import type { SessionId, TaskId } from "../base/ids.ts";
import { swarmCap } from "./budget.ts";
import type { AttemptRecord, Grant, Proof, Prose, Risk, State, Task, TaskSpec, TaskStatus } from "./model.ts";
import { waves } from "./waves.ts";

export interface TaskFacts {
  readonly kind: "task";
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
  /** Merged tasks this one comes after; their contracts are quoted. */
  readonly given: readonly { readonly task: TaskId; readonly title: string; readonly sha: string | null; readonly text: Prose }[];
  readonly reliedOnBy: readonly TaskId[];
  readonly findings: Prose | null;
  readonly findingsCount: number;
  /** JSON {done, next, learned} of whoever worked on it last. */
  readonly progress: Prose | null;
  readonly history: readonly AttemptRecord[];
  readonly prior: { readonly sha: string; readonly attempt: number } | null;
  readonly conflict: readonly string[];
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
  return {
    kind: "task",
    swarm: state.id,
    goal: state.goal,
    revision: state.plan.approved?.revision ?? 0,
    plan: state.plan.approved?.text ?? "",
    task: id,
    ...{ title, status, attempt, attemptsCap, base, text, criteria, proof, findings, findingsCount, progress },
    worktree: session?.worktree ?? null,
    files: [...task.files],
    granted: [...(task.granted ?? [])],
    given: task.after.flatMap((before) => mergedBefore(state, before)),
    reliedOnBy: [...task.dependants],
    history: [...task.history],
    prior: prior && { ...prior },
    conflict: [...task.conflict],
    answers: answersFor(state, id),
    minutes: Math.round(state.limits.sessionMs / 60_000),
    refusalsLeft: Math.max(0, state.limits.refusals - task.refusals),
    roundsLeft: Math.max(0, task.roundsCap - task.rounds),
  };
}

function mergedBefore(state: Readonly<State>, id: TaskId): TaskFacts["given"] {
  const task = state.tasks.get(id);
  return task?.status === "merged" ? [{ task: id, title: task.title, sha: task.mergedSha, text: task.text }] : [];
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
  readonly files: readonly string[];
  /** Files among them that were not in the plan, and why the task asked for them. */
  readonly granted: readonly Grant[];
  readonly reliedOnBy: readonly TaskId[];
  /** JSON of CheckResult[] at `sha`. */
  readonly checks: Prose | null;
  /** JSON of the review that last asked for changes. */
  readonly earlier: Prose | null;
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
    files: [...task.files],
    granted: [...(task.granted ?? [])],
    reliedOnBy: [...task.dependants],
    earlier: task.review,
  };
}

/** A task as the plan states it, with where it stands in an order. */
export type PlannedTask = Pick<TaskSpec, "id" | "title" | "role" | "files" | "after" | "proof" | "risk" | "text">;
const planned = ({ id, title, role, files, after, proof, risk, text }: TaskSpec): PlannedTask => ({
  ...{ id, title, role, proof, risk, text },
  files: [...files],
  after: [...after],
});

/** A task that exists already, in one line. */
export interface StandingTask {
  readonly id: TaskId;
  readonly title: string;
  readonly status: TaskStatus;
  readonly files: readonly string[];
  readonly why: string | null;
}
const standing = ({ id, title, status, files, history }: Task): StandingTask => ({
  id,
  title,
  status,
  files: [...files],
  why: history.at(-1)?.why || null,
});

export interface PlanReviewFacts {
  readonly kind: "plan_review";
  readonly swarm: string;
  /** The user's own words. */
  readonly goal: Prose;
  readonly revision: number;
  readonly hash: string;
  /** The goal in the queen's words. */
  readonly restated: string;
  readonly conditions: readonly string[];
  /** JSON {approach, assumptions}. */
  readonly text: Prose;
  readonly waves: readonly (readonly PlannedTask[])[];
  /** One task added to a plan in force. */
  readonly partial: boolean;
  readonly cancels: readonly TaskId[];
  /** Tasks of the plan in force. */
  readonly standing: readonly StandingTask[];
  /** JSON of the review that returned the revision before. */
  readonly earlier: Prose | null;
  readonly base: string;
  readonly worktree: string | null;
}

export function planReviewFacts(state: Readonly<State>, id: SessionId): PlanReviewFacts | null {
  const session = state.sessions.get(id);
  const { pending, findings, findingsCount } = state.plan;
  if (session?.job.kind !== "plan_review" || pending?.revision !== session.job.revision) return null;
  const { revision, hash, goal, conditions, text, tasks, partial, cancels } = pending;
  return {
    kind: "plan_review",
    swarm: state.id,
    goal: state.goal,
    restated: goal,
    ...{ revision, hash, text, partial },
    conditions: [...conditions],
    waves: waves(tasks).map((wave) => wave.map(planned)),
    cancels: [...cancels],
    standing: inPlan(state),
    earlier: findingsCount > 0 ? findings : null,
    base: state.base,
    worktree: session.worktree,
  };
}

export interface PlanFacts {
  readonly kind: "plan";
  readonly swarm: string;
  readonly goal: Prose;
  readonly team: string;
  readonly workers: readonly { readonly role: string; readonly seats: readonly string[] }[];
  readonly limits: {
    readonly workers: number;
    readonly attempts: number;
    readonly rounds: number;
    readonly usd: number | null;
    readonly usdSpent: number;
  };
  readonly base: string;
  readonly target: string | null;
  readonly worktree: string | null;
  /** Uncommitted files of the user, which no worktree holds. */
  readonly unseen: readonly string[];
  readonly status: "none" | "reviewing" | "returned" | "approved";
  readonly revision: number;
  /** The plan in force or the one last handed in, when there is one. */
  readonly conditions: readonly string[];
  readonly tasks: readonly StandingTask[];
  readonly proposals: readonly StandingTask[];
  readonly earlier: Prose | null;
  readonly answers: readonly { readonly title: string; readonly answer: string }[];
}

export function planFacts(state: Readonly<State>, id: SessionId): PlanFacts | null {
  const session = state.sessions.get(id);
  if (session?.job.kind !== "plan") return null;
  const { plan, limits } = state;
  return {
    kind: "plan",
    swarm: state.id,
    goal: state.goal,
    team: state.team,
    workers: workersOf(state),
    limits: {
      ...{ workers: limits.workers, attempts: limits.attempts, rounds: limits.rounds },
      ...{ usd: swarmCap(state, "usd"), usdSpent: state.spent.usd },
    },
    base: state.base,
    target: state.target,
    worktree: session.worktree,
    unseen: [...state.unseen],
    status: plan.status,
    revision: plan.revision,
    conditions: [...((plan.pending ?? plan.approved)?.conditions ?? [])],
    tasks: inPlan(state),
    proposals: [...state.byStatus.proposed].flatMap((task) => one(state, task)),
    earlier: plan.findingsCount > 0 ? plan.findings : null,
    answers: [...state.gates.values()].flatMap((gate) =>
      gate.kind === "ask" && gate.seat === session.seat && gate.answer !== null ? [{ title: gate.title, answer: gate.answer }] : [],
    ),
  };
}

function workersOf(state: Readonly<State>): PlanFacts["workers"] {
  const byRole = new Map<string, string[]>();
  for (const { role, seat, duty, status } of state.seats.values()) {
    if (duty === "worker" && status === "active") byRole.set(role, [...(byRole.get(role) ?? []), seat]);
  }
  return [...byRole].map(([role, seats]) => ({ role, seats }));
}

const one = (state: Readonly<State>, id: TaskId): readonly StandingTask[] => {
  const task = state.tasks.get(id);
  return task ? [standing(task)] : [];
};

const inPlan = (state: Readonly<State>): readonly StandingTask[] =>
  [...state.tasks.values()].filter((task) => task.status !== "proposed").map(standing);

export type BriefingFacts = TaskFacts | ReviewFacts | PlanReviewFacts | PlanFacts;

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
    default: {
      const never: never = session.job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}
