/** Promises of the loop. */
export default {
  "engine.path": "the whole job runs through one loop, each effect once",
  "engine.killed": "an engine that dies in any effect is replaced by one that finishes the job",
  "engine.back-off": "a failed effect is tried again with growing waits kept in the log",
  "engine.cap": "an effect that keeps failing ends in a gate",
  "engine.fenced": "an engine whose lease is gone starts nothing and records nothing",
  "engine.mail.states": "a letter's state follows what the session proved",
  "engine.mail.withdrawn": "nothing is marked seen that a session did not take in",
  "engine.mail.idle": "idle costs no model call: notes wait, questions wake, a pause holds both",
} as const;
