/** Sessions that show no work, or do the same again and again: seen by evidence, spoken to, told of, ended last. */
export default {
  "supervision.tiers": "A stall goes up the tiers in their order, each once; work begins them anew, and nothing is ended before the last.",
  "supervision.evidence":
    "Tool calls, what a model or tool puts out and changed files are work; echoes, nudges, keep-alives and retries are not.",
  "supervision.files": "A session whose files change is not ended for its silence.",
  "supervision.tools": "A session whose tools compute in silence is not ended for it; one whose tool only waits is.",
  "supervision.unknown": "A session whose work cannot be seen is told of, and never ended for its silence.",
  "supervision.last-words": "What a session's program printed last is kept with its end, bounded and without secrets.",
  "supervision.gone": "A session whose process is proven gone is over at the next look.",
  "supervision.nudge": "A stalled session is told what is wrong with it, in its running turn where its CLI takes a word.",
  "supervision.warn": "The queen is woken for a stalled agent, and the status and the feed name it with what is wrong.",
  "supervision.letter":
    "The operator gets one letter per stall, from skep itself and without a model: exactly once, also when hosts die over it, and at most five about a session.",
  "supervision.probe":
    "Before a stalled session is ended it is asked for a note in a bounded time; who answers leaves its attempt to a fresh session.",
  "supervision.loop": "The same tool call with the same arguments again and again is named, counted and goes up the same tiers.",
  "supervision.turns":
    "Turns that end without progress are counted: after five one word that names what is missing, after one more a note is asked for and a fresh session goes on in the same attempt; words and mail are no progress, changed files are, and whoever waits is not counted.",
  "supervision.kill": "A host that dies at a look or at the last question leaves a session that is looked at again.",
  "supervision.check-in":
    "The queen is told what changed without her, at most once per interval, also when she needs a new session for it.",
  "supervision.check-in.idle": "When nothing happened no turn begins, however long that lasts.",
  "supervision.settings": "Stall time and tiers are data of the project, pinned when a swarm is made.",
} as const;
