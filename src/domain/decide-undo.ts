/** A merged task is taken back out: what goes with it, and what becomes of everything that came after it. */
import { ended } from "./attempt-end.ts";
import type { Command } from "./commands.ts";
import { cancelEvents } from "./decide-plan.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { isForeign, type Undo } from "./merge-queue.ts";
import { ENDED, OVER, type State, type Task } from "./model.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

export function undoTask(state: State, command: Of<"undo_task">): Decision {
  const task = state.tasks.get(command.task);
  if (!task) return no("NOT_FOUND", `no task ${command.task}`, "task_list");
  const { undo } = state.merges;
  if (undo?.task === task.id) return already();
  if (undo) return no("BUSY", `${undo.task} is being undone`, "the same call in a moment", true);
  if (task.status !== "merged" || task.mergedSha === null) {
    if (task.history.at(-1)?.result === "undone") return already();
    if (task.status === "merged")
      return no("NOT_MERGED", `${task.id} was done by a person; there is no commit of it to take out`, "task_list");
    return no("NOT_MERGED", `${task.id} is ${task.status}; only merged work is undone`, "task_list, to see what is merged");
  }
  const merges = mergedWith(state, task);
  if (state.landed !== null || state.pullRequest !== null) return isLanded(state, task, merges);
  if (isForeign(state)) return no("BUSY", `${state.branch} holds a commit that skep did not make`, "gate_answer for that gate first");
  const { why, findings, drop } = command;
  return yes({ type: "undo_wanted", task: task.id, sha: task.mergedSha, merges, why, findings, drop });
}

function isLanded({ landed, pullRequest, target }: State, task: Task, merges: Undo["merges"]): Decision {
  const where = landed === null ? `sent as ${pullRequest}` : "landed";
  const others = merges.length > 1 ? ` (and ${merges.length - 1} that came after it)` : "";
  const revert = `git revert --no-edit ${merges.map(({ sha }) => sha).join(" ")}`;
  return no(
    "LANDED",
    `the work is ${where}; ${task.id}${others} is taken out by hand`,
    `git switch ${target ?? "<your branch>"} && ${revert}`,
  );
}

/** Newest first: the task and every merged task that came after it, directly or not. */
function mergedWith(state: State, task: Task): Undo["merges"] {
  const found = new Set([task.id]);
  for (const id of found) for (const after of state.tasks.get(id)?.dependants ?? []) found.add(after);
  return [...state.byStatus.merged].reverse().flatMap((id) => {
    // What a person did is no commit, and stays done.
    const sha = state.tasks.get(id)?.mergedSha;
    return found.has(id) && sha != null ? [{ task: id, sha }] : [];
  });
}

export function recordUndo(state: State, command: Of<"record_undo">): Decision {
  const { undo } = state.merges;
  if (undo?.task !== command.task || undo.sha !== command.sha)
    return no("STALE_UNDO", `${command.task} is not being undone any more`, "look again");
  const { outcome } = command;
  if (outcome.kind !== "undone") {
    const { kind: _, ...refused } = outcome;
    return yes({ type: "undo_refused", task: undo.task, ...refused });
  }
  const over = OVER.has(state.status);
  const gone = over || undo.drop;
  const events: Event[] = over ? [] : aftermath(state, undo);
  for (const { task: id, sha } of outcome.reverts) {
    const reverts = undo.merges.find(({ task }) => task === id)?.sha ?? "";
    const findings = gone || id !== undo.task ? null : undo.findings;
    events.push({ type: "task_undone", task: id, reverts, sha, why: whyOf(undo, id), findings, to: gone ? "cancelled" : "open" });
  }
  if (!gone) events.push(...undo.merges.flatMap(({ task: id }) => room(state.tasks.get(id))));
  return yes(...events);
}

const whyOf = (undo: Undo, id: string): string => (id === undo.task ? undo.why : `it came after ${undo.task}, which was undone`);

/** An undone task is worth more attempts: it must not stop at a gate for having been merged in its last one. */
function room(task: Task | undefined): readonly Event[] {
  if (!task || task.attempt < task.attemptsCap) return [];
  return [{ type: "cap_raised", what: "attempts", task: task.id, to: task.attempt + 2 }];
}

/** Everything after the undone tasks that is not merged itself: work on it ends, or it goes with them. */
function aftermath(state: State, undo: Undo): Event[] {
  const taken = new Set(undo.merges.map(({ task }) => task));
  const after = new Set(undo.merges.flatMap(({ task }) => state.tasks.get(task)?.dependants ?? []));
  if (undo.drop) for (const id of after) for (const next of state.tasks.get(id)?.dependants ?? []) after.add(next);
  return [...after].flatMap((id) => {
    const task = state.tasks.get(id);
    if (!task || taken.has(id) || ENDED.has(task.status) || task.status === "proposed") return [];
    if (undo.drop) return cancelEvents(task, whyOf(undo, id));
    return task.status === "blocked" || task.status === "open"
      ? []
      : [ended(task, { result: "cancelled", why: whyOf(undo, id), to: "open" })];
  });
}
