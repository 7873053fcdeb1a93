import { quote } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import { ENDED, type PlanRevision, type State, type TaskSpec } from "./model.ts";
import { modeProblems } from "./modes/spec-problems.ts";
import { mayOverlap } from "./overlap.ts";
import { standIn } from "./state.ts";
import { ancestors, findCycle } from "./waves.ts";

export const PLAN_TASKS = 20;
const MAX_CRITERIA = 8;
const SHOWN = 8;

type PlanBody = Pick<PlanRevision, "conditions" | "tasks">;

/** All that is wrong with a plan, at most eight sentences; empty when it may be reviewed. */
export function planProblems(state: Readonly<State>, plan: PlanBody): readonly string[] {
  const problems = [
    ...shape(plan),
    ...duplicates(plan.tasks),
    ...unknownIds(plan.tasks),
    ...unknownRoles(state, plan.tasks),
    ...criteria(plan.tasks),
    ...plan.tasks.flatMap((task) => modeProblems(state, task)),
    ...cycle(plan.tasks),
    ...coverage(plan),
    ...settledAgain(state, plan.tasks),
  ];
  // Overlaps need a sound order to speak of "may run together".
  if (problems.length === 0) problems.push(...overlaps(plan.tasks.flatMap((spec) => owning(state, spec))));
  return problems.length > SHOWN ? [...problems.slice(0, SHOWN - 1), `and ${problems.length - SHOWN + 1} more`] : problems;
}

function shape(plan: PlanBody): string[] {
  const found: string[] = [];
  if (plan.tasks.length === 0) found.push("the plan has no task");
  if (plan.tasks.length > PLAN_TASKS) found.push(`${plan.tasks.length} tasks; at most ${PLAN_TASKS} fit one plan`);
  if (plan.conditions.length === 0) found.push("the plan has no condition, so nothing could prove the goal is met");
  return found;
}

function duplicates(tasks: readonly TaskSpec[]): string[] {
  const seen = new Set<string>();
  return tasks.filter((task) => seen.size === seen.add(task.id).size).map((task) => `two tasks have the id ${task.id}`);
}

function unknownIds(tasks: readonly TaskSpec[]): string[] {
  const ids = new Set<string>(tasks.map((task) => task.id));
  return tasks.flatMap((task) =>
    task.after.filter((id) => !ids.has(id)).map((id) => `${task.id} comes after ${id}, which is not in the plan`),
  );
}

function unknownRoles(state: Readonly<State>, tasks: readonly TaskSpec[]): string[] {
  const roles = new Set(
    [...state.seats.values()].filter((seat) => seat.duty === "worker" && seat.status === "active").map((seat) => seat.role),
  );
  const known = [...roles].join(", ") || "none";
  return tasks.flatMap(({ id, role, escalate, human }) => [
    ...(human || roles.has(role) ? [] : [`${id} wants the role ${role}, which no seat of this team has (${known})`]),
    ...(escalate === undefined || roles.has(escalate)
      ? []
      : [`${id} escalates to the role ${escalate}, which no seat of this team has (${known})`]),
  ]);
}

function criteria(tasks: readonly TaskSpec[]): string[] {
  return tasks.flatMap((task) => {
    // An agent who takes over from a person needs files to change.
    if (task.files.length === 0 && !task.report && (!task.human || task.escalate !== undefined)) return [`${task.id} owns no file`];
    if (task.criteria < 1) return [`${task.id} has no criterion`];
    if (task.criteria > MAX_CRITERIA) return [`${task.id} has ${task.criteria} criteria; at most ${MAX_CRITERIA}, split it`];
    return [];
  });
}

function cycle(tasks: readonly TaskSpec[]): string[] {
  const found = findCycle(tasks);
  return found ? [`the order goes in a circle: ${[...found, found[0]].join(" after ")}`] : [];
}

function coverage(plan: PlanBody): string[] {
  const met = new Set(plan.tasks.flatMap((task) => task.meets));
  const missing = plan.conditions.map((_, index) => index + 1).filter((n) => !met.has(n));
  const unknown = plan.tasks.flatMap((task) =>
    task.meets.filter((n) => n < 1 || n > plan.conditions.length).map((n) => `${task.id} meets condition ${n}, which does not exist`),
  );
  return [...missing.map((n) => `condition ${n} is met by no task`), ...unknown];
}

/** A finished task may stand in an amendment unchanged, but not be given new work under its old id. */
function settledAgain(state: Readonly<State>, tasks: readonly TaskSpec[]): string[] {
  return tasks.flatMap((spec) => {
    const task = standIn(state, spec.id);
    if (task?.status !== "failed" && task?.status !== "cancelled") return [];
    return [`${spec.id} is ${task.status}; give new work a new id`];
  });
}

/** A task with all it may change; none when it is merged and runs beside nothing. One in work keeps what it has. */
function owning(state: Readonly<State>, spec: TaskSpec): readonly TaskSpec[] {
  const task = standIn(state, spec.id);
  if (!task || task.status === "proposed") return [spec];
  if (task.status === "merged") return [];
  const waits = task.status === "blocked" || task.status === "open";
  const kept = waits ? (task.granted ?? []).flatMap(({ files }) => files) : task.files;
  return [{ ...spec, files: [...spec.files, ...kept] }];
}

function overlaps(tasks: readonly TaskSpec[]): string[] {
  const found: string[] = [];
  const before = new Map(tasks.map((task) => [task.id as string, ancestors(tasks, task.id)]));
  for (const [index, a] of tasks.entries())
    for (const b of tasks.slice(index + 1)) {
      if (before.get(a.id)?.has(b.id) || before.get(b.id)?.has(a.id)) continue;
      found.push(...shared(a, b));
    }
  return found;
}

function shared(a: TaskSpec, b: TaskSpec): string[] {
  const file = a.files.find((one) => b.files.some((other) => mayOverlap(one, other)));
  if (file === undefined) return [];
  return [`${a.id} and ${b.id} both change ${quote(file, 200)} and could run at once: make one "after" the other, or one task`];
}

/** What is wrong with one task added to a plan in force. Looks at live tasks only. */
export function additionProblems(state: Readonly<State>, spec: TaskSpec): readonly string[] {
  const problems = [...criteria([spec]), ...unknownRoles(state, [spec]), ...modeProblems(state, spec)];
  if (state.tasks.has(spec.id) && state.tasks.get(spec.id)?.status !== "proposed") problems.push(`the id ${spec.id} is taken`);
  for (const id of spec.after) {
    const before = standIn(state, id);
    if (!before || before.status === "proposed") problems.push(`${spec.id} comes after ${id}, which is not in the plan`);
    else if (before.status === "failed" || before.status === "cancelled")
      problems.push(`${spec.id} comes after ${id}, which is ${before.status}`);
  }
  if (problems.length > 0) return problems;
  const earlier = reachable(state, spec.after);
  for (const id of liveIds(state)) {
    const other = state.tasks.get(id);
    if (other && other.id !== spec.id && !earlier.has(id)) problems.push(...shared(other, spec));
  }
  return problems.slice(0, SHOWN);
}

export function* liveIds(state: Readonly<State>): Iterable<TaskId> {
  for (const [status, ids] of Object.entries(state.byStatus)) if (status !== "proposed" && !ENDED.has(status as never)) yield* ids;
}

/** Every task that has to be merged before one that comes after `from`. */
export function reachable(state: Readonly<State>, from: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const task = standIn(state, id as TaskId);
    if (task) found.add(task.id);
    // What is merged cannot run beside anything: no need to look behind it.
    if (task && task.status !== "merged") open.push(...task.after);
  }
  return found;
}
