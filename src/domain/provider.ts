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
  /** Pauses in a row, over all seats. What fails while it rests anyway is not another one. */
  strikes: number;
  gate: GateId | null;
}

/** What must serve for a route to be taken: its provider as a whole, and its model there. Keys of `State.providers`. */
const served = ({ provider, model }: Route): readonly string[] => [provider, ...(model === null ? [] : [`${provider}/${model}`])];

/** What is known to be wrong with a route, by key. */
const limitsOf = (state: Readonly<State>, route: Route): readonly (Readonly<Provider> & { readonly key: string })[] =>
  served(route).flatMap((key) => {
    const known = state.providers.get(key);
    return known ? [{ key, ...known }] : [];
  });

export type Health = "good" | "degraded" | "paused";

function healthOf(state: Readonly<State>, route: Route, now: number): Health {
  const limits = limitsOf(state, route);
  if (limits.some(({ gate, pausedUntil }) => gate || now < pausedUntil)) return "paused";
  return limits.some(({ degradedUntil }) => now < degradedUntil) ? "degraded" : "good";
}

type Routed = Pick<Readonly<Seat>, "own" | "fallbacks">;
const routesOf = (seat: Routed): readonly Route[] => [seat.own, ...(seat.fallbacks ?? [])];

/** The route a session of this seat would start on: the first that serves, else the first that at least may; null: none may. */
export function routeFor(state: Readonly<State>, seat: Readonly<Seat>, now: number): number | null {
  const healths = routesOf(seat).map((route) => healthOf(state, route, now));
  const good = healths.indexOf("good");
  const any = good >= 0 ? good : healths.indexOf("degraded");
  return any >= 0 ? any : null;
}

/** When the first of a seat's routes may be tried again; null: a person is asked. */
export function routeOpensAt(state: Readonly<State>, seat: Routed): number | null {
  const times = routesOf(seat).flatMap((route) => opensAt(state, route) ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** When this route may be tried again; null: a person is asked. */
export function opensAt(state: Readonly<State>, route: Route): number | null {
  const limits = limitsOf(state, route);
  return limits.some(({ gate }) => gate) ? null : Math.max(0, ...limits.map(({ pausedUntil }) => pausedUntil));
}

export function providerWaits(state: Readonly<State>, seat: Readonly<Seat>): string {
  const limits = limitsOf(state, seat);
  const [known] = [...limits.filter(({ gate }) => gate), ...limits];
  if (!known) return "no provider serves";
  return known.gate ? `${known.key} waits for gate ${known.gate}` : `${known.key} rests: ${known.why}`;
}

/** The events that put a seat on this route, as a downgrade that can be read, or back on its own. */
export function routed(state: Readonly<State>, seat: Readonly<Seat>, route: number | null): readonly Event[] {
  if (route === null || route === seat.route) return [];
  const to = routesOf(seat)[route];
  if (!to) return [];
  const [from] = limitsOf(state, seat);
  const why = route === 0 ? `${to.provider} serves again` : `${from?.key ?? seat.provider}: ${from?.why ?? "does not serve"}`;
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

/** What a problem makes of a session and of what did not serve it. */
export interface Aftermath {
  /** About the provider; true whatever becomes of the session. */
  readonly events: readonly Event[];
  /** `same`: it goes on when the provider serves again; `fresh`: it begins anew. */
  readonly restart: "fresh" | "same";
  /** Puts the seat on another route before it begins anew. */
  readonly turns: readonly Event[];
}

/** null: no matter of the provider's; the caller treats it as any failed turn. */
export function afterProblem(state: State, session: Readonly<Session>, problem: ProblemFact, now: number): Aftermath | null {
  const seat = state.seats.get(session.seat);
  if (!seat) return null;
  const { kind } = problem;
  switch (kind) {
    case "context_full":
      return { events: [], restart: "fresh", turns: [] };
    case "request":
    case "crash":
      return null;
    case "quota":
    case "rate_limit":
    case "overloaded":
    case "network":
    case "auth":
      return limited(state, seat, seat.provider, problem, now);
    case "model":
      return limited(state, seat, served(seat).at(-1) ?? seat.provider, problem, now);
    default: {
      const never: never = kind;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

function limited(state: State, seat: Seat, key: string, problem: ProblemFact, now: number): Aftermath {
  const { kind, message } = problem;
  const known = state.providers.get(key);
  const resting = known !== undefined && now < known.pausedUntil;
  const strikes = (known?.strikes ?? 0) - (resting ? 1 : 0);
  const forPerson = kind === "auth" || kind === "model";
  const pausedUntil = forPerson ? now : pauseUntil(state, problem, strikes, now);
  const degradedUntil = Math.max(pausedUntil, now + state.limits.degradedMs);
  const event: Event = { type: "provider_limited", provider: key, kind, why: message, pausedUntil, degradedUntil };
  const other = otherRoute(state, seat, key, problem, now);
  if (other) return { events: [event], restart: "fresh", turns: other };
  const ask = (forPerson || ((kind === "overloaded" || kind === "network") && strikes + 1 >= ASK_AFTER)) && !known?.gate;
  return { events: [event, ...(ask ? [providerGate(state, key, problem, now)] : [])], restart: "same", turns: [] };
}

/** A program that ended at once: another provider may do better; null: there is none. */
export function afterRapidEnd(state: State, seat: Seat, now: number): Aftermath | null {
  const crash = { kind: "crash" as const, message: "its program ended at once" };
  const turns = otherRoute(state, seat, seat.provider, crash, now);
  if (!turns) return null;
  const until = { pausedUntil: 0, degradedUntil: now + state.limits.degradedMs };
  const event: Event = { type: "provider_limited", provider: seat.provider, kind: crash.kind, why: crash.message, ...until };
  return { events: [event], restart: "fresh", turns };
}

/** The seat turns to the first route that serves without what just failed; null: there is none. */
function otherRoute(
  state: Readonly<State>,
  seat: Readonly<Seat>,
  failed: string,
  { kind, message }: Pick<ProblemFact, "kind" | "message">,
  now: number,
): readonly Event[] | null {
  const routes = routesOf(seat);
  const index = routes.findIndex((route) => !served(route).includes(failed) && healthOf(state, route, now) === "good");
  const to = routes[index];
  return to
    ? [{ type: "seat_routed", seat: seat.seat, route: index, ...to, downgrade: index !== 0, why: `${failed} ${kind}: ${message}` }]
    : null;
}

const MEND: Partial<Record<ProblemFact["kind"], string>> = {
  auth: "Sign in again with that CLI, then retry",
  model: "Give that account access to the model, then retry",
};

function providerGate(state: State, key: string, { kind, message }: ProblemFact, now: number): Event {
  const question = `${key} did not serve: ${kind}: ${message}. Nothing is lost; its agents wait. ${MEND[kind] ?? "Retry"}, or stop the swarm?`;
  const gate = { title: `${key} does not serve: ${kind}`, question, options: ["retry", "stop"], effect: key };
  return openGate(state, now, "provider", gate);
}

/** A turn came through: whatever was wrong is over. */
export function recovered(state: Readonly<State>, seat: Readonly<Seat> | undefined, now: number): readonly Event[] {
  const over = seat ? limitsOf(state, seat).filter(({ gate, pausedUntil }) => !gate && now >= pausedUntil) : [];
  return over.map(({ key }) => ({ type: "provider_recovered", provider: key }));
}
