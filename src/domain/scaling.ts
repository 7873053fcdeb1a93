/** How many agents there may be at the same time, and how fast a swarm may grow by itself. */
import type { TaskId } from "../base/ids.ts";
import { floodsOf } from "./flood.ts";
import type { SeatSpec, State } from "./model.ts";

/** Pinned when a swarm is made. Times in milliseconds. */
export interface Scaling {
  readonly max: {
    /** Agents in all, queen and reviewers included. Without it a swarm does not grow by itself. */
    readonly swarm: number | null;
    readonly roles: Readonly<Record<string, number>>;
    /** By the provider an agent's role asks for, whatever it turned to meanwhile. */
    readonly providers: Readonly<Record<string, number>>;
  };
  /** How many agents join by themselves within one cool-down. */
  readonly perTick: number;
  readonly coolDownMs: number;
  /** One that joined by itself and has nothing to do for this long leaves. */
  readonly idleMs: number;
  /** What may join by itself, best first: harness and model as the project's settings choose them. */
  readonly grows: readonly Template[];
}

/** A seat that is not there yet. */
export interface Template extends Omit<SeatSpec, "seat"> {
  /** What its name begins with. */
  readonly name: string;
}

export const DEFAULT_SCALING: Scaling = {
  max: { swarm: null, roles: {}, providers: {} },
  perTick: 2,
  coolDownMs: 30_000,
  idleMs: 10 * 60_000,
  grows: [],
};

/** Swarms made before there was scaling have none. */
export const scalingOf = ({ limits }: Pick<State, "limits">): Scaling => limits.scaling ?? DEFAULT_SCALING;

/** Why an agent joined by itself: reviews come before risks, risks before work, work before a plan's review. */
export interface Need {
  readonly kind: NeedKind;
  /** null: the plan. */
  readonly task: TaskId | null;
}
export const NEED_KINDS = ["review", "risk", "work", "planning"] as const;
export type NeedKind = (typeof NEED_KINDS)[number];

export interface Cap {
  /** Its place in `.skep/config.yaml`. */
  readonly setting: string;
  readonly value: number;
  readonly text: string;
}

type Joins = Pick<SeatSpec, "role" | "duty" | "provider">;
type Taking = Joins & { readonly status: string; readonly own: { readonly provider: string } };

/** The first cap that one more agent like this would break; null: there is room. The one rule behind everything that adds agents. */
export function capReached(state: Readonly<State>, joins: Joins): Cap | null {
  const there = [...state.seats.values()].filter(({ status }) => status !== "stopped");
  const active = there.filter(({ status }) => status === "active");
  const { workers, budgets } = state.limits;
  if (joins.duty === "worker") {
    const cap = over("limits.workers", workers, active.filter(({ duty }) => duty === "worker").length, "workers are active");
    if (cap) return cap;
  }
  return (
    over("budgets.swarm.agents", budgets.swarm.agents, there.length, "agents take part") ?? overMax(scalingOf(state).max, there, joins)
  );
}

function overMax(max: Scaling["max"], there: readonly Taking[], { role, provider }: Joins): Cap | null {
  const ofRole = there.filter((one) => one.role === role).length;
  const ofProvider = there.filter(({ own }) => own.provider === provider).length;
  return (
    over("scaling.max.swarm", max.swarm, there.length, "agents take part") ??
    over(`scaling.max.roles.${role}`, own(max.roles, role), ofRole, `agents of the role ${role} take part`) ??
    over(`scaling.max.providers.${provider}`, own(max.providers, provider), ofProvider, `agents of ${provider} take part`)
  );
}

/** Likewise for a whole team before its swarm is made. */
export function teamCapReached(max: Scaling["max"], team: readonly SeatSpec[]): Cap | null {
  const there: Taking[] = [];
  for (const seat of team) {
    const cap = overMax(max, there, seat);
    if (cap) return cap;
    there.push({ ...seat, status: "active", own: seat });
  }
  return null;
}

function over(setting: string, value: number | null, used: number, what: string): Cap | null {
  return value !== null && used >= value ? { setting, value, text: `${used} ${what}, ${setting} allows ${value}` } : null;
}

/** What only bounds growth by itself: an operator may go on. */
export function growthCap(state: Readonly<State>, joins: Joins): Cap | null {
  const { agents } = floodsOf(state);
  return capReached(state, joins) ?? over("floods.agents", agents, state.seats.size, "agents took part since the swarm began");
}

/** When the next agent may join by itself; not later than `now`: at once. Counted by the times of the events. */
export function cooledAt(state: Readonly<State>, now: number): number {
  const { perTick, coolDownMs } = scalingOf(state);
  const joined = [...state.seats.values()].flatMap(({ scaled }) => (scaled && scaled.at > now - coolDownMs ? [scaled.at] : []));
  const holds = joined.sort((a, b) => b - a)[perTick - 1];
  return holds === undefined ? now : holds + coolDownMs;
}

/** `constructor` is a legal role; only what the project wrote counts. */
const own = (table: Readonly<Record<string, number>>, key: string): number | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;
