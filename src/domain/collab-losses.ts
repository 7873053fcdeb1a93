/** When a place is lost: its time is over, or its agent is gone. A person who is asked stops that clock. */
import { openTurns, type Running } from "./collab.ts";
import { findGate } from "./gate.ts";
import type { Gate, Seat, Session, State } from "./model.ts";
import { alive } from "./modes/mode.ts";

export interface Loss {
  readonly place: string;
  readonly why: string;
}

/** Sessions of one place in one step that may end without a contribution. */
export const LAPSES = 2;

/** @param reached whether a time has come; also told of those that have not. */
export function lossesDue(state: Readonly<State>, { task, collab }: Running, reached: (time: number) => boolean): readonly Loss[] {
  if (collab.stage !== "ready" && collab.stage !== "working") return [];
  const turns = new Map(openTurns(collab).map((turn) => [turn.place, turn]));
  return alive(collab).flatMap(({ place, seat: id }): Loss[] => {
    const seat = state.seats.get(id);
    const turn = turns.get(place);
    if (!seat || (seat.status !== "active" && seat.session === null)) return [{ place, why: `${id} left the team` }];
    if (!turn || waitsForPerson(state, task.id, seat) || restarts(state, seat)) return [];
    return reached(turn.until) ? [{ place, why: "its time for the step is over" }] : [];
  });
}

/** A gate about the seat, the task, or what skep itself fails at for its session. */
export const isAbout = (gate: Readonly<Gate>, task: string, { seat, session }: Pick<Seat, "seat" | "session">): boolean =>
  gate.task === task || gate.seat === seat || (session !== null && gate.effect?.includes(`:${session}-`) === true);

const waitsForPerson = (state: Readonly<State>, task: string, seat: Readonly<Seat>): boolean =>
  findGate(state, (gate) => isAbout(gate, task, seat)) !== null;

/** Of a host that is gone: it is begun again under this one before its time goes on. */
function restarts(state: Readonly<State>, { session: id }: Readonly<Seat>): boolean {
  const session: Session | undefined = id === null ? undefined : state.sessions.get(id);
  return session?.status === "live" && session.epoch !== state.epoch;
}
