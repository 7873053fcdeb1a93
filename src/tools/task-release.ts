import { z } from "zod";
import { inline } from "../domain/foreign.ts";
import { agentTool } from "./define-tool.ts";
import { attempt, next, ownTask, prose, repeated } from "./fields.ts";
import { programKey } from "./keys.ts";
import { ownTaskId } from "./own-task.ts";

export const taskRelease = agentTool({
  name: "task_release",
  title: "Give a task back",
  description:
    "Give your task back: it opens again, your work stays on its branch and the queen is told. Call it when criteria contradict each other, you need files that are not yours, or two approaches failed. Giving back is normal and costs nothing; a wrong result costs an attempt.",
  audience: ["worker"],
  kind: "write",
  input: z.strictObject({
    attempt: attempt(),
    reason: z.enum(["stuck", "impossible", "needs_other_files", "not_mine"]),
    detail: prose(2_000).describe("What stands in the way, with path:line or quoted criteria"),
    task: ownTask(),
  }),
  output: z.object({ task: z.string(), status: z.string(), repeated: repeated(), next: next() }),
  async handle({ attempt, reason, detail, task: named }, call) {
    const task = await ownTaskId(call, named);
    const text = await call.swarm.keep(detail);
    const command = { type: "release_task", task, attempt, reason, detail: text, line: inline(detail, 160) } as const;
    const answer = await call.submit(command, programKey(call));
    return {
      task,
      status: "released",
      ...(answer.repeated ? { repeated: true } : {}),
      next: "End your turn: you are woken for other work.",
    };
  },
});
