/** What much costs, and what nothing costs. Figures are the bench's; here stands what holds on any machine. */
export default {
  "load.idle":
    "A host whose swarm waits commits nothing, starts no session and no turn, sets off no timer of less than a second, and uses under 5 % of a core.",
  "load.senders": "Sixteen processes that send to one inbox at once have every letter taken, and each is there once.",
  "load.commits": "A command reads, writes and asks the disk for as much in a log of 100,000 commits as in one of 100.",
  "load.git": "A submission is at most eight starts of git, however many came before it, and what it changed is not asked for again.",
  "load.git.free": "A submission does not queue behind other work on the repository's refs.",
} as const;
