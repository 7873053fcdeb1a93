import type { EventOf } from "./events.ts";
import { isMerging } from "./merge-queue.ts";
import { ENDED, type PlanRevision, type State, type Task, type TaskSpec } from "./model.ts";
import { freeSeat, moveTask, newTask, noteMode, sessionOf, standIn, wakeQueen } from "./state.ts";

export function planSubmitted(state: State, event: EventOf<"plan_submitted">, at: number): void {
  const { plan } = state;
  endReview(state, at);
  plan.status = "reviewing";
  plan.revision = event.plan.revision;
  plan.pending = event.plan;
  delete plan.endorsed;
  plan.deadlineAt = event.deadlineAt;
}

/** The session that reads an older revision has no job left. */
function endReview(state: State, at: number): void {
  const { plan } = state;
  if (plan.reviewer === null) return;
  const session = sessionOf(state, plan.reviewer);
  if (session?.job.kind === "plan_review") session.voidAt ??= at;
  plan.reviewer = null;
}

/** No review is owed any more: what is left is a person's word. */
export function planEndorsed(state: State, event: EventOf<"plan_endorsed">, at: number): void {
  const { plan } = state;
  endReview(state, at);
  const seat = event.by === "engine" ? undefined : state.seats.get(event.by);
  if (seat) seat.lapses = 0;
  plan.deadlineAt = null;
  plan.endorsed = event.revision;
}

export function planReviewed(state: State, event: EventOf<"plan_reviewed">, at: number): void {
  const { plan } = state;
  const pending = plan.pending;
  if (!pending) return;
  endReview(state, at);
  const seat = event.by === "engine" || event.by === "operator" ? undefined : state.seats.get(event.by);
  if (seat) seat.lapses = 0;
  plan.deadlineAt = null;
  delete plan.endorsed;
  plan.findings = event.findings;
  plan.findingsCount = event.findingsCount;
  plan.pending = null;
  if (event.approved) {
    plan.status = "approved";
    const { revision, hash, goal, conditions, text, pipeline } = pending;
    // An amendment that names none does not change what a failure means.
    const policy = pending.policy ?? plan.approved?.policy;
    const said = { ...(pipeline === undefined ? {} : { pipeline }), ...(policy === undefined ? {} : { policy }) };
    plan.approved = { revision, hash, goal, conditions, text, ...said };
    carryOut(state, pending, at);
    return;
  }
  // A returned amendment leaves the approved plan in force.
  plan.status = plan.approved ? "approved" : "returned";
  wakeQueen(state, { what: "plan_findings", id: `revision-${event.revision}` });
}

/** Approved tasks come into being; known ones keep their state; those the amendment leaves out are cancelled. */
function carryOut(state: State, plan: PlanRevision, at: number): void {
  for (const id of plan.cancels) {
    const task = state.tasks.get(id);
    if (!task || ENDED.has(task.status) || isMerging(state, task)) continue;
    if (task.seat !== null) {
      task.unsaved = { seat: task.seat, attempt: task.attempt };
      state.unsaved.add(id);
    }
    freeSeat(state, task, at);
    moveTask(state, task, "cancelled", at);
  }
  for (const spec of plan.tasks) place(state, spec, at);
  for (const spec of plan.tasks) connect(state, spec, at);
}

/** What a task may no longer say once it is amended. */
const OPTIONAL = ["because", "mustReview", "critical", "caps", "escalate", "human", "asks", "report", "ownChecks"] as const;

function place(state: State, spec: TaskSpec, at: number): void {
  const known = state.tasks.get(spec.id);
  if (known && known.status !== "proposed") {
    if (known.status !== "blocked" && known.status !== "open") return;
    for (const id of known.after) disconnect(state, id, known);
    // What was granted is in the task's branch already.
    const granted = (known.granted ?? []).flatMap(({ files }) => files);
    for (const field of OPTIONAL) delete (known as Partial<TaskSpec>)[field];
    // A plan that says nothing of a mode does not take it away: nobody falls back to one agent unasked.
    noteMode(state, spec);
    Object.assign(known, spec, { files: [...new Set([...spec.files, ...granted])] });
    return;
  }
  if (known) state.byStatus.proposed.delete(known.id);
  const task: Task = newTask(state, spec, "blocked", at);
  if (known) task.proposedBy = known.proposedBy;
  state.tasks.set(task.id, task);
  state.byStatus.blocked.add(task.id);
}

/** What a task no longer waits for must not count down what it waits for now. */
function disconnect(state: State, id: Task["id"], from: Task): void {
  const before = standIn(state, id);
  if (before) before.dependants = before.dependants.filter((dependant) => dependant !== from.id);
}

/** Counts what a task waits for and lets those know. */
export function connect(state: State, spec: TaskSpec, at: number): void {
  const task = state.tasks.get(spec.id);
  if (!task || (task.status !== "blocked" && task.status !== "open")) return;
  task.missing = 0;
  for (const id of spec.after) {
    const before = standIn(state, id);
    if (!before) continue;
    if (!before.dependants.includes(task.id)) before.dependants.push(task.id);
    if (before.status !== "merged") task.missing += 1;
  }
  if (task.missing === 0 && task.status === "blocked") moveTask(state, task, "open", at);
  if (task.missing > 0 && task.status === "open") moveTask(state, task, "blocked", at);
}
