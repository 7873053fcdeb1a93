/** What may join a swarm by itself, with harness and model as the project's settings choose them; pinned when it is made. */
import { quote, SkepError } from "../base/errors.ts";
import { newSeat } from "../catalog/teams.ts";
import { CONFIG_FILE } from "../config/schema.ts";
import type { Limits } from "../domain/limits.ts";
import type { SeatSpec } from "../domain/model.ts";
import type { Route } from "../domain/provider.ts";
import { scalingOf, type Template } from "../domain/scaling.ts";
import { choiceOf, chooser, type Harnesses, rolesOf, route, type Settings } from "./settings.ts";

/** The limits of a swarm that these may join. */
export const growing = (limits: Limits, grows: readonly Template[]): Limits => ({
  ...limits,
  scaling: { ...scalingOf({ limits }), grows },
});

export interface JoinersOrder {
  readonly settings: Settings;
  readonly harnesses: Harnesses;
  readonly team: readonly SeatSpec[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Like the seats of the team, and of roles that the caps name beside it. A reviewer may also come on another provider, by a
 * harness that the project uses anyway: nothing is started that nobody named. Throws NO_ROLE, NO_HARNESS.
 */
export async function joiners(order: JoinersOrder): Promise<readonly Template[]> {
  const { settings, harnesses, team } = order;
  const { max } = settings.config.scaling;
  const roles = rolesOf(settings);
  const unknown = Object.keys(max.roles).find((role) => !roles.has(role));
  if (unknown !== undefined)
    throw new SkepError(
      "NO_ROLE",
      `scaling.max.roles names ${quote(unknown)}, which is no role; known are ${[...roles.keys()].join(", ")}`,
      `correct it in ${CONFIG_FILE}`,
    );
  if (max.swarm === null) return [];
  const others = Object.keys(max.roles).flatMap((id) => {
    const role = roles.get(id);
    return role && team.every((seat) => seat.role !== id) ? [newSeat(role, new Set(), chooser(settings, harnesses))] : [];
  });
  const found = new Map<string, Template>();
  for (const { seat, ...spec } of [...team, ...others]) {
    if (spec.duty === "queen") continue;
    for (const one of [spec, ...(spec.duty === "reviewer" ? await elsewhere(spec, order) : [])])
      found.set(JSON.stringify(one), { ...one, name: roles.get(spec.role)?.seat ?? seat });
  }
  return [...found.values()];
}

type Spec = Omit<SeatSpec, "seat">;

/** The same reviewer on other providers that the project uses and that are there. */
async function elsewhere(spec: Spec, { settings, harnesses, team, env }: JoinersOrder): Promise<readonly Spec[]> {
  const { fallbacks = [], ...own } = spec;
  const used = new Set([...fallbacks, ...team].map(({ harness }) => harness));
  const found: Spec[] = [];
  for (const harness of used) {
    const choice = choiceOf(settings, spec.role, harness);
    const other: Route = route(spec.role, choice, harnesses);
    if (harness === spec.harness || other.provider === spec.provider) continue;
    const there = (await harnesses.get(harness)?.detect?.(env, choice.settings))?.found ?? true;
    const rest = fallbacks.filter((fallback) => fallback.harness !== harness);
    if (there) found.push({ ...own, ...other, ...(rest.length > 0 ? { fallbacks: rest } : {}) });
  }
  return found;
}
