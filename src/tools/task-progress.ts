import { z } from "zod";
import { agentTool } from "./define-tool.ts";
import { attempt, ownTask, prose, repeated } from "./fields.ts";
import { repeatKey } from "./keys.ts";
import { ownTaskId } from "./own-task.ts";

export const taskProgress = agentTool({
  name: "task_progress",
  title: "Note your progress",
  description:
    "Save a note for whoever goes on with your task if you are cut off. Call it after each finished step; the last note counts. It changes no status: task_submit hands the work in.",
  audience: ["worker"],
  kind: "write",
  input: z.strictObject({
    attempt: attempt(),
    done: prose(800),
    next: prose(300).describe("The next step"),
    learned: prose(800).optional().describe("What a successor must know"),
    task: ownTask(),
  }),
  output: z.object({ task: z.string(), noted: z.boolean(), repeated: repeated() }),
  async handle({ attempt, done, next, learned = "", task: named }, call) {
    const task = await ownTaskId(call, named);
    const note = { done, next, learned };
    const progress = await call.swarm.keep(JSON.stringify(note));
    const answer = await call.submit({ type: "report_progress", task, attempt, progress }, repeatKey(call, task, attempt, note));
    return { task, noted: true, ...(answer.repeated ? { repeated: true } : {}) };
  },
});
