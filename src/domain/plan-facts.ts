/** What the first messages about plans are made of: the goal and the team for the queen, one revision for its reviewer. */
import type { SessionId, TaskId } from "../base/ids.ts";
import { swarmCap } from "./budget.ts";
import type { Prose, State, Task, TaskSpec, TaskStatus } from "./model.ts";
import { waves } from "./waves.ts";

/** A task as the plan states it, with where it stands in an order. */
export type PlannedTask = Pick<TaskSpec, "id" | "title" | "role" | "files" | "after" | "proof" | "risk" | "text" | "because">;
export const planned = ({ id, title, role, files, after, proof, risk, text, because }: TaskSpec): PlannedTask => ({
  ...{ id, title, role, proof, risk, text },
  files: [...files],
  after: [...after],
  ...(because ? { because: [...because] } : {}),
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
  /** What the swarm it goes on from left behind. */
  readonly before: Prose | null;
  /** A pipeline to plan from. */
  readonly draft?: Prose;
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
    before: state.continues?.brief ?? null,
    ...(state.draft === undefined || plan.approved !== null ? {} : { draft: state.draft }),
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

export const inPlan = (state: Readonly<State>): readonly StandingTask[] =>
  [...state.tasks.values()].filter((task) => task.status !== "proposed").map(standing);
