/** Promises of the loop. */
export default {
  "engine.path": "the whole job runs through one loop, each effect once",
  "engine.killed": "an engine that dies in any effect is replaced by one that finishes the job",
  "engine.back-off": "a failed effect is tried again with growing waits kept in the log",
  "engine.cap": "an effect that keeps failing ends in a gate",
  "engine.fenced": "an engine whose lease is gone starts nothing and records nothing",
} as const;
