/**
 * What follows when a task fails for good: another role takes it up where the plan says so; else whatever comes after it
 * never begins, and the policy of the plan says whether the swarm goes on. All of it stands in the commit that fails the task.
 */
import type { TaskId } from "../base/ids.ts";
import { ended } from "./attempt-end.ts";
import { cancelEvents } from "./decide-plan.ts";
import type { Event } from "./events.ts";
import { ENDED, type State, type Task } from "./model.ts";
import { escalates, recoveryOf } from "./recovery.ts";
import { standIn } from "./state.ts";

/** Fails a task that is given up. */
export const failTask = (state: Readonly<State>, task: Task, why: string): readonly Event[] =>
  failed(state, task, cancelEvents(task, why, "failed"));

/** `how` fails the task; with what follows from it. */
export function failed(state: Readonly<State>, task: Task, how: readonly Event[]): readonly Event[] {
  if (escalates(task)) return [...how, { type: "recovery_opened", task: task.id, spec: recoveryOf(state, task) }];
  const root = task.recovers ?? task.id;
  const lost = [...behind(state, task)];
  const spread: readonly Event[] = lost.length === 0 ? [] : [{ type: "dependants_lost", task: root, lost: lost.map(({ id }) => id) }];
  const ending = endOf(state, task, lost);
  if (ending === null) return [...how, ...spread];
  const running = [...state.tasks.values()].filter((one) => one.id !== task.id && one.seat !== null);
  const stops = running.map((one) => ended(one, { result: "cancelled", why: ending, to: "cancelled" }));
  return [...how, ...spread, ...stops, { type: "swarm_ended", status: "failed", ending }];
}

/** Everything that comes after a task, directly or not, and has not ended. */
function behind(state: Readonly<State>, task: Task): ReadonlySet<Task> {
  const found = new Set<Task>();
  const open = [...task.dependants];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const next = state.tasks.get(id);
    if (!next || found.has(next) || ENDED.has(next.status)) continue;
    found.add(next);
    open.push(...next.dependants);
  }
  return found;
}

/** Why the swarm ends when this task fails; null: it goes on. */
function endOf({ plan }: Readonly<State>, task: Task, lost: readonly Task[]): string | null {
  const policy = plan.approved?.policy ?? "continue_best_effort";
  const root = task.recovers ?? task.id;
  const ends = `the policy ${policy} ends the swarm`;
  switch (policy) {
    case "continue_best_effort":
      return null;
    case "abort_on_first_fail":
      return `${root} failed: ${ends}`;
    case "abort_on_critical_fail": {
      if (task.critical) return `${root} failed and is critical: ${ends}`;
      const critical = lost.find((one) => one.critical);
      return critical ? `${root} failed and ${critical.id}, which is critical, comes after it: ${ends}` : null;
    }
    default: {
      const never: never = policy;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

/** What giving a task up would mean for the others, as a sentence for the person who is asked; empty: nothing ends. */
export function givenUpMeans(state: Readonly<State>, task: Task): string {
  if (escalates(task)) return ` Given up, it goes to the role ${task.escalate}.`;
  return endOf(state, task, [...behind(state, task)]) === null ? "" : ` Given up, it ends the swarm (${state.plan.approved?.policy}).`;
}

/** The tasks because of which this one can never begin: failed or cancelled, and nobody recovers them. */
export function lostBy(state: Readonly<State>, task: Readonly<Task>): readonly Task[] {
  const found = new Set<Task>();
  const seen = new Set<TaskId>();
  const open = [...task.after];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const before = standIn(state, id);
    if (before?.status === "failed" || before?.status === "cancelled") found.add(state.tasks.get(id) as Task);
    else if (before?.status === "blocked") open.push(...before.after);
  }
  return [...found];
}

/** Failed or cancelled tasks whose work nobody did in their place. */
export const lostTasks = (state: Readonly<State>): readonly TaskId[] =>
  [...state.byStatus.failed, ...state.byStatus.cancelled].filter((id) => {
    const task = state.tasks.get(id);
    // That of a recovery is told of the task it was to recover.
    return task?.recovers === undefined && standIn(state, id)?.status !== "merged";
  });
