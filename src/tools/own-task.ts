/** Which task a worker speaks of when it names none: the one its session was started for, also when it is lost already. */
import { SkepError } from "../base/errors.ts";
import type { TaskId } from "../base/ids.ts";
import type { AgentCall } from "./swarm-call.ts";

export async function ownTaskId(call: AgentCall, named: TaskId | undefined): Promise<TaskId> {
  if (named !== undefined) return named;
  const task = await call.swarm.look((state) => {
    const job = state.sessions.get(call.me.session)?.job;
    return job?.kind === "task" ? job.task : (state.seats.get(call.me.seat)?.task ?? null);
  });
  if (task) return task;
  throw new SkepError("NO_TASK_HELD", "you hold no task", "task_claim");
}
