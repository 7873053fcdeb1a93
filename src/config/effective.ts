/** What other parts take from a config: domain limits in milliseconds, and one role's harness with its overrides merged. */
import { DEFAULT_LIMITS, type Limits } from "../domain/limits.ts";
import type { Supervision } from "../domain/supervision.ts";
import type { Automation } from "../domain/tier.ts";
import { scalingLimits } from "./scaling-schema.ts";
import type { Config } from "./schema.ts";

export function limitsOf({ automation, limits, budgets, floods, scaling, merge, supervision }: Config): Limits {
  const { planReviewMinutes, reservedMinutes, retryingMinutes, sessionMinutes, ...same } = limits;
  const { warnPercent, ...caps } = budgets;
  const ms = (minutes: number): number => Math.round(minutes * 60_000);
  return {
    ...DEFAULT_LIMITS,
    ...same,
    verify: merge.verify,
    batch: merge.batch,
    planReviewMs: ms(planReviewMinutes),
    reservedMs: ms(reservedMinutes),
    supervision: supervisionOf(supervision),
    pauseMs: supervision.pauseMinutes === null ? null : ms(supervision.pauseMinutes) || null,
    retryingMs: ms(retryingMinutes),
    sessionMs: ms(sessionMinutes),
    budgets: { ...caps, day: { ...caps.day, minutes: null } },
    warnAt: warnPercent / 100,
    floods,
    ...(automation > 1 ? { automation: automation as Automation } : {}),
    scaling: scalingLimits(scaling),
  };
}

function supervisionOf({ stallMinutes, probeSeconds, checkInMinutes, pauseMinutes: _, ...same }: Config["supervision"]): Supervision {
  return {
    ...same,
    stallMs: Math.round(stallMinutes * 60_000),
    checkInMs: Math.round(checkInMinutes * 60_000),
    probeMs: Math.round(probeSeconds * 1_000),
  };
}

/** What a role file says by itself. */
export interface RoleWish {
  readonly harness?: string | undefined;
  readonly model?: string | undefined;
}
export interface HarnessChoice {
  readonly harness: string;
  readonly model: string | null;
  /** null: the adapter's or role's own default. */
  readonly preset: "read-only" | "guarded" | "full" | null;
  readonly commands: readonly (readonly string[])[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The project's word for the role wins, then the role file, then the project's word for the harness. */
export function harnessFor(config: Config, role: string, wish: RoleWish = {}): HarnessChoice {
  const { harness } = config;
  const name = own(harness.roles, role)?.harness ?? wish.harness ?? harness.default;
  return choiceOn(config, role, name, wish);
}

/** The same for a harness that is given: a role's first choice, or one it falls back to. */
export function choiceOn({ harness }: Config, role: string, name: string, wish: RoleWish = {}): HarnessChoice {
  const byRole = own(harness.roles, role);
  const byHarness = own(harness.adapters, name);
  // Models and settings belong to one harness; on another they would be foreign words.
  const first = name === (byRole?.harness ?? wish.harness ?? harness.default);
  const wished = wish.harness === undefined || wish.harness === name ? wish.model : undefined;
  return {
    harness: name,
    model: (first ? (byRole?.model ?? wished) : undefined) ?? byHarness?.model ?? null,
    preset: byRole?.preset ?? byHarness?.preset ?? null,
    commands: [...(byHarness?.commands ?? []), ...(byRole?.commands ?? [])],
    settings: { ...byHarness?.settings, ...(first ? byRole?.settings : {}) },
  };
}

/** The harnesses a role turns to when the one before does not serve. */
export const fallbacksFor = ({ harness }: Config, role: string): readonly string[] =>
  own(harness.roles, role)?.fallback ?? harness.fallback;

export const keepsSession = ({ harness }: Config, role: string, byFile: "fresh" | "kept"): boolean =>
  (own(harness.roles, role)?.session ?? byFile) === "kept";

/** `constructor` is a legal id; only what the file itself says counts. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
