/** Promises about what ended swarms keep on disk. */
export default {
  "retention.room":
    "transcripts go and landed swarms are packed when they are old; younger ones, and then archives, only as far as the room asks, the oldest first; a swarm with something left to land keeps its log",
  "retention.dry": "a dry run names what each of its steps would take and takes nothing; without a yes nothing is taken",
  "retention.said": "a new swarm and doctor say when more is kept than has room",
  "retention.archive": "an ended swarm is packed whole, says so where it is looked for, and is as it was when it is unpacked",
  "retention.refs": "a swarm of which gc keeps a ref is not packed away",
  "retention.killed": "what a killed packing of a swarm left goes with the next packing of it",
  "retention.size": "what goes while sizes are summed up counts nothing, and no swarm is refused for it",
  "retention.written": "a swarm that is written to while it is packed is not packed",
} as const;
