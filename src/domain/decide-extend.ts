/**
 * A running task asks for more files. It gets them at once when no other task that could run beside it owns them: files are
 * granted by the record, never agreed between agents.
 */
import type { SeatId } from "../base/ids.ts";
import type { Command } from "./commands.ts";
import { held } from "./decide-task.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import { fileName, listed } from "./foreign.ts";
import type { State, Task } from "./model.ts";
import { mayOverlap } from "./overlap.ts";
import { liveIds, reachable } from "./plan-problems.ts";
import { ancestors } from "./waves.ts";

/** All files of a task, granted ones included; a plan may give as many. */
const MOST_FILES = 20;
const MOST_IN_ATTEMPT = 3;
const OR_GIVE_BACK = "task_release with reason needs_other_files, or message_send to queen";

type ExtendTask = Extract<Command, { type: "extend_task" }>;

export function extendTask(state: State, command: ExtendTask, seat: SeatId): Decision {
  const task = held(state, command, seat);
  if ("ok" in task) return task;
  const files = [...new Set(command.files)].filter((file) => !task.files.includes(file));
  if (files.length === 0) return already();
  if (task.report)
    return no("FILES_REFUSED", `${task.id} changes nothing: its result is its report`, "task_submit with the report as summary");
  const never = files.filter(isNobodys);
  if (never.length > 0)
    return no("FILES_REFUSED", `no task may own ${names(never)}`, "task_extend with files or folders of the project, named one by one");
  if (task.files.length + files.length > MOST_FILES)
    return no(
      "FILES_CAP",
      `${task.id} would own ${task.files.length + files.length} files; at most ${MOST_FILES} fit a task`,
      OR_GIVE_BACK,
    );
  const before = (task.granted ?? []).filter(({ attempt }) => attempt === task.attempt).length;
  if (before >= MOST_IN_ATTEMPT)
    return no("EXTENSIONS_USED", `${task.id} was given more files ${before} times in this attempt: its plan does not fit`, OR_GIVE_BACK);
  const taken = takenBy(state, task, files);
  if (taken !== null) return no("FILES_TAKEN", taken, OR_GIVE_BACK);
  return yes({ type: "task_extended", task: task.id, attempt: task.attempt, files, why: command.why });
}

/** skep's and git's own folders, and patterns that begin with a wildcard: they would name the whole repository. */
function isNobodys(pattern: string): boolean {
  const plain = pattern.replace(/^(\.?\/)+/, "");
  return plain === "" || plain === "." || /^\.(skep|git)(\/|$)/i.test(plain) || /^[*?[{!(@+]/.test(plain);
}

const names = (files: readonly string[]): string => listed(files.map(fileName), 5);

/** Who stands in the way: a task that could run beside this one, in the plan in force or in the one under review. */
function takenBy(state: Readonly<State>, task: Readonly<Task>, files: readonly string[]): string | null {
  const wanted = (owned: readonly string[]): string[] => files.filter((file) => owned.some((one) => mayOverlap(file, one)));
  for (const id of liveIds(state)) {
    const other = state.tasks.get(id);
    // What waits for this task starts after its merge.
    if (!other || id === task.id || reachable(state, other.after).has(task.id)) continue;
    const shared = wanted(other.files);
    if (shared.length > 0)
      return `${names(shared)} may be changed by ${id}, which is ${other.status}${other.seat ? ` by ${other.seat}` : ""}`;
  }
  const { pending } = state.plan;
  for (const spec of pending?.tasks ?? []) {
    const before = pending?.partial ? reachable(state, spec.after) : ancestors(pending?.tasks ?? [], spec.id);
    if (spec.id === task.id || before.has(task.id)) continue;
    const shared = wanted(spec.files);
    if (shared.length > 0)
      return `${names(shared)} may be changed by ${spec.id} of plan revision ${pending?.revision}, which is under review`;
  }
  return null;
}
