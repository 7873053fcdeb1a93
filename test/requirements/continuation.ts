/** Promises about going on from an ended swarm. */
export default {
  "continuation.told":
    "a swarm that goes on from an ended one tells its queen what was merged, what is half done and where, and what its base lacks",
  "continuation.solo": "a swarm without a queen has it in the brief of its one task",
  "continuation.refused": "a swarm that runs, or is not there, is not gone on from, and no new one is left behind",
  "continuation.bounded": "what is told of a long swarm is cut, at a whole line, with where the rest stands",
} as const;
