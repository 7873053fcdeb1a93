/** The one event by which an attempt ends, whatever ended it. */
import type { SeatId } from "../base/ids.ts";
import { runningOf } from "./collab.ts";
import type { Event, EventOf } from "./events.ts";
import type { Task } from "./model.ts";

/** How an attempt ended. What is left out is as nothing: no findings, no conflict, nobody the task is kept for. */
export type Ending = Pick<EventOf<"attempt_ended">, "result" | "why" | "to"> &
  Partial<Pick<EventOf<"attempt_ended">, "approach" | "keep" | "findings" | "findingsCount" | "conflict" | "reserved">>;

export function ended(task: Task, { result, why, to, ...how }: Ending): Event {
  return {
    type: "attempt_ended",
    task: task.id,
    attempt: task.attempt,
    seat: task.authors.at(-1) as SeatId,
    ...{ result, why, to },
    approach: task.submission ?? task.progress,
    ...{ findings: null, findingsCount: 0, conflict: [], reserved: null },
    // Later than that the work is a commit already, and so is each part of what is done together.
    unsaved: (task.status === "claimed" || task.status === "submitted") && !runningOf(task),
    ...how,
  };
}
