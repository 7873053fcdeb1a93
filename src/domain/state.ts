import type { SwarmId, TaskId } from "../base/ids.ts";
import { dissolve } from "./evolve-collab.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { emptyQueue } from "./merge-queue.ts";
import {
  ENDED,
  type Seat,
  type SeatSpec,
  type Session,
  type State,
  type Task,
  type TaskSpec,
  type TaskStatus,
  type WakeReason,
} from "./model.ts";
import { NOTHING } from "./spend.ts";

/** The state before the first commit, and the few moves every machine shares. Only `evolve` may call the moves. */
export function emptyState(): State {
  return {
    seq: 0,
    rules: 0,
    id: "" as SwarmId,
    status: "none",
    pausedBy: null,
    goal: "",
    title: "",
    team: "",
    solo: false,
    audit: null,
    base: "",
    branch: "",
    target: null,
    unseen: [],
    settings: "",
    limits: DEFAULT_LIMITS,
    estimate: null,
    createdAt: 0,
    endedAt: null,
    ending: null,
    epoch: 0,
    lease: null,
    tip: "",
    putAside: null,
    merges: emptyQueue(),
    plan: {
      status: "none",
      revision: 0,
      pending: null,
      approved: null,
      deadlineAt: null,
      findings: null,
      findingsCount: 0,
      reviewer: null,
      gate: null,
    },
    tasks: new Map(),
    byStatus: {
      proposed: new Set(),
      blocked: new Set(),
      open: new Set(),
      claimed: new Set(),
      submitted: new Set(),
      checking: new Set(),
      reviewing: new Set(),
      approved: new Set(),
      merging: new Set(),
      merged: new Set(),
      reviewed: new Set(),
      failed: new Set(),
      cancelled: new Set(),
    },
    unsaved: new Set(),
    reserved: new Set(),
    seats: new Map(),
    sessions: new Map(),
    gates: new Map(),
    openGates: new Set(),
    gateCount: 0,
    sessionCount: 0,
    failures: new Map(),
    wake: [],
    news: [],
    queenAt: 0,
    spent: NOTHING,
    day: { day: 0, ...NOTHING },
    elsewhere: { day: 0, ...NOTHING },
    ranMs: 0,
    ranSince: null,
    raised: new Map(),
    warned: new Set(),
    providers: new Map(),
    closed: false,
    landed: null,
    pullRequest: null,
    keys: new Map(),
    changedAt: 0,
  };
}

export const newSeat = (spec: SeatSpec): Seat => ({
  ...spec,
  own: { harness: spec.harness, provider: spec.provider, model: spec.model },
  route: 0,
  spent: NOTHING,
  status: "active",
  session: null,
  task: null,
  lapses: 0,
  restUntil: 0,
  gate: null,
});

export function newTask(state: State, spec: TaskSpec, status: "proposed" | "blocked", at: number): Task {
  noteMode(state, spec);
  return {
    ...spec,
    status,
    attempt: 0,
    attemptsCap: state.limits.attempts,
    seat: null,
    session: null,
    reserved: null,
    submissions: 0,
    refusals: 0,
    base: null,
    sha: null,
    prior: null,
    kept: null,
    unsaved: null,
    findings: null,
    findingsCount: 0,
    checks: null,
    rounds: 0,
    review: null,
    roundsCap: state.limits.rounds,
    reviewer: null,
    openReview: null,
    screened: null,
    reviewed: null,
    skip: null,
    downgraded: null,
    submission: null,
    progress: null,
    authors: [],
    history: [],
    conflict: [],
    gate: null,
    spent: NOTHING,
    mergedSha: null,
    proposedBy: null,
    dependants: [],
    missing: 0,
    changedAt: at,
  };
}

/** Tasks with a mode are found without a look at all the others. */
export function noteMode(state: State, { id, mode }: TaskSpec): void {
  if (!mode) return;
  state.together ??= new Set();
  state.together.add(id);
}

/** The one place where a task's status changes: index and status stay together. */
export function moveTask(state: State, task: Task, to: TaskStatus, at: number): void {
  state.byStatus[task.status].delete(task.id);
  task.status = to;
  state.byStatus[to].add(task.id);
  task.changedAt = at;
  if (to !== "open") {
    state.reserved.delete(task.id);
    task.reserved = null;
  }
  if (to !== "reviewing") {
    dismissReviewer(state, task, at);
    dismissVerifiers(state, task, at);
  }
  if (task.human && to !== "open") closeGate(state, task, to, at);
  if (to !== "claimed") dissolve(state, task, at);
  if (!ON_ITS_WAY.has(to)) leaveBatch(state, task);
  if (to === "merged") openDependants(state, task, at);
  if (ENDED.has(to) && liveCount(state) === 0) wakeQueen(state, { what: "all_ended", id: task.id });
}

const ON_ITS_WAY: ReadonlySet<TaskStatus> = new Set(["approved", "merging", "merged"]);

/** A person is not asked for what is over, or waits again for others. */
function closeGate({ gates, openGates }: State, task: Task, answer: string, at: number): void {
  const gate = task.gate === null ? undefined : gates.get(task.gate);
  task.gate = null;
  if (gate?.kind !== "task" || gate.status !== "open") return;
  Object.assign(gate, { status: "answered", answer, answeredBy: "engine", answeredAt: at });
  openGates.delete(gate.id);
}

/** A batch is verified as a whole: without one of its tasks it is another one. */
function leaveBatch({ merges }: State, { id }: Task): void {
  if (merges.batch?.tasks.some(({ task }) => task === id)) merges.batch = null;
}

/** Whoever reviews it has no job left. */
export function dismissReviewer(state: State, task: Task, at: number): void {
  if (task.reviewer === null) return;
  const session = sessionOf(state, task.reviewer);
  if (session?.job.kind === "review" && session.job.task === task.id) session.voidAt ??= at;
  task.reviewer = null;
}

function dismissVerifiers(state: State, task: Task, at: number): void {
  for (const { verifier } of task.openReview?.doubts ?? []) {
    const session = verifier === null ? undefined : sessionOf(state, verifier);
    if (session?.job.kind === "verify" && session.job.task === task.id) session.voidAt ??= at;
  }
  task.openReview = null;
}

/** The holder lets go; its session has no job left. */
export function freeSeat(state: State, task: Task, at: number): void {
  if (task.seat === null) return;
  const seat = state.seats.get(task.seat);
  if (seat?.task === task.id) seat.task = null;
  const session = task.session === null ? undefined : state.sessions.get(task.session);
  if (session) session.voidAt ??= at;
  task.seat = null;
  task.session = null;
}

function openDependants(state: State, task: Task, at: number): void {
  for (const id of task.dependants) {
    const dependant = state.tasks.get(id);
    if (!dependant) continue;
    dependant.missing -= 1;
    if (dependant.missing === 0 && dependant.status === "blocked") moveTask(state, dependant, "open", at);
  }
}

/** The task that counts for one that others come after: what recovers it, or it itself. */
export function standIn(state: Readonly<State>, id: TaskId): Task | undefined {
  const task = state.tasks.get(id);
  return task?.recovery === undefined ? task : state.tasks.get(task.recovery);
}

/** Tasks of the plan that have not ended. Proposals are not part of the plan. */
export function liveCount(state: Readonly<State>): number {
  let live = 0;
  for (const [status, ids] of Object.entries(state.byStatus))
    if (status !== "proposed" && !ENDED.has(status as TaskStatus)) live += ids.size;
  return live;
}

/** Nothing of the plan in force can go on by itself: what has not ended waits for what never will be merged. */
export const movesNoMore = (state: Readonly<State>): boolean =>
  state.plan.status === "approved" && liveCount(state) === state.byStatus.blocked.size;

export function wakeQueen(state: State, reason: WakeReason): void {
  if (state.solo) return;
  if (state.wake.some((known) => known.what === reason.what && known.id === reason.id)) return;
  state.wake.push(reason);
}

export function sessionOf(state: Readonly<State>, seat: TaskId | string): Session | undefined {
  const id = state.seats.get(seat as never)?.session;
  return id ? state.sessions.get(id) : undefined;
}
