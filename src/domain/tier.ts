/** How often a swarm asks its person: pinned when it is made, so that nobody talks it down to less on the way. */
import type { State, Task } from "./model.ts";

/** 1: only what cannot go on by itself · 2: also before a plan begins and before the work lands · 3: also before each merge. */
export type Automation = 1 | 2 | 3;

const tierOf = ({ limits }: Readonly<State>): Automation => limits.automation ?? 1;

export const asksAtPlan = (state: Readonly<State>): boolean => tierOf(state) >= 2;
export const asksAtLanding = (state: Readonly<State>): boolean => tierOf(state) >= 2;
export const asksAtMerge = (state: Readonly<State>): boolean => tierOf(state) >= 3;

/** Whether this very commit may merge: what is changed after a person's word is asked about again. */
export const isCleared = (state: Readonly<State>, { cleared, sha }: Readonly<Task>): boolean =>
  !asksAtMerge(state) || cleared === (sha ?? "");
