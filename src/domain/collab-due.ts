/** What is due for tasks that several do together: their beginning, steps that begin and end, places that are lost. */
import type { SeatId, TaskId } from "../base/ids.ts";
import { isAssembling, isStepOver, openTurns, runningOf, togetherTasks } from "./collab.ts";
import { lossesDue } from "./collab-losses.ts";
import { isReady, recruits } from "./collab-seats.ts";
import type { EngineCommand } from "./commands.ts";
import type { Job, Seat, State, Task } from "./model.ts";
import { MODES } from "./modes/index.ts";
import { mayTake } from "./modes/recruit.ts";
import { routeOpensAt } from "./provider.ts";
import type { Wake } from "./react.ts";

export interface Together {
  readonly due: readonly EngineCommand[];
  /** Seats that are called this very moment: nothing else is given to them. */
  readonly called: ReadonlySet<SeatId>;
}

export function togetherCommands(state: Readonly<State>, now: number, wake: Wake): Together {
  const due: EngineCommand[] = [];
  let called: ReadonlySet<SeatId> = new Set();
  for (const task of togetherTasks(state)) {
    if (isAssembling(task)) for (const seat of state.seats.values()) wakeFor(state, task, seat, wake);
    const run = runningOf(task);
    if (run) {
      const at = { task: task.id, attempt: task.attempt, step: run.collab.step };
      if (lossesDue(state, run, (time) => wake.reached(time)).length > 0) due.push({ type: "lose_places", ...at });
      else if (isStepOver(run.collab)) due.push({ type: "end_step", ...at });
      else if (isAssembling(task) && isReady(state, run, now)) due.push({ type: "begin_step", ...at, step: at.step + 1 });
    } else if (isAssembling(task) && called.size === 0) {
      // One at a time: who is called for the first is not there for the second.
      const places = recruits(state, task, now);
      if (!places) continue;
      const seats = places.map(({ seat }) => seat);
      called = new Set(seats);
      due.push({ type: "begin_collab", task: task.id, seats });
    }
  }
  return { due, called };
}

/** A seat that rests, or whose provider does, may be what is waited for. */
function wakeFor(state: Readonly<State>, { mode: spec, collab }: Readonly<Task>, seat: Readonly<Seat>, wake: Wake): void {
  const part = collab?.places.some((place) => place.seat === seat.seat);
  if (!spec || seat.status !== "active" || !(part || spec.seats.some((wanted) => mayTake(MODES[spec.kind], spec, wanted, seat)))) return;
  wake.reached(seat.restUntil);
  wake.reached(routeOpensAt(state, seat) ?? 0);
}

/** The part of the running step that this seat has still to give, and no session for yet. */
export function turnJob(state: Readonly<State>, { seat, session }: Readonly<Seat>, id: TaskId): Job | null {
  const run = runningOf(state.tasks.get(id));
  const place = run?.collab.places.find((one) => one.seat === seat)?.place;
  if (!run || session !== null || !openTurns(run.collab).some((turn) => turn.place === place) || place === undefined) return null;
  return { kind: "collab", task: run.task.id, attempt: run.task.attempt, place, step: run.collab.step };
}
