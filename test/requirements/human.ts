/** Tasks that a person does. */
export default {
  "human.gate": "A task of a person opens a gate when its time has come; no agent gets it, and no time answers it.",
  "human.why": "Its gate is the reason of the task, of what waits for it and of the swarm.",
  "human.answer": "Done counts as merged; failed is a failure for good; the first answer counts.",
  "human.plan": "It needs no file and no role, unless it escalates to an agent.",
  "human.question": "Its gate asks with the words of the plan: title, brief and criteria.",
} as const;
