/** What a task that fails for good means for the rest of its plan. */
export default {
  "policy.best-effort":
    "Unless its plan says otherwise, what does not come after a failed task goes on; a swarm without a queen then ends and says what is missing.",
  "policy.why": "A task that can never begin names the task that failed, however far away.",
  "policy.first-fail": "abort_on_first_fail ends the swarm in the commit that fails a task; running attempts end and their work is kept.",
  "policy.critical": "abort_on_critical_fail ends the swarm when a critical task fails or can never begin any more.",
  "policy.amendment": "An amendment that names no policy keeps the one in force.",
  "policy.caps": "A task's own caps stand in place of budgets.task for it, measure by measure; used up, a person is asked as ever.",
  "policy.any-order":
    "Under any order of commands a plan with every policy, persons, reports and recoveries keeps the invariants and explains itself.",
  "policy.property": "In any plan, whatever fails, the swarm aborts exactly when its policy says so, and nothing behind a failure begins.",
  "escalation.recovers":
    "A failed task goes to the role it escalates to; when that is merged it counts as done, and what waits for it begins.",
  "escalation.briefed":
    "A recovery begins with the work and the history of the failed task, half as much budget again, and none of its authors reviews it.",
  "escalation.once": "A recovery that fails does not escalate again: the policy of the plan applies.",
} as const;
