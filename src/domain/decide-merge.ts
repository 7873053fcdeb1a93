import { ended } from "./attempt-end.ts";
import type { Command } from "./commands.ts";
import { reopen } from "./decide-task.ts";
import { uncleared } from "./decide-tier.ts";
import { at } from "./decide-work.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import { effectKey } from "./effects.ts";
import type { Event } from "./events.ts";
import { openGate } from "./gate.ts";
import { type BatchTask, isForeign, needsVerify, nextMerges } from "./merge-queue.ts";
import { OVER, type State, type Task } from "./model.ts";
import { misplaced } from "./task-rules.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** Approved tasks are put together, to be verified as one. */
export function beginVerify(state: State): Decision {
  const tasks = nextMerges(state);
  const [first] = tasks;
  if (!first || !needsVerify(state, first)) return no("BUSY", "no merge result is to be verified now", "wait", true);
  const [checking] = state.byStatus.checking;
  const busy = checking && state.tasks.get(checking);
  return yes({
    type: "batch_formed",
    batch: state.merges.count + 1,
    tip: state.tip,
    tasks: tasks.map(({ id, attempt, sha }) => ({ task: id, attempt, sha: sha as string })),
    waitsFor: busy ? effectKey.run_checks(busy) : null,
  });
}

/** Green: they are merged. Red: the one task goes back to its owner, or the half of several is looked at alone. */
export function recordVerify(state: State, command: Of<"record_verify">, now: number): Decision {
  const { batch } = state.merges;
  if (batch?.n !== command.batch || batch.trees !== null)
    return no("STALE_BATCH", `batch ${command.batch} is not under verification any more`, "look again");
  const { outcome } = command;
  if (outcome.kind === "conflict") {
    const task = batch.tasks[0] && state.tasks.get(batch.tasks[0].task);
    return task ? yes(...conflicted(state, task, outcome.paths, now)) : already();
  }
  const tasks = batch.tasks.filter(({ task }) => outcome.tasks.includes(task));
  const ids = tasks.map(({ task }) => task);
  const { checks, trees } = outcome;
  if (outcome.passed) return yes({ type: "merge_verified", batch: batch.n, tip: batch.tip, tasks: ids, trees, checks });
  const red: Event = { type: "merge_red", batch: batch.n, tip: batch.tip, tasks: ids, tree: trees.at(-1) ?? "", checks };
  const only = tasks.length === 1 && state.tasks.get(ids[0] as Task["id"]);
  if (only) return yes(red, ...sentBack(state, only, outcome, now));
  return yes(red, halved(batch.n, batch.tip, tasks, state.merges.count));
}

function sentBack(
  state: State,
  task: Task,
  { checks, findings, findingsCount }: Extract<Of<"record_verify">["outcome"], { kind: "checked" }>,
  now: number,
): readonly Event[] {
  const failed = checks.filter(({ passed }) => !passed).map(({ check }) => check);
  const why = `red on the merge result: ${failed.join(", ")} failed with the work merged meanwhile`;
  return reopen(state, task, now, { result: "checks_failed", why, findings, findingsCount, keep: true });
}

function halved(n: number, tip: string, tasks: readonly BatchTask[], count: number): Event {
  const half = Math.ceil(tasks.length / 2);
  return {
    type: "batch_halved",
    of: n,
    batch: count + 1,
    tip,
    tasks: tasks.slice(0, half),
    rest: tasks.slice(half).map(({ task }) => task),
  };
}

/** One merge at a time, in the order of approval, and only of what is verified where that is asked for. */
export function beginMerge(state: State, command: Of<"begin_merge">): Decision {
  const task = state.tasks.get(command.task);
  if (!task) return no("NOT_FOUND", `no task ${command.task}`, "task_list");
  if (task.status === "merging") return already();
  const wrong = misplaced(task, "begin_merge");
  if (wrong) return { ok: false, refusal: wrong };
  const held = uncleared(state, task);
  if (held) return held;
  if (state.byStatus.merging.size > 0) return no("BUSY", "another task is merging", "wait", true);
  if (isForeign(state)) return no("BUSY", `${state.branch} holds a commit that skep did not make`, "wait", true);
  const { batch } = state.merges;
  if (state.merges.undo && !batch) return no("BUSY", `${state.merges.undo.task} is being undone`, "wait", true);
  if (batch && batch.tasks[0]?.task !== task.id) return no("BUSY", "others are merged first", "wait", true);
  if (batch ? batch.trees === null : needsVerify(state, task))
    return no("NOT_VERIFIED", `the checks have not passed on what merging ${task.id} would give`, "wait", true);
  return yes({ type: "task_moved", task: task.id, to: "merging" });
}

export function recordMerge(state: State, command: Of<"record_merge">, now: number): Decision {
  const task = at(state, command);
  if ("ok" in task) return task;
  const { outcome } = command;
  // What was under way when the swarm ended is finished; what could not be stays approved.
  if (OVER.has(state.status) && outcome.kind !== "merged") return yes(back(task));
  switch (outcome.kind) {
    case "merged":
      return yes({ type: "task_merged", task: task.id, sha: outcome.sha }, merged(task));
    case "conflict":
      return yes(...conflicted(state, task, outcome.paths, now));
    case "changed":
      return yes({ type: "batch_dropped", why: `merging ${task.id} gives other files than were verified` }, back(task));
    case "foreign": {
      const gate = openGate(state, now, "foreign_commit", {
        title: `${state.branch} holds a commit that skep did not make`,
        question: `${state.branch} is at ${outcome.tip.slice(0, 12)}, skep left it at ${state.tip.slice(0, 12)}. Adopt what is there as the new base of all further merges, or put it aside on a backup ref and go on from skep's own tip?`,
        options: ["adopt", "put_aside"],
        effect: outcome.tip,
        task: task.id,
      });
      return yes(back(task), gate);
    }
    default: {
      const never: never = outcome;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

const back = (task: Task): Event => ({ type: "task_moved", task: task.id, to: "approved" });

function conflicted(state: State, task: Task, paths: readonly string[], now: number): readonly Event[] {
  const why = `conflicts with merged work in ${paths.slice(0, 3).join(", ")}`;
  return reopen(state, task, now, { result: "conflict", why, conflict: paths, keep: true });
}

const merged = (task: Task): Event => ended(task, { result: "merged", why: "", to: "merged", approach: task.submission });
