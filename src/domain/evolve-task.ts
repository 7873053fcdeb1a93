import { tellQueen } from "./check-in.ts";
import type { EventOf } from "./events.ts";
import { newJob } from "./evolve-session.ts";
import { type AttemptRecord, METRIC, type State, type Task } from "./model.ts";
import { freeSeat, moveTask, newTask, wakeQueen } from "./state.ts";

const HISTORY = 8;

function get(state: State, id: Task["id"]): Task {
  const task = state.tasks.get(id);
  if (!task) throw new Error(`event about unknown task ${id}`);
  return task;
}

export function taskProposed(state: State, event: EventOf<"task_proposed">, at: number): void {
  const task = newTask(state, event.spec, "proposed", at);
  task.proposedBy = event.by;
  state.tasks.set(task.id, task);
  state.byStatus.proposed.add(task.id);
  wakeQueen(state, { what: "proposal", id: task.id });
}

export function taskClaimed(state: State, event: EventOf<"task_claimed">, at: number): void {
  const task = get(state, event.task);
  moveTask(state, task, "claimed", at);
  task.attempt = event.attempt;
  task.seat = event.seat;
  task.session = event.session;
  task.reserved = null;
  task.submissions = 0;
  task.refusals = 0;
  task.base = null;
  task.sha = null;
  task.submission = null;
  task.checks = null;
  task.authors = [...task.authors.filter((author) => author !== event.seat), event.seat];
  const seat = state.seats.get(event.seat);
  if (seat) seat.task = task.id;
  const session = event.session === null ? undefined : state.sessions.get(event.session);
  if (!session) return;
  // A live session took a further task: the same process, another job.
  newJob(session, { kind: "task", task: task.id, attempt: event.attempt }, at);
}

export function taskExtended(state: State, event: EventOf<"task_extended">): void {
  const task = get(state, event.task);
  const { attempt, files, why } = event;
  task.files = [...task.files, ...files];
  task.granted = [...(task.granted ?? []), { attempt, files, why }];
}

export function taskSubmitted(state: State, event: EventOf<"task_submitted">, at: number): void {
  const task = get(state, event.task);
  moveTask(state, task, "submitted", at);
  task.submissions = event.submission;
  task.submission = event.text;
  task.findings = null;
  task.findingsCount = 0;
}

export function submissionCommitted(state: State, event: EventOf<"submission_committed">, at: number): void {
  const task = get(state, event.task);
  task.sha = event.sha;
  task.skip = event.skip ?? null;
  // The holder stays last: it is whom the work goes back to.
  task.authors = [...(event.authors ?? []).filter((seat) => !task.authors.includes(seat)), ...task.authors];
  task.prior = { sha: event.sha, attempt: task.attempt };
  freeSeat(state, task, at);
  moveTask(state, task, "checking", at);
}

/** Which check passed on which input is for the record; only what reached its metrics is worth going back to. */
export function checkRecorded(state: State, event: EventOf<"check_recorded">): void {
  const task = get(state, event.task);
  if (event.check === METRIC && event.passed) task.kept = { sha: event.sha, attempt: task.attempt };
}

export function submissionRefused(state: State, event: EventOf<"submission_refused">, at: number): void {
  const task = get(state, event.task);
  task.refusals += 1;
  moveTask(state, task, "claimed", at);
  const session = task.session === null ? undefined : state.sessions.get(task.session);
  if (session) session.nudged = false;
}

export function attemptEnded(state: State, event: EventOf<"attempt_ended">, at: number): void {
  const task = get(state, event.task);
  if (event.unsaved) {
    task.unsaved = { seat: event.seat, attempt: event.attempt };
    state.unsaved.add(task.id);
  }
  freeSeat(state, task, at);
  task.history = [...task.history, recordOf(event)].slice(-HISTORY);
  if (event.keep === false) {
    // The same commit may have been measured twice, with luck once.
    if (task.kept?.sha === task.sha) task.kept = null;
    task.prior = task.kept;
  }
  task.reserved = event.reserved;
  if (event.reserved) state.reserved.add(task.id);
  task.conflict = event.conflict;
  task.findings = event.findings;
  task.findingsCount = event.findingsCount;
  const seat = state.seats.get(event.seat);
  if (event.to === "merged" && seat) seat.lapses = 0;
  moveTask(state, task, event.to, at);
  if (event.result === "released") wakeQueen(state, { what: "release", id: task.id });
  if (event.to === "failed") wakeQueen(state, { what: "failed_task", id: task.id });
  if (event.result === "merged") tellQueen(state, { what: "merged", id: task.id });
  else if (event.to === "open" && event.result !== "released") tellQueen(state, { what: "returned", id: task.id });
}

const recordOf = ({ attempt, seat, result, why, approach, keep }: EventOf<"attempt_ended">): AttemptRecord => ({
  ...{ attempt, seat, result, why, approach },
  ...(keep === false ? { keep } : {}),
});

export function workSaved(state: State, event: EventOf<"work_saved">): void {
  const task = get(state, event.task);
  task.unsaved = null;
  state.unsaved.delete(task.id);
  if (event.sha === null) return;
  task.prior = { sha: event.sha, attempt: event.attempt };
  const recovery = task.recovery && state.tasks.get(task.recovery);
  if (recovery) recovery.prior = task.prior;
}

export function taskCancelled(state: State, event: EventOf<"task_cancelled">, at: number): void {
  const task = get(state, event.task);
  freeSeat(state, task, at);
  moveTask(state, task, event.to, at);
  if (event.to === "failed") wakeQueen(state, { what: "failed_task", id: task.id });
}
