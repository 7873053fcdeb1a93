import { framed } from "../../domain/foreign.ts";
import type { PromptSpec } from "./prompt.ts";

/** The way of a goal. The plugin's skill `run` says the same, to clients that show no prompts or cut their arguments. */
export const RUN_STEPS = `1. Settle first what the goal leaves open: what shall be true at the end that somebody could check, and what must stay as it is. Look into the repository for what it answers. Ask the user about the rest in one message; agents that meet an open question later cost more. If one small edit would do, say so and offer it instead.
2. Call swarm_create with the settled goal, and with a team if the user named one. Tell the user the swarm's id, the estimate if there is one, and the files named in \`unseen\`, which no agent will see.
3. Call swarm_wait with the cursor of the last answer, again and again. Tell the user only what changes their picture: a plan, a merged task, a returned one, something that does not move and why. Do not edit files the swarm works on.
4. When a gate is open, show the user its question, its options and what each of them means, and wait for their decision. Pass it on with gate_answer in their words. Never decide for them.
5. When the swarm has ended, say what was merged, what failed and why, and what it cost. Ask whether to land it; after their yes call swarm_land.
`;

export const runGoal: PromptSpec = {
  name: "run-goal",
  title: "Run a goal with a swarm",
  description:
    "Take a goal from start to landing with a swarm of agents: settle what is open, start, follow, bring you every decision, land.",
  // One alone: clients that fill in words by their place would take the second for another argument.
  arguments: [{ name: "goal", description: "What shall be true at the end, and what to leave alone", required: true, completes: null }],
  tools: ["swarm_create", "swarm_wait", "gate_answer", "swarm_land"],
  async text({ goal = "" }) {
    return `Run this goal with skep, from its start to its landing. The goal, in the user's words (some clients pass on its beginning alone; then the whole of it stands above):

${framed(goal)}

${RUN_STEPS}`;
  },
};
