/** What was spent, what was allowed, who serves: the sums beside the work. */
import { capKey, type Scope } from "./budget.ts";
import type { TurnUsage } from "./commands.ts";
import type { EventOf } from "./events.ts";
import type { Session, State } from "./model.ts";
import type { Provider } from "./provider.ts";
import { dayOf, NOTHING, plus, turnSpend } from "./spend.ts";

/** Charges a turn to its session, agent, task, swarm and day. */
export function charge(state: State, session: Session, usage: TurnUsage, at: number): void {
  const spend = turnSpend(usage, session.turnAt, at);
  session.usd += spend.usd;
  session.tokens += spend.tokens;
  state.spent = plus(state.spent, spend);
  const day = dayOf(at);
  state.day = { day, ...plus(state.day.day === day ? state.day : NOTHING, spend) };
  const seat = state.seats.get(session.seat);
  if (seat) seat.spent = plus(seat.spent, spend);
  const task = "task" in session.job ? state.tasks.get(session.job.task) : undefined;
  if (task) task.spent = plus(task.spent, spend);
}

/** The clock of the swarm stands while it is paused or over. */
export function clockGoes(state: State, goes: boolean, at: number): void {
  if (state.ranSince !== null) state.ranMs += Math.max(0, at - state.ranSince);
  state.ranSince = goes ? at : null;
}

export function spentElsewhere(state: State, { day, usd, tokens, turns }: EventOf<"spent_elsewhere">): void {
  state.elsewhere = { day, usd, tokens, turns, ms: 0 };
}

export function budgetWarned(state: State, { scope, what }: EventOf<"budget_warned">, at: number): void {
  state.warned.add(capKey(scope as Scope, what, at));
}

export function budgetRaised(state: State, { scope = "swarm", what = "usd", to }: EventOf<"budget_raised">, at: number): void {
  const key = capKey(scope as Scope, what, at);
  if (to === null) state.raised.delete(key);
  else state.raised.set(key, to);
  state.warned.delete(key);
}

export function providerLimited(state: State, event: EventOf<"provider_limited">, at: number): void {
  const { provider, kind, why, degradedUntil } = event;
  const known = state.providers.get(provider);
  const before = known?.pausedUntil ?? 0;
  const strikes = (known?.strikes ?? 0) + (event.pausedUntil > at && at >= before ? 1 : 0);
  // Shorter than what is known already: a report of the same trouble by somebody who knows less.
  const pausedUntil = Math.max(event.pausedUntil, before);
  const next: Provider = {
    kind,
    why,
    pausedUntil,
    degradedUntil: Math.max(degradedUntil, pausedUntil),
    strikes,
    gate: known?.gate ?? null,
  };
  state.providers.set(provider, next);
}

export function providerRecovered(state: State, event: EventOf<"provider_recovered">): void {
  state.providers.delete(event.provider);
}

export function seatRouted(state: State, event: EventOf<"seat_routed">): void {
  const seat = state.seats.get(event.seat);
  if (!seat) return;
  seat.route = event.route;
  seat.harness = event.harness;
  seat.provider = event.provider;
  seat.model = event.model;
}
