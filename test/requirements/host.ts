/** Processes: the ledger every process folds, handles and projects, the lease, the host and its keeper. */
export default {
  "engine.ledger.race": "Of two processes that claim one task at the same time, one is refused on the state the other made.",
  "engine.ledger.keys": "A repeated idempotency key gets the first answer, across processes and restarts.",
  "engine.ledger.already": "A wish that is fulfilled already is answered without a line in the log.",
  "engine.ledger.author": "Every commit names who made it and the command it came from.",
  "engine.ledger.skew": "A swarm that pins other rules can be read, and a command to it fails with VERSION_SKEW.",
  "engine.ledger.agree": "Processes that write in any order fold one history, and every yes stands in it exactly once.",
  "engine.ledger.unknown": "A write of unknown outcome is an error; the same key afterwards gives exactly one commit.",
  "engine.ledger.durable": "No answer, look or listener shows a commit that is not on disk.",
  "engine.ledger.sync-failed": "When the disk does not confirm, nobody gets a yes.",
} as const;
