/**
 * The letter a person gets when a session is stuck: one per stall, from skep itself. It is owed by the state until it lies in
 * the operator's inbox, so that neither the death of a host nor the end of the session loses it.
 */
import type { SeatId, SessionId } from "../base/ids.ts";
import type { Command } from "./commands.ts";
import { already, type Decision, yes } from "./decision.ts";
import type { EventOf } from "./events.ts";
import type { Session, State } from "./model.ts";
import type { Because, Supervision } from "./supervision.ts";
import { jobOf } from "./turns.ts";
import { stepCommand } from "./why-step.ts";

/** A letter that is not written yet. Session and time tell it from every other. */
export interface OperatorLetter {
  readonly session: SessionId;
  readonly at: number;
  readonly seat: SeatId;
  readonly job: string;
  /** What is wrong, in words. */
  readonly why: string;
  /** What it does cannot be seen: it is not ended for that. */
  readonly unknown: boolean;
}

/** Of one session; a person who was told so often knows. */
const LETTERS = 5;

/** Whether a warning is the first one of its stall, and not one too many. */
export function isNews(session: Readonly<Session>, because: Because, tier: number, { tiers }: Supervision): boolean {
  const { watch, letters = 0 } = session;
  const spared = because === "silence" ? watch.againAt > 0 : (watch.loop?.again ?? 0) > 0;
  return !spared && letters < LETTERS && !tiers.slice(0, tier).some((one) => one.do === "warn");
}

export function oweLetter(state: State, session: Session, { why, evidence }: EventOf<"session_stalled">, at: number): void {
  session.letters = (session.letters ?? 0) + 1;
  const letter = { session: session.id, at, seat: session.seat, job: jobOf(session), why, unknown: evidence === "unknown" };
  state.letters = [...(state.letters ?? []), letter];
}

export function recordWritten(state: State, { session, at }: Extract<Command, { type: "record_written" }>): Decision {
  const owed = state.letters?.some((letter) => letter.session === session && letter.at === at);
  return owed ? yes({ type: "operator_written", session, at }) : already();
}

export function operatorWritten(state: State, { session, at }: EventOf<"operator_written">): void {
  const left = (state.letters ?? []).filter((letter) => letter.session !== session || letter.at !== at);
  if (left.length > 0) state.letters = left;
  else delete state.letters;
}

/** Subject and body; what agents wrote does not stand in it. */
export function renderLetter(
  { seat, job, why, unknown }: OperatorLetter,
  { id, limits }: Pick<State, "id" | "limits">,
): { readonly subject: string; readonly body: string } {
  const ends = limits.supervision.tiers.some((tier) => tier.do === "end");
  const goesOn = unknown
    ? "What it does cannot be seen, so its silence does not end it; its time limit will."
    : ends
      ? "If that goes on, skep asks it for a note and ends it; its work is kept, and its job goes on in a fresh session."
      : "skep does not end it for that: `supervision.tiers` names no end.";
  return {
    subject: `${seat} is stuck`,
    body: `${seat} is stuck in ${job}: ${why}.\n${goesOn}\nYou need not act. To see what it did: ${stepCommand({ do: "read", agent: seat }, id)}`,
  };
}
