import { planTextFacts, renderPlan } from "../../domain/plan-text.ts";
import { readTexts } from "../../domain/prose.ts";
import { bounded, type ResourceSpec } from "./resource.ts";

export const planResource: ResourceSpec = {
  name: "plan",
  title: "The plan of a swarm",
  description:
    "The plan of a swarm: conditions, approach, tasks by wave, findings of its review. A revision under review, else the one in force.",
  template: "skep://swarms/{swarm}/plan",
  mimeType: "text/markdown",
  changes: { in: "log", mark: (state) => JSON.stringify(planTextFacts(state)) },
  async read({ swarm }) {
    const facts = await swarm.look(planTextFacts);
    if (!facts) return "No plan yet.\n";
    const texts = await readTexts(facts, (prose) => swarm.read(prose));
    return bounded(renderPlan(facts, texts), `task_list with swarm ${swarm.id}, then task_get for each task`);
  },
};
