import { z } from "zod";
import { swarmTool } from "./define-tool.ts";
import { repeated, roleId } from "./fields.ts";

export const spawnRole = swarmTool({
  name: "spawn_role",
  title: "Add agents of a role",
  description:
    "Set how many agents of a role the swarm has; missing ones are added. Use it when open tasks wait for a free worker, or a task wants a role no agent has. Never ends one: stop_role does.",
  audience: ["operator", "queen"],
  kind: "write",
  openWorld: true,
  input: z.strictObject({
    role: roleId(),
    agents: z.int().min(1).max(64).describe("How many of this role in all"),
  }),
  output: z.object({ agents: z.array(z.string()), added: z.array(z.string()), repeated: repeated() }),
  async handle({ role, agents }, call) {
    const before = await call.swarm.look((state) =>
      [...state.seats.values()].map(({ seat, role: its, status }) => ({ seat, role: its, status })),
    );
    const active = before.filter((one) => one.role === role && one.status === "active").map((one) => one.seat);
    const missing = agents - active.length;
    if (missing <= 0) return { agents: active, added: [], repeated: true };
    const specs = await call.services.seats(
      call.swarm,
      role,
      missing,
      before.map((one) => one.seat),
    );
    // No key: the number asked for makes a repeat harmless, and a seat that is there already is not added again.
    for (const seat of specs) await call.submit({ type: "spawn_seat", seat });
    const added = specs.map((one) => one.seat);
    return { agents: [...active, ...added], added };
  },
});
