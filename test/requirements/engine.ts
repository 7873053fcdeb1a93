/** Promises of the loop. */
export default {
  "engine.path": "the whole job runs through one loop, each effect once",
  "engine.killed": "an engine that dies in any effect is replaced by one that finishes the job",
  "engine.back-off": "a failed effect is tried again with growing waits kept in the log",
  "engine.cap": "an effect that keeps failing ends in a gate",
  "engine.fenced": "an engine whose lease is gone starts nothing and records nothing",
  "engine.mail.states": "a letter's state follows what the session proved, and the proof is kept",
  "engine.mail.dead": "a letter nobody will read is kept, shown with why, and sent on once to an agent that can read it",
  "engine.effect.after-end":
    "an effect that fails for good after the end of a swarm can be tried again, and its gate cannot end the swarm anew",
  "engine.mail.orphaned": "what a host handed over without proof is stored again and handed out by the next host",
  "engine.mail.urgent": "an urgent letter interrupts where the CLI can, goes first, and wakes an idle session",
  "engine.mail.held": "a CLI that takes no text in a turn gets its letters after it, and they stay stored till then",
  "engine.mail.later": "a letter for later is handed over when its time comes, also after a change of hosts",
  "engine.mail.withdrawn": "nothing is marked seen that a session did not take in",
  "engine.mail.idle": "idle costs no model call: notes wait, questions wake, a pause holds both",
  "engine.create.fallback": "A role's other harnesses are its seats' routes; one that is not there is refused at once.",
  "engine.create.crowd": "A team larger than the budget of agents is refused at once.",
  "engine.create.full-routes": "The preset full of a team's own harness, or of one that may be turned to, needs that word too.",
  "engine.create.full": "The preset full needs its own word in the config, and who has it is on record.",
  "engine.day.unreadable": "A swarm that cannot be read does not hide what the others spent today.",
  "engine.sessions.named": "The id a CLI gives itself is written down, however early it comes.",
  "engine.sessions.full": "What a session said while the disk was full is written down once there is room.",
  "engine.start.undone":
    "A start that fails is undone in reverse: no process, no file it put there, no token that works; its reason and the next step are on record.",
  "engine.unrecorded": "What an effect began is taken back when its result cannot be written: no second process beside the first.",
} as const;
