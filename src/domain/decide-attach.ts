/**
 * A session in a person's hands. It is stopped at the end of its turn, or at once; then nothing is started for it until it
 * is given back: its job, its worktree and what its CLI keeps of it stay, and it is resumed as the same session.
 */
import type { GateId, SeatId } from "../base/ids.ts";
import type { Command } from "./commands.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { openGate } from "./gate.ts";
import { jobState } from "./job.ts";
import type { Gate, Seat, Session, State } from "./model.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** What a session in a person's hands is owed: its stop, nothing, or null: what every session is owed. */
export function handed({ person, turn }: Readonly<Session>): "stop" | "nothing" | null {
  if (!person) return null;
  if (person.parkedAt !== null) return person.back ? null : "nothing";
  return turn === "idle" || person.now ? "stop" : null;
}

export function handOver(state: State, { seat: id, now: atOnce }: Of<"hand_over">): Decision {
  const seat = state.seats.get(id);
  if (!seat) return no("NOT_FOUND", `no agent ${id}`, "swarm_status");
  const session = sessionOf(state, id);
  if (!session) return no("NOT_READY", `${id} has no session now`, "swarm_status", true);
  const { person } = session;
  if (person?.back) return no("NOT_READY", `${session.id} of ${id} is just being given back`, "the same call again", true);
  if (person && (person.now || person.parkedAt !== null || !atOnce)) return already();
  if (session.asleep && state.status === "paused")
    return no("NOT_READY", `${session.id} of ${id} sleeps: the swarm is paused`, "swarm_resume, then the same call again", true);
  if (session.status !== "live" || session.cli === null)
    return no(
      "NOT_READY",
      `${session.id} of ${id} is ${session.status === "ending" ? "ending" : "not up yet"}`,
      "the same call again",
      true,
    );
  if (jobState(state, session) === "done") return no("NOT_READY", `the job of ${session.id} is done`, "swarm_status", true);
  return yes({ type: "session_handed", session: session.id, now: atOnce });
}

export function handBack(state: State, { seat: id }: Of<"hand_back">, now: number): Decision {
  if (!state.seats.has(id)) return no("NOT_FOUND", `no agent ${id}`, "swarm_status");
  const session = sessionOf(state, id);
  if (!session?.person || session.person.back) return already();
  const { gate } = session.person;
  const answered: Event[] = gate === null ? [] : [{ type: "gate_answered", gate, answer: "back", by: "operator", at: now }];
  return yes(...answered, { type: "session_returned", session: session.id });
}

/** The gate was answered without `hand_back`. */
export function gaveBack(state: Readonly<State>, gate: Gate): readonly Event[] {
  const session = gate.seat === null ? undefined : sessionOf(state, gate.seat);
  return session?.person?.gate === gate.id ? [{ type: "session_returned", session: session.id }] : [];
}

/** The program of a session that is handed over has ended: the session stays, for the person. null: it ends like any other. */
export function parked(state: State, session: Session, seat: Seat, unresumed: boolean, now: number): readonly Event[] | null {
  const { person, status, restart } = session;
  if (!person || person.parkedAt !== null || unresumed || seat.status !== "active") return null;
  if (!(status === "live" || restart === "same") || jobState(state, session) === "done") return null;
  if (person.back) return [{ type: "session_parked", session: session.id, gate: null }];
  const gate = openGate(state, now, "person", {
    title: `a person works in ${session.id} of ${seat.seat}`,
    question: `Session ${session.id} of ${seat.seat} is in a person's hands and nothing is started for it. Give it back: skep attach ${seat.seat} --back`,
    options: ["back"],
    seat: seat.seat,
  });
  return [gate, { type: "session_parked", session: session.id, gate: `g${state.gateCount + 1}` as GateId }];
}

/** A session that ends in a person's hands, because its agent was stopped, leaves no question behind. */
export function closePerson(state: Readonly<State>, { person }: Readonly<Session>, now: number): readonly Event[] {
  const gate = person?.gate ?? null;
  return gate !== null && state.openGates.has(gate) ? [{ type: "gate_answered", gate, answer: "ended", by: "engine", at: now }] : [];
}

function sessionOf(state: Readonly<State>, seat: SeatId): Session | undefined {
  const id = state.seats.get(seat)?.session;
  return id ? state.sessions.get(id) : undefined;
}
