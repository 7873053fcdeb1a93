import { swarmView } from "../../domain/view.ts";
import { statusFacts } from "../status-facts.ts";
import type { ResourceSpec } from "./resource.ts";

export const swarmResource: ResourceSpec = {
  name: "swarm",
  title: "A swarm",
  description: "Where a swarm stands, as swarm_status tells it: plan, tasks, agents, open gates, what does not move and why.",
  template: "skep://swarms/{swarm}",
  mimeType: "application/json",
  changes: {
    in: "log",
    mark(state) {
      const { cursor: _, ...facts } = swarmView(state);
      return JSON.stringify(facts);
    },
  },
  read: async (call) => `${JSON.stringify(await statusFacts(call), null, 2)}\n`,
};
