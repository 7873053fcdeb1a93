import { z } from "zod";
import { EVERYONE, swarmTool } from "./define-tool.ts";
import { taskId } from "./fields.ts";
import { neighbourText, ownText } from "./task-text.ts";

export const taskGet = swarmTool({
  name: "task_get",
  title: "Read a task",
  description:
    "Read one task whole: what it asks, criteria, files, contracts, where it stands. For the task you hold it is your briefing, for the one you review the request.",
  audience: EVERYONE,
  kind: "read",
  input: z.strictObject({ task: taskId() }),
  output: null,
  async handle({ task }, call) {
    const { caller } = call;
    if (caller.kind === "operator" || caller.duty === "queen") return neighbourText(call, task, false);
    const mine = await call.swarm.look((state) => {
      const job = state.sessions.get(caller.session)?.job;
      if (job?.kind === "review" || job?.kind === "verify" || job?.kind === "collab") return job.task === task;
      return job?.kind === "task" && job.task === task && state.tasks.get(task)?.seat === caller.seat;
    });
    return mine ? ownText({ ...call, me: caller }) : neighbourText(call, task, caller.duty === "reviewer");
  },
});
