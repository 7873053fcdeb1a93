import { z } from "zod";
import { swarmTool } from "./define-tool.ts";
import { repeated } from "./fields.ts";
import { programKey } from "./keys.ts";

export const swarmResume = swarmTool({
  name: "swarm_resume",
  title: "Resume a swarm",
  description: "Go on with a paused swarm; every task is where it stood. Then swarm_wait.",
  audience: ["operator"],
  kind: "write",
  openWorld: true,
  input: z.strictObject({}),
  output: z.object({ swarm: z.string(), status: z.string(), repeated: repeated() }),
  async handle(_, call) {
    const done = await call.submit({ type: "resume_swarm" }, programKey(call));
    const status = await call.swarm.look((state) => state.status);
    return { swarm: call.swarm.id, status, ...(done.repeated ? { repeated: true } : {}) };
  },
});
