/** A swarm in which nothing moves pauses itself, and goes on with the next message, answer or command that gives it work. */
export default {
  "idle.pause": "After the set time in which nothing moved a swarm pauses itself: one event with why, one line in the feed and the status.",
  "idle.still": "A running turn, work that is owed, and a time that will bring something are no idleness.",
  "idle.sessions": "Sessions end when a swarm pauses itself and are resumed in the same attempt; only one that is owed a turn gets one.",
  "idle.resume": "A message or an answer of the operator, or their command that gives it work, resumes a swarm that paused itself.",
  "idle.person": "The pause of a person or of a budget is never undone by a message, an answer or other work.",
  "idle.property": "In any order of commands a swarm pauses itself only while nothing runs, is owed or is to come, and goes on as it was.",
  "idle.mail": "A letter that came, and one that is still to be shown, keep a swarm from pausing itself for as long as any other move.",
  "idle.race": "Between a letter and the pause the order of the log decides: the swarm runs on, or goes on.",
  "idle.off": "pauseMinutes is pinned when a swarm is made; null and 0 turn it off, and so does a log that does not name it.",
  "idle.host":
    "A host ends beside swarms that paused themselves; skep answer, skep send and message_send start it, and the work goes on to its end.",
} as const;
