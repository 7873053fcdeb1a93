import { z } from "zod";
import { swarmTool } from "./define-tool.ts";
import { line, next, repeated } from "./fields.ts";
import { programKey } from "./keys.ts";

export const swarmStop = swarmTool({
  name: "swarm_stop",
  title: "Stop a swarm for good",
  description:
    "End a swarm for good: its agents stop and nothing more is merged. Work stays on its branches; merged work can still be landed. To go on later use swarm_pause.",
  audience: ["operator"],
  kind: "destroy",
  input: z.strictObject({ why: line(200).optional().describe("For the record") }),
  output: z.object({ swarm: z.string(), status: z.string(), repeated: repeated(), next: next() }),
  async handle({ why = "stopped by the operator" }, call) {
    const done = await call.submit({ type: "stop_swarm", why }, programKey(call));
    const { status, merged } = await call.swarm.look((state) => ({ status: state.status, merged: state.byStatus.merged.size }));
    return {
      swarm: call.swarm.id,
      status,
      ...(done.repeated ? { repeated: true } : {}),
      next: merged > 0 ? `swarm_land with swarm ${call.swarm.id}, if the merged work is wanted` : "nothing: no work was merged",
    };
  },
});
