/** Promises of whole swarms, through real processes. */
export default {
  "e2e.swarm": "a goal becomes a reviewed, merged branch, and the user's checkout stays as it was",
  "e2e.kill.complete": "the kill matrix names every effect",
  "e2e.kill": "a host killed after every kind of effect is replaced, and the swarm ends with the same result",
  "e2e.kill.before": "a host killed before every kind of effect is replaced, and the swarm ends with the same result",
  "e2e.takeover": "a killed host's live sessions go on under the next one: same attempt, same CLI session, new token",
  "e2e.mail": "mail reaches a busy session and is seen, once",
  "e2e.mail.killed": "a letter whose host was killed before the proof is handed over again, and one for later comes at its time",
  "e2e.mail.absent": "mail to a seat without a session is handed to its next one, behind the briefing",
  "e2e.kill.demo": "the demo comes to the same files though its host is killed around every kind of effect",
  "e2e.kept": "Kept sessions of workers and reviewers do job after job in one process each.",
  "e2e.kept.saved":
    "Work that a kept session gives back is saved while the session stays, also when the host is killed around it, and the next attempt has it.",
  "e2e.merge.red": "A red merge result is sent back with the output while the integration branch stays green.",
} as const;
