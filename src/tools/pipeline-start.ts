import { z } from "zod";
import { projectTool } from "./define-tool.ts";
import { next, repeated } from "./fields.ts";
import { programKey } from "./keys.ts";
import { orderOf, pipelineRun } from "./pipeline-fields.ts";

export const pipelineStart = projectTool({
  name: "pipeline_start",
  title: "Start a pipeline",
  description: "Start a swarm with a pipeline as its plan, begun at once or on the user's word. Then swarm_wait.",
  audience: ["operator"],
  kind: "write",
  openWorld: true,
  input: z.strictObject({ ...pipelineRun, draft: z.boolean().optional().describe("Its queen plans from it") }),
  output: z.object({
    swarm: z.string(),
    branch: z.string(),
    tasks: z.array(z.string()),
    unseen: z.array(z.string()).optional(),
    room: z.string().optional(),
    repeated: repeated(),
    next: next(),
  }),
  async handle({ draft = false, ...given }, call) {
    const { order: run, team, flags } = orderOf(given);
    const order = draft ? { ...run, draft } : run;
    const key = programKey(call);
    const made = await call.project.create({ goal: "", pipeline: order, team, flags, ...(key === undefined ? {} : { key }) });
    const { swarm, branch, tasks } = await made.handle.look(({ id, branch, tasks: all, plan }) => ({
      swarm: id,
      branch,
      tasks: all.size > 0 ? [...all.keys()] : (plan.pending?.tasks.map((task) => task.id) ?? []),
    }));
    return {
      ...{ swarm, branch, tasks },
      ...(made.unseen.length > 0 ? { unseen: [...made.unseen] } : {}),
      ...(made.room ? { room: made.room } : {}),
      ...(made.repeated ? { repeated: true } : {}),
      next: `swarm_wait with swarm ${swarm}`,
    };
  },
});
