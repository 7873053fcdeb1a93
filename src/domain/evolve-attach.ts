import type { EventOf } from "./events.ts";
import type { State } from "./model.ts";

/** Sessions on their way into a person's hands and back. */
export function sessionHanded(state: State, { session: id, now }: EventOf<"session_handed">): void {
  const session = state.sessions.get(id);
  if (session) session.person = { now, parkedAt: null, gate: null, back: false };
}

/** Its program is gone and its token void; everything else of it stays. */
export function sessionParked(state: State, { session: id, gate }: EventOf<"session_parked">, at: number): void {
  const session = state.sessions.get(id);
  if (!session?.person) return;
  session.status = "opened";
  session.proc = null;
  session.tokenHash = null;
  session.tokenRun = 0;
  session.turn = "idle";
  session.turnAt = null;
  session.retrying = null;
  session.restart = null;
  session.nudged = false;
  session.why = null;
  session.seenAt = at;
  session.person = { ...session.person, parkedAt: at, gate };
}

export function sessionReturned(state: State, { session: id }: EventOf<"session_returned">, at: number): void {
  const session = state.sessions.get(id);
  if (!session?.person) return;
  const { parkedAt, now } = session.person;
  // Nothing was done yet, and nothing is on its way.
  if (parkedAt === null && session.turn === "running" && !now) {
    delete session.person;
    return;
  }
  session.person = { ...session.person, back: true, gate: null };
  // A person's time is not the session's.
  if (parkedAt !== null) session.startedAt += at - parkedAt;
  session.seenAt = at;
}
