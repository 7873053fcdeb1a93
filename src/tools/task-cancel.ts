import { z } from "zod";
import { agentTool } from "./define-tool.ts";
import { line, repeated, taskId } from "./fields.ts";
import { programKey } from "./keys.ts";

export const taskCancel = agentTool({
  name: "task_cancel",
  title: "Cancel a task",
  description:
    "End a task that is not needed, or decline a proposal. A running attempt stops and its work is kept. Tasks that wait for it stay blocked: replan them with plan_submit.",
  audience: ["queen"],
  kind: "destroy",
  input: z.strictObject({ task: taskId(), why: line(200) }),
  output: z.object({ task: z.string(), status: z.string(), repeated: repeated() }),
  async handle({ task, why }, call) {
    const answer = await call.submit({ type: "cancel_task", task, why }, programKey(call));
    return { task, status: "cancelled", ...(answer.repeated ? { repeated: true } : {}) };
  },
});
