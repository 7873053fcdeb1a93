/** Tasks whose result is a report, and checks of one task. */
export default {
  "report.plan": "A report needs no file, and gets none while it runs.",
  "report.commit": "An empty submission of a report is a commit of its own, made once and merged like any other.",
  "report.refused": "A report that changed a file is refused with the list, whatever files its plan names; what it changed is kept.",
  "report.read": "The reviewer reads the report in place of a diff; the workers of what comes after it are told it.",
  "checks.task": "Programs a plan states for one task decide by their exit, on its submission.",
  "checks.task.fails": "A program that has to fail passes while it fails, and blocks when it succeeds.",
  "checks.task.proves": "A program that could not be started or did not end proves nothing, though it was to fail.",
} as const;
