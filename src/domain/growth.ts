/** Who joins next by themselves, or what holds that: caps, the cool-down, a provider that rests. */
import { type Demand, demand } from "./demand.ts";
import type { SeatSpec, State } from "./model.ts";
import { routeOpensAt } from "./provider.ts";
import { type Cap, cooledAt, growthCap, type Need, scalingOf, type Template } from "./scaling.ts";
import { freeName } from "./seat-name.ts";

export interface Joining {
  readonly need: Need;
  readonly seat: SeatSpec;
}
/** A need that could be met by one more agent, and what keeps that one from joining. */
export interface Held {
  readonly need: Need;
  readonly by: Cap | "cool_down" | "provider";
  /** When it may join; null: when another leaves, or a person answers. */
  readonly until: number | null;
}
export interface Growth {
  readonly next: Joining | null;
  readonly held: readonly Held[];
}

const NONE: Growth = { next: null, held: [] };

/** One at a time: who joins changes what the next one may do. */
export function growth(state: Readonly<State>, now: number): Growth {
  const { max, grows } = scalingOf(state);
  if (max.swarm === null || grows.length === 0) return NONE;
  const cooled = cooledAt(state, now);
  const held: Held[] = [];
  let next: Joining | null = null;
  for (const need of demand(state, now)) {
    const found = choose(state, need, now);
    if (found === null) continue;
    if ("held" in found) held.push({ need: factOf(need), ...found.held });
    else if (cooled > now) held.push({ need: factOf(need), by: "cool_down", until: cooled });
    else next ??= { need: factOf(need), seat: seatOf(state, found.template) };
  }
  return { next, held };
}

const factOf = ({ kind, task }: Need): Need => ({ kind, task });

function seatOf({ seats }: Readonly<State>, { name, ...spec }: Template): SeatSpec {
  return { seat: freeName(name, spec.duty, seats), ...spec };
}

type Choice = { readonly template: Template } | { readonly held: Omit<Held, "need"> };

/** The best that may join: another provider than the authors' when there is one. null: nobody of the project could help. */
function choose(state: Readonly<State>, { wants, behind }: Demand, now: number): Choice | null {
  const able = scalingOf(state).grows.filter(wants);
  const caps = able.map((template) => growthCap(state, template));
  const [cap] = caps;
  const roomy = able.filter((_, index) => caps[index] === null);
  if (roomy.length === 0) return cap ? { held: { by: cap, until: null } } : null;
  const opens = roomy.map((template) => ({ template, at: routeOpensAt(state, { ...template, own: template }) }));
  const ready = opens.filter(({ at }) => at !== null && at <= now);
  const best = ready.find(({ template }) => !behind.has(template.provider)) ?? ready[0];
  if (best) return best;
  const times = opens.flatMap(({ at }) => at ?? []);
  return { held: { by: "provider", until: times.length === 0 ? null : Math.min(...times) } };
}
