/** Promises about what ended swarms keep on disk. */
export default {
  "retention.room":
    "transcripts go when they are old, or as far as the room asks, the oldest first; logs are packed only of swarms with nothing left to land",
  "retention.archive": "an ended swarm is packed whole, says so where it is looked for, and is as it was when it is unpacked",
  "retention.refs": "a swarm of which gc keeps a ref is not packed away",
  "retention.written": "a swarm that is written to while it is packed is not packed",
} as const;
