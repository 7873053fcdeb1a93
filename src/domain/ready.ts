/** Whether a seat can take up a job now. */
import { isKept, jobState } from "./job.ts";
import type { Seat, Session, State } from "./model.ts";
import { providerWaits, routeFor } from "./provider.ts";

/** Why a seat cannot take up a job now, or null. A kept session that is free does not stand in the way: it gets the job. */
export function unready(state: Readonly<State>, seat: Readonly<Seat>, now: number): string | null {
  if (seat.status !== "active") return `${seat.seat} is ${seat.status}`;
  if (seat.session && !freeSession(state, seat)) return `${seat.seat} has session ${seat.session}`;
  if (seat.gate) return `${seat.seat} waits for gate ${seat.gate}`;
  if (now < seat.restUntil) return `${seat.seat} rests after a lapse`;
  if (routeFor(state, seat, now) === null) return providerWaits(state, seat);
  return null;
}

/** The live session of a seat that keeps it from job to job, when it has none now. */
export function freeSession(state: Readonly<State>, seat: Readonly<Seat>): Session | null {
  const session = seat.session ? state.sessions.get(seat.session) : undefined;
  const free = session?.status === "live" && session.epoch === state.epoch && session.turn === "idle" && !session.owed;
  return free && isKept(state, session) && jobState(state, session) === "done" ? session : null;
}
