/** "Why is nothing moving?": the reason and the next step for everything that stands still. */
export default {
  "why.property":
    "In every reachable state the swarm, each open gate, each task that has not ended and each agent has one reason, which agrees with what the engine owes; the step it names is taken.",
  "why.swarm": "A swarm that stands still says in one sentence on what it waits, until when, and what to do.",
  "why.chain": "What waits for something else names the step that helps that one.",
  "why.group": "What stands still for one reason is one line, and an agent without work is none.",
  "why.host": "Without a host that acts for it nothing is said to move, and a question to a person still comes first.",
  "why.words": "A command to copy holds foreign words as one word of the shell.",
  "why.status": "skep status shows the reason and the next step on fifteen prepared swarms that stand still.",
  "why.built": "The built program prints the same, and every command it names exists with its options.",
  "why.json": "skep status --json gives each reason with its code, on whom it waits, and the next command.",
  "why.no-host": "Without a host, and with one that does not stay up, skep status says so and what starts one.",
  "why.tool": "swarm_status lists what does not move, the whole swarm first, each with its next call.",
  "why.docs": "Every reason stands in docs/stuck.md with what it means and on whom it waits.",
  "why.letters": "Letters to the operator that nobody has read stand in skep status and swarm_status, the newest with how they begin.",
} as const;
