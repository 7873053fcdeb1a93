/** Who may leave: agents that joined by themselves and have had nothing to do for a while. Nobody else ever leaves so. */
import { neededFor } from "./collab-seats.ts";
import { keptFor } from "./decide-task.ts";
import { jobFor } from "./due.ts";
import { asked } from "./gate.ts";
import type { Seat, State } from "./model.ts";
import { scalingOf } from "./scaling.ts";

/** When an agent will have been idle for long enough; null: it did not join by itself, or has a session. */
export function idleAt(state: Readonly<State>, { scaled, session, status }: Readonly<Seat>): number | null {
  return scaled && session === null && status === "active" ? scaled.freeAt + scalingOf(state).idleMs : null;
}

/** Why an agent does not leave now, or null. */
export function staysFor(state: Readonly<State>, seat: Readonly<Seat>, now: number): string | null {
  const at = idleAt(state, seat);
  if (at === null) return seat.scaled ? `${seat.seat} has a session` : `${seat.seat} did not join by itself`;
  if (now < at) return `${seat.seat} may still get work`;
  if (seat.gate !== null || asked(state, seat.seat)) return `${seat.seat} waits for an answer of a person`;
  const others = [...state.seats.values()].filter(({ role, status }) => role === seat.role && status === "active");
  if (others.length < 2) return `${seat.seat} is the last ${seat.role}`;
  return worksFor(state, seat, now);
}

/** Work of its own that is not finished, or that it is about to get. */
function worksFor(state: Readonly<State>, seat: Readonly<Seat>, now: number): string | null {
  const task = neededFor(state, seat.seat);
  if (task) return `${task.id} is done together and needs ${seat.seat}`;
  if (seat.collab) return `${seat.seat} has a part in ${seat.collab}`;
  if (seat.task !== null) return `${seat.seat} holds ${seat.task}`;
  for (const id of state.unsaved) if (state.tasks.get(id)?.unsaved?.seat === seat.seat) return `its work on ${id} is being saved`;
  for (const id of state.reserved) {
    const task = state.tasks.get(id);
    if (task && keptFor(state, task, now)?.seat === seat.seat) return `${id} is kept for ${seat.seat}`;
  }
  return jobFor(state, seat, now, new Set()) ? `there is work for ${seat.seat}` : null;
}
