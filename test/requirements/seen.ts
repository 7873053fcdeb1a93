/** What a person sees of sessions: transcripts, logs, attach, doctor, prices; and what is taken out before it is written. */
export default {
  "seen.redact.known": "A secret that is known never stands in a text that is written, whole, overlapping, escaped or cut at an end.",
  "seen.redact.forms": "What looks like a well-known credential is taken out; ordinary text stays as it is.",
  "seen.redact.log": "The host's own log holds no secret it knows, in messages, fields and errors.",
  "seen.transcript": "Every session leaves a transcript: messages, words, tools with their results, denials, turns with usage, its end.",
  "seen.transcript.bounds":
    "A transcript is appended to, has an end with a mark, skips torn lines, and loses lines and not the session when the disk is full.",
  "seen.transcript.redacted":
    "A secret a session was started with stands in no transcript, no event and no log, also when the session prints it.",
  "seen.price":
    "A turn whose CLI counts tokens alone is charged by a table with a date, marked as an estimate; the project's prices come first.",
  "seen.price.unknown": "A model without a price costs nothing that is made up, and what a CLI reports is never replaced.",
  "seen.logs": "skep logs <agent> shows its newest session, --session one, --all each, -f goes on over its sessions to the swarm's end.",
  "seen.logs.name": "The name given to skep logs is a swarm that exists, else an agent; anything else is refused with what there is.",
  "seen.logs.foreign":
    "What agents and programs wrote is marked as theirs in a transcript and cannot move the cursor, colour or hide anything.",
  "seen.attach.domain":
    "A session goes to a person at the end of its turn or at once, keeps job, attempt and CLI session, is owed nothing meanwhile, and is resumed.",
  "seen.attach":
    "skep attach hands an agent's session to the person with the CLI's own command, in its worktree, and back: same attempt, same CLI session.",
  "seen.attach.print": "--print, --json and a pipe print the command and leave the session handed over; --back gives it back.",
  "seen.attach.refused":
    "A CLI that cannot be attached to, an agent without a session and an unknown agent are refused before anything is stopped.",
  "seen.doctor":
    "doctor looks at node, git, repository, state, config, rules, host, agent CLIs, environment, budgets and prices: a line each, with the fix.",
  "seen.doctor.agents":
    "doctor names a missing, too old or untried agent CLI, whether a role uses it, and whether a sign-in is there, without reading it.",
  "seen.doctor.exit":
    "doctor ends with 1 when something has to be mended, else with 0, changes nothing, and prints one object with --json.",
  "seen.doctor.registry": "Every look of doctor is one file and one line of its list.",
} as const;
