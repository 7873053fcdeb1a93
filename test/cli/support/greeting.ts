/** One worker writes a greeting, one reviewer finds it good. `first`: steps of the worker before that. */
export const greeting = (first = ""): string => `
tasks:
  default:
    default:${first}
      - edit: greeting.txt
        content: "hello\\n"
      - call: task_submit
        with: { attempt: "\${attempt}", summary: a greeting, evidence: { each: criteria, give: "greeting.txt:1" } }
reviews:
  default:
    default:
      - call: diff_get
        with: { task: "\${task}" }
      - call: task_review_submit
        with:
          task: "\${task}"
          sha: "\${sha}"
          criteria: { each: criteria, give: { n: "\${n}", met: "yes", evidence: "greeting.txt:1" } }
          findings: []
`;
