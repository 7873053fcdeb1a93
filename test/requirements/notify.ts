/** A person is told where they are that a swarm waits for them. */
export default {
  "notify.command":
    "A gate is told once, over any number of hosts, by the user's own program, found outside the repository: words as arguments, facts as JSON, no secret.",
  "notify.url": "Facts are posted to an address on the user's own list alone, tried again once, and no redirect is followed.",
  "notify.lost": "What cannot be told is tried once more, then noted, logged, shown by doctor and left; the swarm waits for none of it.",
  "notify.once": "A host that dies while it tells may tell once again; none loses a gate that is open.",
  "notify.off":
    "Nothing is told without a config of the user's own, of what it leaves out, of an answered gate, or of an end the user made.",
  "notify.words": "Of a stall and of an end nothing an agent wrote goes out; an end that the user made is no news.",
  "notify.try": "skep notify tries each way that is set and says what became of it.",
} as const;
