/** Conflicts with merged work, and who resolves them. */
export default {
  "resolver.owner": "a task that conflicts goes back to the one who made it",
  "resolver.gone": "when that one is gone the next attempt goes to the resolver of the team, and the log says why",
  "resolver.twice": "so it does after two conflicts in a row",
  "resolver.none": "without a resolver in the team another of the task's own role takes it",
  "resolver.goes-on": "a resolver keeps what it began until it gives it back",
  "resolver.sides":
    "the briefing of an attempt with a conflict quotes title, criteria and contract of the merged tasks that may have made the other side, within its size",
  "resolver.lost": "the reviewer of a resolution is shown the added lines of either side that the result lacks",
  "resolver.lost.moved": "a line that moved, an indentation and a bracket alone are not lost",
  "resolver.e2e":
    "in a real swarm a three-way conflict whose maker was stopped is resolved by the resolver in a new attempt, read again and merged",
} as const;
