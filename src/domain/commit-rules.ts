/** What config says of the commits skep makes that stay, and what a person has waived for one swarm. */
import type { GateKind, State } from "./model.ts";

/** auto: as `commit.gpgSign` says. */
export const SIGN = ["auto", "always", "never"] as const;
export type Sign = (typeof SIGN)[number];

/** Hooks that make sense for a commit made without a checkout. */
export const HOOKS = ["commit-msg"] as const;
export type Hook = (typeof HOOKS)[number];

export interface CommitRules {
  readonly sign: Sign;
  readonly hooks: readonly Hook[];
}
export const DEFAULT_RULES: CommitRules = { sign: "auto", hooks: [] };

/** Why a commit could not be made that only a person can mend, and the answer by which the swarm goes on without. */
export const WAIVERS = { signing: "unsigned", hook: "skip_hooks" } as const satisfies Partial<Record<GateKind, string>>;
export type Unmade = keyof typeof WAIVERS;

/** The rules for this swarm from now on: config's, without what a person waived at a gate. */
export function rulesNow({ gates }: Readonly<State>, { sign, hooks }: CommitRules): CommitRules {
  const waived = (kind: Unmade): boolean => [...gates.values()].some((gate) => gate.kind === kind && gate.answer === WAIVERS[kind]);
  return { sign: waived("signing") ? "never" : sign, hooks: waived("hook") ? [] : hooks };
}
