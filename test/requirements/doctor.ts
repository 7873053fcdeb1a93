/** Promises of what `skep doctor` finds, says and mends. */
export default {
  "doctor.fix":
    "what a crash or a careless hand broke in a swarm is found without a change, mended by --fix, told, and the swarm ends well",
  "doctor.codes": "each finding has a code that a page explains; the same finding has the same code in text and in JSON",
  "doctor.clients": "the server of each client's entry is started, said initialize to, timed and ended, and what is wrong with it is named",
  "doctor.clients.foreign": "an entry that names anything but skep is reported and not started, whatever the repository brings",
  "doctor.audit": "the commits of a running audit are put on no branch",
} as const;
