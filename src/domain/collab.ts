/** How a task that several do together stands: whether it is done so, who works in its step. */
import type { SeatId } from "../base/ids.ts";
import type { Seat, Session, State, Task } from "./model.ts";
import { MODES } from "./modes/index.ts";
import { type Collab, convergenceOf, DEFAULTS, type Mode, type ModeSpec, type Turn } from "./modes/mode.ts";

/** A task with a mode that runs now. */
export interface Running {
  readonly task: Task;
  readonly spec: ModeSpec;
  readonly mode: Mode;
  readonly collab: Collab;
}

export function runningOf(task: Readonly<Task> | undefined): Running | null {
  if (!task?.mode || !task.collab || task.status !== "claimed") return null;
  if (task.collab.attempt !== task.attempt || task.collab.stage === "done") return null;
  return { task: task as Task, spec: task.mode, mode: MODES[task.mode.kind], collab: task.collab };
}

/** Whether the next attempt of a task is done together. Once a mode came to its end, what is returned is mended by one alone. */
export function isTogether({ mode, collab, history }: Readonly<Task>): boolean {
  if (!mode) return false;
  if (collab?.stage !== "done") return true;
  const last = history.at(-1);
  const missed = last?.attempt === collab.attempt && last.keep === false;
  return convergenceOf(mode) === "metric" && missed && collab.cursor.round < (mode.rounds ?? DEFAULTS.rounds);
}

/** Whether what several did waits for its lead to make the result of it. */
export const waitsForResult = ({ status, collab, seat, session, attempt }: Readonly<Task>, lead: SeatId, of: number): boolean =>
  status === "claimed" && collab?.stage === "done" && seat === lead && session === null && attempt === of;

/** Tasks with a mode that are not over. */
export function* togetherTasks(state: Readonly<State>): Iterable<Task> {
  for (const id of state.together ?? []) {
    const task = state.tasks.get(id);
    if (task?.status === "claimed" || (task?.status === "open" && isTogether(task))) yield task;
  }
}

export const turnOf = ({ turns }: Readonly<Collab>, place: string): Turn | undefined => turns.find((turn) => turn.place === place);
export const hasGiven = ({ given, step }: Readonly<Collab>, place: string): boolean =>
  given.some((one) => one.step === step && one.place === place);

/** Turns of the running step without a contribution. */
export const openTurns = (collab: Readonly<Collab>): readonly Turn[] =>
  collab.stage === "working" ? collab.turns.filter(({ place }) => !hasGiven(collab, place)) : [];

/** Whether everybody's part is in, and every work is a commit. */
export const isStepOver = (collab: Readonly<Collab>): boolean =>
  collab.stage === "working" && openTurns(collab).length === 0 && collab.given.every(({ step, saved }) => step !== collab.step || saved);

/** Whether a session was started for the turn that its place has now. */
export function isMyTurn(state: Readonly<State>, { job, seat }: Readonly<Pick<Session, "job" | "seat">>): boolean {
  if (job.kind !== "collab") return false;
  const run = runningOf(state.tasks.get(job.task));
  if (run?.collab.attempt !== job.attempt || run.collab.step !== job.step) return false;
  const place = run.collab.places.find((one) => one.place === job.place);
  return place?.seat === seat && openTurns(run.collab).some((turn) => turn.place === job.place);
}

/** Whether a task waits for nothing but its seats. */
export const isAssembling = (task: Readonly<Task>): boolean =>
  task.gate === null && task.unsaved === null && (task.status === "open" ? isTogether(task) : runningOf(task)?.collab.stage === "ready");

/** Whether a session that is kept between jobs stands in the way: who takes part begins afresh. */
export function isCalled(state: Readonly<State>, { seat, role }: Readonly<Pick<Seat, "seat" | "role">>): boolean {
  for (const task of togetherTasks(state)) {
    const run = runningOf(task);
    if (run ? run.collab.places.some((one) => one.seat === seat) : isAssembling(task) && task.mode?.seats.some((one) => one.role === role))
      return true;
  }
  return false;
}
