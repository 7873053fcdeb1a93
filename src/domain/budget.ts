/**
 * Budgets: hard caps on money, tokens, turns and time of a task, an agent, the swarm and the day. A cap that is reached
 * parks the work behind a gate before the next turn or session; nothing that runs is cut, nothing that was done is lost.
 */
import type { SeatId, TaskId } from "../base/ids.ts";
import type { Event } from "./events.ts";
import { findGate, openGate } from "./gate.ts";
import { type Caps, MEASURES, type Measure } from "./limits.ts";
import type { Gate, Session, State } from "./model.ts";
import { dayEnd, dayOf, NOTHING, plus, type Spend } from "./spend.ts";

export type Scope = "swarm" | "day" | `task:${string}` | `agent:${string}`;

/** Everything a turn of this session is charged to. */
export function scopesOf({ seat, job }: Pick<Session, "seat" | "job">): readonly Scope[] {
  return ["swarm", "day", `agent:${seat}`, ...("task" in job ? [`task:${job.task}` as const] : [])];
}

const named = (scope: Scope): string => scope.slice(scope.indexOf(":") + 1);

function baseCaps(state: Readonly<State>, scope: Scope): Caps {
  const { budgets } = state.limits;
  if (scope === "swarm" || scope === "day") return budgets[scope];
  if (!scope.startsWith("task:")) return budgets.agent;
  return { ...budgets.task, ...state.tasks.get(named(scope) as TaskId)?.caps };
}

/** Key of what was raised or warned of. That of a day is of that day alone: the next one begins with its own cap. */
export const capKey = (scope: Scope, what: Measure, now: number): string =>
  [what, scope, ...(scope === "day" ? [dayOf(now)] : [])].join(" ");

function capOf(state: Readonly<State>, scope: Scope, what: Measure, now: number): number | null {
  return state.raised.get(capKey(scope, what, now)) ?? baseCaps(state, scope)[what];
}

export const swarmCap = (state: Readonly<State>, what: Measure): number | null => capOf(state, "swarm", what, state.changedAt);

function spentOf(state: Readonly<State>, scope: Scope, now: number): Spend {
  switch (scope) {
    case "swarm":
      return { ...state.spent, ms: ranFor(state, now) };
    case "day":
      return plus(ofToday(state.day, now), ofToday(state.elsewhere, now));
    default:
      return (
        (scope.startsWith("task:") ? state.tasks.get(named(scope) as TaskId)?.spent : state.seats.get(named(scope) as SeatId)?.spent) ??
        NOTHING
      );
  }
}

const ofToday = ({ day, ...spend }: State["day"], now: number): Spend => (day === dayOf(now) ? spend : NOTHING);

/** How long the swarm has been running, pauses left out. */
function ranFor({ ranMs, ranSince }: Readonly<State>, now: number): number {
  return ranMs + (ranSince === null ? 0 : Math.max(0, now - ranSince));
}

const measure = (spend: Spend, what: Measure): number => (what === "minutes" ? spend.ms / 60_000 : spend[what]);

/** When the running time of the swarm is used up; null: no cap, or it does not run. */
export function timeIsUp(state: Readonly<State>): number | null {
  const cap = swarmCap(state, "minutes");
  return cap === null || state.ranSince === null ? null : state.ranSince + Math.max(0, cap * 60_000 - state.ranMs);
}

interface Use {
  readonly scope: Scope;
  readonly what: Measure;
  readonly used: number;
  readonly cap: number;
}

function* uses(state: Readonly<State>, scopes: readonly Scope[], now: number, extra: Spend): Iterable<Use> {
  for (const scope of scopes)
    for (const what of MEASURES) {
      const cap = capOf(state, scope, what, now);
      // The swarm's own time goes by the clock: turns side by side would count it twice.
      if (cap !== null)
        yield { scope, what, cap, used: measure(plus(spentOf(state, scope, now), scope === "swarm" ? { ...extra, ms: 0 } : extra), what) };
    }
}

/** What the caps make of `extra` beside what was spent: one gate per scope that is used up, one warning per measure that nears its cap. */
export function budgetEvents(
  state: State,
  { warn, hold }: { readonly warn: readonly Scope[]; readonly hold: readonly Scope[] },
  now: number,
  extra: Spend = NOTHING,
  offset = 0,
): readonly Event[] {
  const events: Event[] = [];
  const stopped = new Set<Scope>();
  let paused = state.status !== "running";
  for (const use of uses(state, [...new Set([...warn, ...hold])], now, extra)) {
    const { scope, what, used, cap } = use;
    if (used >= cap) {
      if (!hold.includes(scope) || stopped.has(scope) || gateOf(state, scope)) continue;
      if (scope === "swarm" || scope === "day") {
        if (!paused) events.push({ type: "swarm_paused", why: "budget" });
        paused = true;
      }
      events.push(budgetGate(state, use, now, offset + stopped.size));
      stopped.add(scope);
    } else if (warn.includes(scope) && used >= cap * state.limits.warnAt && !state.warned.has(capKey(scope, what, now)))
      events.push({ type: "budget_warned", scope, what, used, cap });
  }
  return events;
}

/** Budgets that near their cap, one line each. */
export function warnings(state: Readonly<State>): readonly string[] {
  const now = state.changedAt;
  return [...state.warned].flatMap((key) => {
    const [what, scope] = key.split(" ") as [Measure, Scope];
    const cap = capOf(state, scope, what, now);
    if (cap === null || key !== capKey(scope, what, now)) return [];
    return [`${scopeName(scope)} used ${amount(what, measure(spentOf(state, scope, now), what))} of ${amount(what, cap)}`];
  });
}

/** The open gate about this scope's budget. */
function gateOf(state: Readonly<State>, scope: Scope): Gate | null {
  return findGate(state, (gate) => gate.kind === "budget" && gate.effect === scope);
}

const WORDS: Readonly<Record<Measure, (n: number) => string>> = {
  usd: (n) => `$${n.toFixed(2)}`,
  tokens: (n) => `${Math.round(n).toLocaleString("en-US")} tokens`,
  turns: (n) => `${n} ${n === 1 ? "turn" : "turns"}`,
  minutes: (n) => `${Math.round(n * 10) / 10} minutes`,
};
export const amount = (what: Measure, n: number): string => WORDS[what](n);
export const scopeName = (scope: string): string => (scope === "day" ? "the day" : scope === "swarm" ? "the swarm" : named(scope as Scope));

function budgetGate(state: State, { scope, what, used, cap }: Use, now: number, offset: number): Event {
  const who = scopeName(scope);
  const title = `the budget of ${who} is used up: ${amount(what, cap)}`;
  const used_ = `${who === "the day" ? "All swarms of this project today" : who} used ${amount(what, used)} of ${amount(what, cap)}.`;
  const head = used_.charAt(0).toUpperCase() + used_.slice(1);
  const base = { title, effect: scope };
  if (scope === "day")
    return openGate(
      state,
      now,
      "budget",
      {
        ...base,
        question: `${head} The swarm is paused and goes on by itself when the day ends (UTC). Allow as much again today, or stop?`,
        options: ["raise", "stop"],
        fallback: "tomorrow",
        deadlineAt: dayEnd(now),
      },
      offset,
    );
  if (scope === "swarm")
    return openGate(
      state,
      now,
      "budget",
      { ...base, question: `${head} It is paused. Allow as much again, or stop?`, options: ["raise", "stop"] },
      offset,
    );
  const task = scope.startsWith("task:");
  return openGate(
    state,
    now,
    "budget",
    {
      ...base,
      question: `${head} ${task ? "The task" : "The agent"} is parked and its work is kept. Allow as much again${task ? ", give the task up," : ""} or stop the swarm?`,
      options: task ? ["raise", "give_up", "stop"] : ["raise", "stop"],
      ...(task ? { task: named(scope) as TaskId } : { seat: named(scope) as SeatId }),
    },
    offset,
  );
}

/** A person allows as much again of everything that is used up. */
export function raise(state: State, gate: Gate, now: number): readonly Event[] {
  const scope = gate.effect as Scope;
  const events: Event[] = [];
  for (const { what, used, cap } of uses(state, [scope], now, NOTHING)) {
    if (used < cap) continue;
    const step = baseCaps(state, scope)[what] ?? cap;
    events.push({ type: "budget_raised", to: cap + step * Math.max(1, Math.ceil((used - cap + Number.EPSILON) / step)), scope, what });
  }
  return events;
}

/** The gate of a budget that keeps the whole swarm paused, beside the one that is being answered. */
export const pausingGate = (state: Readonly<State>, answered?: Gate): Gate | null =>
  findGate(state, ({ id, kind, effect }) => id !== answered?.id && kind === "budget" && (effect === "swarm" || effect === "day"));

/** Whether a person must raise a budget before this session may have another turn. */
export function isParked(state: Readonly<State>, { seat, job }: Readonly<Pick<Session, "seat" | "job">>): boolean {
  const task = "task" in job ? job.task : null;
  return findGate(state, (gate) => gate.kind === "budget" && (gate.seat === seat || (task !== null && gate.task === task))) !== null;
}
