/** Which roles of the project's team are on which agent CLI. */
import { DEFAULT_CONFIG } from "../../config/schema.ts";
import { choiceOf, teamSeats } from "../../engine/settings.ts";
import type { Around } from "./check.ts";

export interface Use {
  readonly roles: readonly string[];
  /** Only where another provider does not serve. */
  readonly fallback: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly models: readonly string[];
}

export function usesOf({ settings, harnesses }: Pick<Around, "settings" | "harnesses">): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  // Outside of a project every role is on the default one.
  if (settings === null || settings instanceof Error)
    return uses.set(DEFAULT_CONFIG.harness.default, { roles: ["every role"], fallback: false, settings: {}, models: [] });
  for (const seat of seatsOf(settings, harnesses)) {
    const own = { harness: seat.harness, model: seat.model, fallback: false };
    for (const { harness, model, fallback } of [own, ...(seat.fallbacks ?? []).map((route) => ({ ...route, fallback: true }))]) {
      const known = uses.get(harness);
      uses.set(harness, {
        roles: [...new Set([...(known?.roles ?? []), seat.role])],
        fallback: fallback && (known?.fallback ?? true),
        settings: known?.settings ?? choiceOf(settings, seat.role, harness).settings,
        models: [...new Set([...(known?.models ?? []), ...(model === null ? [] : [model])])],
      });
    }
  }
  return uses;
}

function seatsOf(settings: Exclude<Around["settings"], Error | null>, harnesses: Around["harnesses"]): ReturnType<typeof teamSeats> {
  try {
    return teamSeats(settings, harnesses);
  } catch {
    return []; // the look at the config says it
  }
}
