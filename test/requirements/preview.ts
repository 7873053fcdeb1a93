/** What a plan promises before it is carried out. */
export default {
  "plan.preview.bound":
    "A preview never promises more speed than workers, tasks and the longest chain allow; more order never makes it faster.",
  "plan.preview.one-agent": "A preview says that one agent would do, and why, by rules anybody can check.",
  "plan.preview.lines": "A preview is a few lines, numbers first, with how to have one agent do it.",
  "plan.preview.state": "A swarm has the preview of the plan under review, else of the one in force.",
} as const;
