/** Caps: what ends by itself before it costs more than was allowed. */
export default {
  "domain.session.denials": "Denied tool calls of a session are on record, up to a cap.",
  "domain.session.reason": "A session that is being ended keeps the reason for it.",
  "domain.session.reset": "A session that could not be resumed begins anew in its attempt while its job is open.",
  "limits.idle": "A session that waits for a person costs no model call; a note wakes nobody.",
  "limits.sessions": "Silence, age and turns end a session; the last attempt of a task asks a person.",
  "limits.usd": "A swarm that spent its money is paused at a gate and starts nothing until a person allows more.",
  "budget.agent": "An agent that used its budget is parked at a gate; the others go on.",
  "budget.agents": "No more agents join a swarm than its budget allows.",
  "budget.day": "The budget of a day counts all swarms of the project, and the next day they go on by themselves.",
  "budget.minutes": "A swarm's running time is capped; pauses are not counted.",
  "budget.task": "A task that used its budget is parked with its session and goes on in it when a person allows more.",
  "budget.task.done": "No review of a task starts beyond the task's budget without a person.",
  "budget.task.give-up": "A parked task can be given up, and its work stays.",
  "budget.warn": "At the warning share of a cap there is one warning.",
  "limits.day": "Swarms that run side by side share the day's budget.",
  "limits.quota": "A used-up account rests for all sessions until its reset, and they go on by themselves.",
} as const;
