/** A failed task that another role takes up once more: what the new task is, and what it begins with. */
import type { SeatId, TaskId } from "../base/ids.ts";
import type { EventOf } from "./events.ts";
import { connect } from "./evolve-plan.ts";
import { type Caps, MEASURES } from "./limits.ts";
import type { State, Task, TaskSpec } from "./model.ts";
import { newTask } from "./state.ts";

/** Whoever comes second may spend more than who failed. */
const MORE = 1.5;

/** Whether its failure brings a recovery. What recovers does not escalate again, and nothing is recovered twice. */
export const escalates = (task: Readonly<Task>): boolean =>
  task.escalate !== undefined && task.recovers === undefined && task.recovery === undefined;

/** The same work for the role it escalates to. */
export function recoveryOf(state: Readonly<State>, task: Readonly<Task>): TaskSpec {
  const { title, files, after, criteria, proof, meets, risk, text, critical, escalate, report, ownChecks, mustReview } = task;
  const caps = raisedCaps(state, task);
  return {
    id: freeId(state, task.id),
    role: escalate ?? task.role,
    recovers: task.id,
    ...{ title, files, after, criteria, proof, meets, risk, text },
    because: [`takes up ${task.id}, which failed: that escalates to the role ${escalate}`],
    ...(critical ? { critical } : {}),
    ...(report ? { report } : {}),
    ...(ownChecks ? { ownChecks } : {}),
    ...(mustReview ? { mustReview } : {}),
    ...(caps === null ? {} : { caps }),
  };
}

function raisedCaps({ limits }: Readonly<State>, task: Readonly<Task>): Partial<Caps> | null {
  const caps = { ...limits.budgets.task, ...task.caps };
  const raised = MEASURES.flatMap((what) => {
    const cap = caps[what];
    return cap === null ? [] : [[what, what === "usd" || what === "minutes" ? cap * MORE : Math.ceil(cap * MORE)] as const];
  });
  return raised.length === 0 ? null : Object.fromEntries(raised);
}

const ID_LENGTH = 40;

/** `t1-recovery`; of a long id as much as fits, with a number where that is taken. */
function freeId({ tasks }: Readonly<State>, id: TaskId): TaskId {
  for (let n = 1; ; n += 1) {
    const tail = n === 1 ? "-recovery" : `-recovery-${n}`;
    const name = `${id.slice(0, ID_LENGTH - tail.length)}${tail}` as TaskId;
    if (!tasks.has(name)) return name;
  }
}

/** It goes on where the failed one stood: what was tried and found, and who may not review it. What waited for that one waits for it. */
export function recoveryOpened(state: State, { task: id, spec }: EventOf<"recovery_opened">, at: number): void {
  const failed = state.tasks.get(id);
  if (!failed) return;
  const { attempt, prior, kept, history, findings, findingsCount, progress, conflict, authors, granted } = failed;
  const begins = { attempt, prior, kept, history, findings, findingsCount, progress, conflict, authors: [...authors] };
  const task: Task = {
    ...newTask(state, spec, "blocked", at),
    ...begins,
    attemptsCap: attempt + state.limits.attempts,
    dependants: [...failed.dependants],
    ...(granted ? { granted } : {}),
    ...(failed.clash ? { clash: failed.clash } : {}),
  };
  state.tasks.set(task.id, task);
  state.byStatus.blocked.add(task.id);
  failed.recovery = task.id;
  // The failure is not the end of it: nobody has to see to it yet.
  state.wake = state.wake.filter(({ what, id: about }) => what !== "all_ended" && !(what === "failed_task" && about === id));
  connect(state, spec, at);
}

/** Work of the failed task that still lies in a worktree: it is saved before anybody goes on from it. */
export function unsavedOf(state: Readonly<State>, task: Readonly<Task>): { readonly of: TaskId; readonly seat: SeatId } | null {
  const before = task.recovers === undefined ? undefined : state.tasks.get(task.recovers);
  for (const one of [task, before]) if (one?.unsaved) return { of: one.id, seat: one.unsaved.seat };
  return null;
}
