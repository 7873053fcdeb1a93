import { z } from "zod";
import { swarmTool } from "./define-tool.ts";
import { statusFacts, statusFields } from "./status-facts.ts";
import { wakeHost } from "./swarm-call.ts";

export const swarmStatus = swarmTool({
  name: "swarm_status",
  title: "Show a swarm",
  description:
    "Show where a swarm stands: plan, tasks, agents, gates, what does not move and why, what you do next. To follow it: swarm_wait.",
  audience: ["operator"],
  kind: "read",
  input: z.strictObject({}),
  output: z.object(statusFields),
  async handle(_, call) {
    await wakeHost(call.swarm, call.project);
    return statusFacts(call);
  },
});
