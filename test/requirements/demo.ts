/** The demo: what one run of it shows, and that it proves what it says. */
export default {
  "demo.whole": "One run shows every gate at work on a plan of eight tasks in three waves, and lands the result.",
  "demo.attempts": "Each task that is stopped is merged from a later attempt; no other task needs one.",
  "demo.result": "What lands is one commit per task that passes its own tests, with no secret in any commit.",
  "demo.proof": "Each item of the demo's list is read from the log: without its events it is reported as not shown.",
  "demo.limit": "A demo that runs out of time fails, names what did not happen, and leaves nothing behind.",
  "demo.interrupt": "A demo that is interrupted ends its host and removes everything.",
  "demo.ask": "With --ask the person at the terminal answers, and the answer is in the code that lands.",
} as const;
