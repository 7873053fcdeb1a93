import { z } from "zod";
import { agentTool } from "./define-tool.ts";
import { attempt, line, next, ownedPath, ownTask, repeated } from "./fields.ts";
import { programKey } from "./keys.ts";
import { ownTaskId } from "./own-task.ts";

export const taskExtend = agentTool({
  name: "task_extend",
  title: "Ask for more files",
  description:
    "Ask for files your task does not own but needs, before you change them. You get them at once unless another task may change them; the reviewer sees what you asked for and why. Three times per attempt.",
  audience: ["worker"],
  kind: "write",
  input: z.strictObject({
    attempt: attempt(),
    files: z.array(ownedPath()).min(1).max(10),
    why: line(200).describe("Why the task needs them"),
    task: ownTask(),
  }),
  output: z.object({ task: z.string(), files: z.array(z.string()), repeated: repeated(), next: next() }),
  async handle({ attempt, files, why, task: named }, call) {
    const task = await ownTaskId(call, named);
    const answer = await call.submit({ type: "extend_task", task, attempt, files, why }, programKey(call));
    const all = await call.swarm.look((state) => state.tasks.get(task)?.files ?? []);
    return { task, files: [...all], ...(answer.repeated ? { repeated: true } : {}), next: "Go on; task_submit takes these files too." };
  },
});
