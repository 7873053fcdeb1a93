import { z } from "zod";
import { asId, type TaskId } from "../base/ids.ts";
import type { TaskText } from "../domain/model.ts";
import { agentTool } from "./define-tool.ts";
import { line, next, ownedPath, prose, repeated } from "./fields.ts";
import { digest } from "./keys.ts";
import { proof } from "./plan-fields.ts";

export const taskPropose = agentTool({
  name: "task_propose",
  title: "Propose a task",
  description:
    "Propose work that is not in your task: a defect you saw, a file others must change, a better idea. The queen takes it up or declines it. Go on with your own task; you may not do the proposed work in it.",
  audience: ["worker"],
  kind: "write",
  input: z.strictObject({
    title: line(100),
    brief: prose(1_200).describe("What and why, where to start"),
    files: z.array(ownedPath()).min(1).max(20),
    criteria: z.array(line(240)).min(1).max(8),
    proof: proof.optional(),
    blocks_me: z.boolean().optional().describe("Whether your task cannot go on without it"),
  }),
  output: z.object({ proposal: z.string(), repeated: repeated(), next: next() }),
  async handle({ title, brief, files, criteria, proof = "tests_pass", blocks_me: blocking = false }, call) {
    const text: TaskText = { brief, criteria, contract: null };
    // Made of what it says: the same proposal again is the same one, and two at a time never share an id.
    const id = asId<TaskId>(`p-${digest([call.key ?? "", call.me.seat, title, files, text]).slice(0, 6)}`);
    if (!id) throw new Error("a digest is always an id");
    const known = await call.swarm.look((state) => state.tasks.has(id));
    const kept = await call.swarm.keep(JSON.stringify(text));
    const facts = { id, title, files, criteria: criteria.length, proof, risk: "normal", text: kept, blocking } as const;
    const answer = await call.submit({ type: "propose_task", ...facts });
    return {
      proposal: id,
      ...(answer.repeated || known ? { repeated: true } : {}),
      next: blocking ? "task_release with reason needs_other_files, if nothing of your task can go on" : "go on with your own task",
    };
  },
});
