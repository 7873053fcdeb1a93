/**
 * Providers of models: who serves, who rests until a time it named, who fails; and which of a seat's routes is taken. A
 * paused provider gets no turn and no session from anybody until its time; a degraded one is passed over where a role
 * names another. Times decide by comparison: nothing has to happen for a pause to be over.
 */

import type { GateId } from "../base/ids.ts";
import type { Event } from "./events.ts";
import { openGate } from "./gate.ts";
import type { Seat, Session, State } from "./model.ts";

/** Why a model did not answer, as the log keeps it. `resetAt` is what the provider said, null when it did not. */
export interface ProblemFact {
  readonly kind: "quota" | "rate_limit" | "overloaded" | "auth" | "model" | "context_full" | "network" | "request" | "crash";
  readonly message: string;
  readonly resetAt: number | null;
}

/** A harness with the models behind it; a seat's first is what its role asks for, the others are where it may turn. */
export interface Route {
  readonly harness: string;
  readonly provider: string;
  readonly model: string | null;
}

export interface Provider {
  kind: ProblemFact["kind"];
  why: string;
  pausedUntil: number;
  degradedUntil: number;
  /** Problems in a row, over all seats. */
  strikes: number;
  gate: GateId | null;
}

export type Health = "good" | "degraded" | "paused";

export function healthOf(state: Readonly<State>, provider: string, now: number): Health {
  const known = state.providers.get(provider);
  if (!known) return "good";
  if (known.gate || now < known.pausedUntil) return "paused";
  return now < known.degradedUntil ? "degraded" : "good";
}

export const routesOf = (seat: Readonly<Seat>): readonly Route[] => [
  { harness: seat.own.harness, provider: seat.own.provider, model: seat.own.model },
  ...(seat.fallbacks ?? []),
];

/** The route a session of this seat would start on: the first that serves, else the first that at least may; null: none may. */
export function routeFor(state: Readonly<State>, seat: Readonly<Seat>, now: number): number | null {
  const healths = routesOf(seat).map(({ provider }) => healthOf(state, provider, now));
  const good = healths.indexOf("good");
  const any = good >= 0 ? good : healths.indexOf("degraded");
  return any >= 0 ? any : null;
}

/** When the first of a seat's routes may be tried again; null: a person is asked. */
export function routeOpensAt(state: Readonly<State>, seat: Readonly<Seat>): number | null {
  const times = routesOf(seat).flatMap(({ provider }) => {
    const known = state.providers.get(provider);
    return known?.gate ? [] : [known?.pausedUntil ?? 0];
  });
  return times.length === 0 ? null : Math.min(...times);
}

export const providerWaits = (state: Readonly<State>, seat: Readonly<Seat>): string => {
  const known = state.providers.get(seat.provider);
  if (!known) return "no provider serves";
  return known.gate ? `${seat.provider} waits for gate ${known.gate}` : `${seat.provider} rests: ${known.why}`;
};

/** The events that put a seat on this route, as a downgrade that can be read, or back on its own. */
export function routed(state: Readonly<State>, seat: Readonly<Seat>, route: number | null): readonly Event[] {
  if (route === null || route === seat.route) return [];
  const to = routesOf(seat)[route];
  if (!to) return [];
  const from = state.providers.get(seat.provider);
  const why = route === 0 ? `${to.provider} serves again` : `${seat.provider}: ${from?.why ?? "does not serve"}`;
  return [{ type: "seat_routed", seat: seat.seat, route, ...to, downgrade: route !== 0, why }];
}

const SECOND = 1_000;
const HOUR = 3_600_000;
/** A reset further away than this is taken for a mistake of the provider's clock or ours. */
const LONGEST_PAUSE = 8 * 24 * HOUR;
/** Overloaded or unreachable this often in a row: a person is asked. */
const ASK_AFTER = 8;

function pauseUntil(state: Readonly<State>, { kind, resetAt }: ProblemFact, strikes: number, now: number): number {
  if (resetAt !== null && resetAt > now) return Math.min(resetAt, now + LONGEST_PAUSE) + SECOND;
  const double = 2 ** Math.min(strikes, 10);
  if (kind === "quota") return now + Math.min(state.limits.quotaMs * double, HOUR);
  if (kind === "rate_limit") return now + Math.min(30 * SECOND * double, 10 * 60 * SECOND);
  return now + Math.min(15 * SECOND * double, 5 * 60 * SECOND);
}

/**
 * What a problem of a session makes of its provider, and of the session: it goes on when the provider serves again, or
 * begins anew on another route. null: no matter of the provider's; the caller treats it as any failed turn.
 */
export function afterProblem(
  state: State,
  session: Readonly<Session>,
  problem: ProblemFact,
  now: number,
  offset = 0,
): { readonly events: readonly Event[]; readonly restart: "fresh" | "same" } | null {
  const seat = state.seats.get(session.seat);
  if (!seat) return null;
  const known = state.providers.get(seat.provider);
  const strikes = known?.strikes ?? 0;
  const { kind, message } = problem;
  switch (kind) {
    case "context_full":
      return { events: [], restart: "fresh" };
    case "request":
    case "crash":
      return null;
    case "quota":
    case "rate_limit":
    case "overloaded":
    case "network":
    case "auth":
    case "model":
      break;
    default: {
      const never: never = kind;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
  const forPerson = kind === "auth" || kind === "model";
  const until = forPerson ? now : pauseUntil(state, problem, strikes, now);
  const limited: Event = {
    type: "provider_limited",
    provider: seat.provider,
    kind,
    why: message,
    pausedUntil: until,
    degradedUntil: Math.max(until, now + state.limits.degradedMs),
  };
  const other = routesOf(seat).findIndex(({ provider }) => provider !== seat.provider && healthOf(state, provider, now) === "good");
  if (other >= 0) return { events: [limited, ...routeTo(seat, other, problem)], restart: "fresh" };
  const ask = (forPerson || ((kind === "overloaded" || kind === "network") && strikes + 1 >= ASK_AFTER)) && !known?.gate;
  const gate = ask ? [providerGate(state, seat.provider, problem, now, offset)] : [];
  return { events: [limited, ...gate], restart: "same" };
}

/** The seat turns to another route because of a problem with its present one. */
export function routeTo(seat: Readonly<Seat>, route: number, { kind, message }: Pick<ProblemFact, "kind" | "message">): readonly Event[] {
  const to = routesOf(seat)[route];
  return to
    ? [{ type: "seat_routed", seat: seat.seat, route, ...to, downgrade: route !== 0, why: `${seat.provider} ${kind}: ${message}` }]
    : [];
}

const MEND: Partial<Record<ProblemFact["kind"], string>> = {
  auth: "Sign in again with that CLI, then retry",
  model: "Correct the model or the plan of that account, then retry",
};

function providerGate(state: State, provider: string, { kind, message }: ProblemFact, now: number, offset: number): Event {
  const question = `${provider} did not serve: ${kind}: ${message}. Nothing is lost; its agents wait. ${MEND[kind] ?? "Retry"}, or stop the swarm?`;
  const gate = { title: `${provider} does not serve: ${kind}`, question, options: ["retry", "stop"], effect: provider };
  return openGate(state, now, "provider", gate, offset);
}

/** A turn came through: whatever was wrong is over. */
export function recovered(state: Readonly<State>, seat: Readonly<Seat> | undefined, now: number): readonly Event[] {
  const known = seat && state.providers.get(seat.provider);
  if (!seat || !known || known.gate || now < known.pausedUntil) return [];
  return [{ type: "provider_recovered", provider: seat.provider }];
}
