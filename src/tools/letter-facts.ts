/** Where a letter stands, for the one who sent it: the state with its proof, and why a stored one is not read at once. */
import type { Clock } from "../base/clock.ts";
import type { SeatId } from "../base/ids.ts";
import { isParked } from "../domain/budget.ts";
import { takesTurns } from "../domain/job.ts";
import { age, type Envelope } from "../domain/mail-envelope.ts";
import type { Session, State } from "../domain/model.ts";
import type { Letter, Standing } from "../store/ports.ts";
import type { SwarmCall } from "./swarm-call.ts";

/** What decides how soon a letter is read. */
export interface Reader {
  readonly to: Letter["to"];
  readonly duty: "queen" | "reviewer" | "worker" | "operator";
  readonly turn: "running" | "idle" | "none";
  readonly paused: boolean;
  /** Why its session gets no turn now, though the swarm runs. */
  readonly held: string | null;
}

export function readerOf(state: Readonly<State>, to: Letter["to"]): Reader {
  const seat = state.seats.get(to as SeatId);
  const session = seat?.session ? state.sessions.get(seat.session) : undefined;
  const turn = session && takesTurns(session) ? session.turn : "none";
  const held = session ? heldBy(state, session) : null;
  return { to, duty: seat?.duty ?? "operator", turn, paused: state.status === "paused" && state.pausedBy !== "itself", held };
}

function heldBy(state: Readonly<State>, session: Readonly<Session>): string | null {
  if (session.person) return "its session is in a person's hands; it is read when that is given back";
  return isParked(state, session) ? "its budget is used up; it is read when that is raised" : null;
}

/** null: nothing keeps it from being read at its reader's next step. */
export function whyWaits({ to, duty, turn, paused, held }: Reader, letter: Pick<Letter, "kind" | "urgent">): string | null {
  const wakes = letter.kind === "question" || letter.urgent === true;
  if (duty === "operator") return "the operator reads it with inbox_read";
  if (turn === "running") return null;
  if (paused) return "the swarm is paused; it is read after swarm_resume";
  if (held !== null) return held;
  if (turn === "idle") return wakes ? null : `${to} is idle; it is read with the next turn`;
  if (duty !== "queen") return `${to} has no session; it is read when it gets work`;
  return wakes ? `${to} has no session and is given one` : `${to} has no session; it is read with the next one`;
}

/** As a tool's facts; times are ISO, as everywhere in answers. */
export function standingFacts({ state, session, proof, at, notBefore }: Standing): Record<string, string> {
  return {
    state,
    ...(session === undefined ? {} : { session }),
    ...(proof === undefined ? {} : { proof }),
    ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
    ...(notBefore === undefined ? {} : { not_before: new Date(notBefore).toISOString() }),
  };
}

const PROOF = { receipt: "its CLI confirmed it", turn: "its turn started with it", tool: "read by inbox_read" } as const;

/** In words, for a list. */
export function standingWords({ state, session, proof, at, notBefore }: Standing, waits: string | null, clock: Clock): string {
  const ago = at === undefined ? "" : `, ${age(clock.now() - at)} ago`;
  if (state === "seen") return session === undefined ? "seen" : `seen by ${session}${ago}${proof ? `: ${PROOF[proof]}` : ""}`;
  if (state === "offered") return `offered to ${session ?? "a session"}${ago}, not proved yet`;
  if (notBefore !== undefined) return `stored, kept for ${age(notBefore - clock.now())}`;
  return waits === null ? "stored" : `stored: ${waits}`;
}

/** A letter as it is shown to its reader. */
export async function envelopeOf({ swarm, clock }: Pick<SwarmCall, "swarm" | "clock">, letter: Letter): Promise<Envelope> {
  const role = await swarm.look((state) => state.seats.get(letter.from as never)?.role ?? null);
  const { id, from, kind, task = null, replyTo = null, subject, body, at, urgent = false } = letter;
  return { id, from, role, kind, task, replyTo, urgent, subject, body, ageMs: Math.max(0, clock.now() - at) };
}
