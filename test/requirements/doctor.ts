/** Promises of what `skep doctor` finds, says and mends. */
export default {
  "doctor.fix":
    "what a crash or a careless hand broke in a swarm is found without a change, mended by --fix, told, and the swarm ends well",
  "doctor.codes": "each finding has a code that a page explains; the same finding has the same code in text and in JSON",
  "doctor.clients": "the server of each client's entry is started, said initialize to, timed and ended, and what is wrong with it is named",
  "doctor.clients.foreign": "an entry that names anything but skep is reported and not started, whatever the repository brings",
  "doctor.disk": "room and kind of the file systems of state and worktrees are told, and too little room is a finding",
  "doctor.watching":
    "the kernel's limits on watched files are told beside what is in use; a limit that is near has the line that raises it",
  "doctor.orphans":
    "worktrees of swarms that are gone are found; --fix takes what is nothing but a name, keeps its commit, and leaves what holds files",
  "doctor.audit": "the commits of a running audit are put on no branch",
} as const;
