/** What other parts take from a config: domain limits in milliseconds, and one role's harness with its overrides merged. */
import { DEFAULT_LIMITS, type Limits } from "../domain/limits.ts";
import type { Config } from "./schema.ts";

export function limitsOf({ limits }: Config): Limits {
  const { planReviewMinutes, reservedMinutes, silenceMinutes, sessionMinutes, ...same } = limits;
  const ms = (minutes: number): number => Math.round(minutes * 60_000);
  return {
    ...DEFAULT_LIMITS,
    ...same,
    planReviewMs: ms(planReviewMinutes),
    reservedMs: ms(reservedMinutes),
    silenceMs: ms(silenceMinutes),
    sessionMs: ms(sessionMinutes),
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
export function harnessFor({ harness }: Config, role: string, wish: RoleWish = {}): HarnessChoice {
  const byRole = own(harness.roles, role);
  const name = byRole?.harness ?? wish.harness ?? harness.default;
  const byHarness = own(harness.adapters, name);
  // A role file's model belongs to the harness it names; on another harness it would be a foreign word.
  const wished = wish.harness === undefined || wish.harness === name ? wish.model : undefined;
  return {
    harness: name,
    model: byRole?.model ?? wished ?? byHarness?.model ?? null,
    preset: byRole?.preset ?? byHarness?.preset ?? null,
    commands: [...(byHarness?.commands ?? []), ...(byRole?.commands ?? [])],
    settings: { ...byHarness?.settings, ...byRole?.settings },
  };
}

/** `constructor` is a legal id; only what the file itself says counts. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
