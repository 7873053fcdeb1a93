import { z } from "zod";
import { swarmTool } from "./define-tool.ts";
import { repeated } from "./fields.ts";
import { programKey } from "./keys.ts";

export const swarmPause = swarmTool({
  name: "swarm_pause",
  title: "Pause a swarm",
  description: "Pause a swarm: turns that run may end, no new one starts, nothing is lost. Use it to look first. swarm_resume goes on.",
  audience: ["operator"],
  kind: "write",
  input: z.strictObject({}),
  output: z.object({ swarm: z.string(), status: z.string(), repeated: repeated() }),
  async handle(_, call) {
    const done = await call.submit({ type: "pause_swarm" }, programKey(call));
    const status = await call.swarm.look((state) => state.status);
    return { swarm: call.swarm.id, status, ...(done.repeated ? { repeated: true } : {}) };
  },
});
