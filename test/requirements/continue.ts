/** Promises about going on from an ended swarm. */
export default {
  "continue.told":
    "a swarm that goes on from an ended one tells its queen what was merged, what is half done and where, and what its base lacks",
  "continue.solo": "a swarm without a queen has it in the brief of its one task",
  "continue.refused": "a swarm that runs, or is not there, is not gone on from, and no new one is left behind",
  "continue.bounded": "what is told of a long swarm is cut, at a whole line, with where the rest stands",
} as const;
