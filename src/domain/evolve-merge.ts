import type { EventOf } from "./events.ts";
import type { Batch } from "./merge-queue.ts";
import { ENDED, type State, type Task } from "./model.ts";
import { moveTask, standIn } from "./state.ts";

export function batchFormed(state: State, event: EventOf<"batch_formed">): void {
  const { batch: n, tip, tasks, waitsFor } = event;
  const taken = new Set(tasks.map(({ task }) => task));
  const { merges } = state;
  merges.batch = { n, tip, tasks, trees: null, waitsFor };
  merges.count = n;
  merges.suspects = merges.suspects.filter((id) => !taken.has(id) && state.byStatus.approved.has(id));
}

export function mergeVerified(state: State, event: EventOf<"merge_verified">): void {
  const { batch } = state.merges;
  if (batch?.n !== event.batch) return;
  state.merges.batch = { ...batch, tasks: batch.tasks.filter(({ task }) => event.tasks.includes(task)), trees: event.trees };
}

/** What the first half does not explain lies in the rest, and is looked at next. */
export function batchHalved(state: State, { batch: n, tip, tasks, rest }: EventOf<"batch_halved">): void {
  Object.assign(state.merges, { batch: { n, tip, tasks, trees: null, waitsFor: null }, count: n, suspects: rest });
}

export function batchDropped(state: State): void {
  state.merges.batch = null;
}

export function taskMerged(state: State, event: EventOf<"task_merged">): void {
  const task = state.tasks.get(event.task);
  if (task) task.mergedSha = event.sha;
  state.merges.batch = after(state.merges.batch, event);
  state.tip = event.sha;
}

/** What is left of the batch on the new tip. A merge that was none of its own makes it void. */
function after(batch: Batch | null, { task, sha }: { readonly task: Task["id"]; readonly sha: string }): Batch | null {
  if (!batch?.trees || batch.tasks[0]?.task !== task || batch.tasks.length === 1) return null;
  return { ...batch, tip: sha, tasks: batch.tasks.slice(1), trees: batch.trees.slice(1) };
}

export function tipAdopted(state: State, event: EventOf<"tip_adopted">): void {
  state.tip = event.tip;
  state.merges.batch = null;
}

/** A batch whose verification has not ended is void: the tip it was to go on is on its way out. */
export function undoWanted(state: State, { type: _, ...undo }: EventOf<"undo_wanted">): void {
  state.merges.undo = undo;
  if (state.merges.batch?.trees === null) state.merges.batch = null;
}

export function undoRefused(state: State): void {
  state.merges.undo = null;
}

export function taskUndone(state: State, event: EventOf<"task_undone">, at: number): void {
  const { merges } = state;
  state.tip = event.sha;
  merges.batch = null;
  if (merges.undo?.task === event.task) merges.undo = null;
  const task = state.tasks.get(event.task);
  if (!task) return;
  task.mergedSha = null;
  task.findings = event.findings;
  task.findingsCount = event.findings === null ? 0 : 1;
  const last = task.history.at(-1);
  if (last?.result === "merged") task.history = [...task.history.slice(0, -1), { ...last, result: "undone", why: event.why }];
  moveTask(state, task, event.to, at);
  for (const one of [task.id, ...task.dependants]) waitAgain(state, state.tasks.get(one), at);
}

/** What it comes after is counted anew; with something missing an open task is blocked. */
function waitAgain(state: State, task: Task | undefined, at: number): void {
  if (!task || ENDED.has(task.status)) return;
  task.missing = task.after.flatMap((id) => standIn(state, id) ?? []).filter(({ status }) => status !== "merged").length;
  if (task.missing > 0 && task.status === "open") moveTask(state, task, "blocked", at);
}
