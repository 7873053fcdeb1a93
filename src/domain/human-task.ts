/** Tasks that a person does: asked for at a gate when their time has come, and settled by its answer. */
import type { TaskId } from "../base/ids.ts";
import { already, type Decision, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { failed, givenUpMeans } from "./failure.ts";
import { inline } from "./foreign.ts";
import { openGate } from "./gate.ts";
import type { State, Task, TaskText } from "./model.ts";

/** Open ones that nobody was asked for yet. */
export function* unasked(state: Readonly<State>): Iterable<TaskId> {
  for (const id of state.byStatus.open) {
    const task = state.tasks.get(id);
    if (task?.human && task.gate === null) yield id;
  }
}

/** No deadline and no fallback: only a person says that they did it. */
export function askForTask(state: State, id: TaskId, now: number): Decision {
  const task = state.tasks.get(id);
  if (!task?.human || task.status !== "open" || task.gate !== null) return already();
  return yes(
    openGate(state, now, "task", {
      title: `${id} is yours to do: ${inline(task.title, 100)}${givenUpMeans(state, task).replace("Given up", "Failed")}`,
      question: task.asks ?? task.text,
      options: ["done", "failed"],
      task: id,
    }),
  );
}

/** Done: it counts as merged, though no commit is. An answer that comes when its time is not any more changes nothing. */
export function doneByPerson(state: State, task: Task, answer: string): readonly Event[] {
  if (task.status !== "open") return [];
  if (answer === "done") return [{ type: "task_moved", task: task.id, to: "merged" }];
  return failed(state, task, [{ type: "task_cancelled", task: task.id, to: "failed", why: "a person says it failed" }]);
}

/** The question of its gate, in the words of the plan. */
export function taskQuestion(title: string, { brief, criteria }: Pick<TaskText, "brief" | "criteria">): string {
  const list = criteria.map((one, index) => `${index + 1}. ${one}`);
  return [
    title,
    "",
    brief.trim(),
    "",
    "It is done when:",
    ...list,
    "",
    "Answer done when all of that is so, failed when it cannot be.",
  ].join("\n");
}
