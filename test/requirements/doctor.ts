/** Promises of what `skep doctor` mends. */
export default {
  "doctor.fix":
    "what a crash or a careless hand broke in a swarm is found without a change, mended by --fix, told, and the swarm ends well",
  "doctor.audit": "the commits of a running audit are put on no branch",
} as const;
