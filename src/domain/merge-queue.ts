/** What stands between approved work and the integration branch: the batch under verification, and what a bisection still suspects. */
import type { TaskId } from "../base/ids.ts";
import { findGate } from "./gate.ts";
import type { Prose, State, Task } from "./model.ts";
import { isCleared } from "./tier.ts";

/** always: every merge result is checked. when-target-moved: only where the work was made on another tip than it is merged into. */
export const VERIFY = ["always", "when-target-moved", "never"] as const;
export type Verify = (typeof VERIFY)[number];

export interface BatchTask {
  readonly task: TaskId;
  readonly attempt: number;
  readonly sha: string;
}

/** Approved tasks whose merge, one on top of the other, is checked as a whole and then done as a whole. */
export interface Batch {
  /** Fences results: a later batch has another number. */
  readonly n: number;
  /** Where the first of `tasks` goes; moves on as they are merged. */
  readonly tip: string;
  readonly tasks: readonly BatchTask[];
  /** The tree after each of `tasks`, once their checks passed; null while that is owed. */
  readonly trees: readonly string[] | null;
  /** Key of the checks that were under way when it was formed: there is one check worktree. */
  readonly waitsFor: string | null;
}

/** A merged task on its way out. Nothing is merged meanwhile. */
export interface Undo {
  readonly task: TaskId;
  readonly sha: string;
  /** It and what came after it, newest first, with the commits that merged them. */
  readonly merges: readonly { readonly task: TaskId; readonly sha: string }[];
  readonly why: string;
  readonly findings: Prose | null;
  readonly drop: boolean;
}

export interface MergeQueue {
  batch: Batch | null;
  count: number;
  /** One of these made a larger batch red: they are verified before anything that joined later. */
  suspects: readonly TaskId[];
  undo: Undo | null;
}

export const emptyQueue = (): MergeQueue => ({ batch: null, count: 0, suspects: [], undo: null });

/** Whether the checks have to pass on what the merge of this task would give. */
export function needsVerify({ limits, tip }: Readonly<State>, task: Readonly<Task>): boolean {
  if (limits.verify === "when-target-moved") return task.base !== tip;
  return limits.verify === "always";
}

/** Merged, or bound to be: its result is verified and no other merge comes between. */
export function isMerging({ merges }: Readonly<State>, { id, status }: Readonly<Task>): boolean {
  if (status === "merging") return true;
  return merges.batch?.trees != null && merges.batch.tasks.some(({ task }) => task === id);
}

/** While a person has to say what a foreign commit is, nothing goes on the branch. */
export const isForeign = (state: Readonly<State>): boolean => findGate(state, ({ kind }) => kind === "foreign_commit") !== null;

/** The undo to be done now: what is being merged, or verified to be, comes first. */
export function dueUndo({ merges, byStatus, status }: Readonly<State>): Undo | null {
  if (byStatus.merging.size > 0 || (merges.batch && status === "running")) return null;
  return merges.undo;
}

/** What is merged or verified next, in the order of approval; empty: nothing, or something is on its way. */
export function nextMerges(state: Readonly<State>): readonly Task[] {
  const { merges, byStatus, limits } = state;
  if (merges.batch || merges.undo || byStatus.merging.size > 0 || isForeign(state)) return [];
  const suspects = merges.suspects.filter((id) => byStatus.approved.has(id));
  const ids = suspects.length > 0 ? suspects : byStatus.approved;
  const next: Task[] = [];
  for (const id of ids) {
    const task = state.tasks.get(id);
    if (task?.sha && isCleared(state, task)) next.push(task);
    if (next.length === limits.batch) break;
  }
  const [first] = next;
  return first && !needsVerify(state, first) ? [first] : next;
}
