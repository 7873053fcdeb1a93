/** Who may be called for a task that several do together, and who is kept free for it. */
import type { SeatId } from "../base/ids.ts";
import { isAssembling, isTogether, type Running, runningOf, togetherTasks } from "./collab.ts";
import { asked } from "./gate.ts";
import { ENDED, type Seat, type State, type Task } from "./model.ts";
import { MODES } from "./modes/index.ts";
import { alive } from "./modes/mode.ts";
import { assignment, mayTake } from "./modes/recruit.ts";
import { routeOpensAt } from "./provider.ts";
import { unready } from "./ready.ts";

/** Free to begin this very moment. */
export const isFree = (state: Readonly<State>, seat: Readonly<Seat>, task: Readonly<Task>, now: number): boolean =>
  seat.session === null &&
  unready(state, seat, now) === null &&
  (seat.task === null || seat.task === task.id) &&
  (seat.collab === undefined || seat.collab === task.id) &&
  !isSaving(state, seat.seat) &&
  asked(state, seat.seat) === null;

function isSaving(state: Readonly<State>, seat: SeatId): boolean {
  for (const id of state.unsaved) if (state.tasks.get(id)?.unsaved?.seat === seat) return true;
  return false;
}

/** Able to come when what they are at is over. */
function isComing(state: Readonly<State>, seat: Readonly<Seat>, now: number): boolean {
  const opens = routeOpensAt(state, seat);
  if (seat.status !== "active" || seat.gate || opens === null || opens > now || asked(state, seat.seat)) return false;
  return seat.task === null || !state.tasks.get(seat.task)?.gate;
}

export type Recruits = readonly { readonly place: string; readonly seat: SeatId }[];

/** Who begins a task together now; null: not all of them are free at once. */
export function recruits(state: Readonly<State>, task: Readonly<Task>, now: number): Recruits | null {
  return fill(state, task, (seat) => isFree(state, seat, task, now));
}

function fill(state: Readonly<State>, { mode: spec }: Readonly<Task>, fits: (seat: Seat) => boolean): Recruits | null {
  if (!spec) return null;
  const able = [...state.seats.values()].filter((seat) => seat.status === "active" && fits(seat));
  return assignment(spec, (wanted) => able.filter((seat) => mayTake(MODES[spec.kind], spec, wanted, seat)).map(({ seat }) => seat));
}

/** A task whose places could not be filled without this agent: it would wait for ever. */
export function neededFor(state: Readonly<State>, id: SeatId): Task | null {
  for (const name of state.together ?? []) {
    const task = state.tasks.get(name);
    if (!task || ENDED.has(task.status) || !(isTogether(task) || runningOf(task))) continue;
    if (fill(state, task, () => true) && !fill(state, task, ({ seat }) => seat !== id)) return task;
  }
  return null;
}

/** Whether the seats of a step that is ready are free, all of them. */
export function isReady(state: Readonly<State>, { task, collab }: Running, now: number): boolean {
  return alive(collab).every(({ seat: id }) => {
    const seat = state.seats.get(id);
    return seat !== undefined && isFree(state, seat, task, now);
  });
}

/**
 * Kept from new work of its own: the first task that waits for its seats gets them as they come free, else a busy swarm would
 * never have all of them at once. Only workers are kept, and only when all that are needed can come.
 */
export function keptBackFor(state: Readonly<State>, seat: Readonly<Seat>, now: number): Task | null {
  if (state.together === undefined || seat.duty !== "worker") return null;
  for (const task of togetherTasks(state)) {
    const called = isAssembling(task) ? seatsCalled(state, task, (one) => isComing(state, one, now)) : null;
    if (called) return called(seat) ? task : null;
  }
  return null;
}

/** Tells whether a seat is one of those a task waits for; null: not all of them can come. */
function seatsCalled(
  state: Readonly<State>,
  task: Readonly<Task>,
  comes: (seat: Seat) => boolean,
): ((seat: Readonly<Seat>) => boolean) | null {
  const run = runningOf(task);
  if (run) {
    const ids = alive(run.collab).map(({ seat }) => seat);
    return ids.every((id) => comes(state.seats.get(id) as Seat)) ? ({ seat }) => ids.includes(seat) : null;
  }
  const { mode: spec } = task;
  if (!spec || !fill(state, task, comes)) return null;
  return (seat) => spec.seats.some((wanted) => mayTake(MODES[spec.kind], spec, wanted, seat));
}
