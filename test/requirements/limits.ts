/** Caps: what ends by itself before it costs more than was allowed. */
export default {
  "domain.session.denials": "Denied tool calls of a session are on record, up to a cap.",
  "domain.session.reason": "A session that is being ended keeps the reason for it.",
  "domain.session.reset": "A session that could not be resumed begins anew in its attempt while its job is open.",
  "limits.idle": "A session that waits for a person costs no model call; a note wakes nobody.",
  "limits.sessions": "Silence, age and turns end a session; the last attempt of a task asks a person.",
  "limits.usd": "A swarm that spent its money is paused at a gate and starts nothing until a person allows more.",
} as const;
