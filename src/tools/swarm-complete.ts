import { z } from "zod";
import { agentTool } from "./define-tool.ts";
import { prose, repeated } from "./fields.ts";
import { repeatKey } from "./keys.ts";

export const swarmComplete = agentTool({
  name: "swarm_complete",
  title: "Complete the swarm",
  description:
    "Declare the goal met and end the swarm. Call it when all tasks have ended and each condition has a merged task; otherwise it is refused with what is missing. The user then lands the work.",
  audience: ["queen"],
  kind: "write",
  input: z.strictObject({ summary: prose(2_000).describe("What was built, and what was left out") }),
  output: z.object({ status: z.string(), repeated: repeated() }),
  async handle({ summary }, call) {
    const answer = await call.submit({ type: "complete_swarm", summary: await call.swarm.keep(summary) }, repeatKey(call));
    return { status: "completed", ...(answer.repeated ? { repeated: true } : {}) };
  },
});
