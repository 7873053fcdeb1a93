import { z } from "zod";
import { swarmTool } from "./define-tool.ts";
import { repeated, seatId } from "./fields.ts";
import { programKey } from "./keys.ts";

export const stopRole = swarmTool({
  name: "stop_role",
  title: "Stop an agent",
  description: "End one agent for good. A task it holds opens again for others and its work is kept. Use it for an agent no longer needed.",
  audience: ["operator", "queen"],
  kind: "destroy",
  input: z.strictObject({ agent: seatId().describe("Agent, e.g. dev-1") }),
  output: z.object({ agent: z.string(), status: z.string(), repeated: repeated() }),
  async handle({ agent }, call) {
    const done = await call.submit({ type: "stop_seat", seat: agent }, programKey(call));
    const status = await call.swarm.look((state) => state.seats.get(agent)?.status ?? "stopped");
    return { agent, status, ...(done.repeated ? { repeated: true } : {}) };
  },
});
