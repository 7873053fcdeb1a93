/** The smallest whole swarm that owes every kind of effect: two tasks in order; the first worker dies once in its work. */
const finish = `
      - call: task_submit
        with:
          task: "\${task}"
          attempt: "\${attempt}"
          summary: did what was asked
          evidence: ["the file is there"]
`;
const review = `
    default:
      - call: diff_get
        with: {task: "\${task}"}
      - call: task_review_submit
        with:
          task: "\${task}"
          sha: "\${sha}"
          criteria: [{n: 1, met: "yes", evidence: "out/\${task}.txt:1"}]
          findings: []
`;
const task = (id: string, after: string): string => `
          - id: ${id}
            title: Write ${id}.txt
            brief: Write the file ${id}.txt.
            files: [out/${id}.txt]
            after: [${after}]
            criteria: ["out/${id}.txt exists"]
            proof: check_only
            meets: [1]
`;

export const TWO_TASKS = `
queen:
  - call: plan_submit
    with:
      goal: Two files
      conditions: ["both files exist"]
      approach: One file per task.
      tasks: ${task("t1", "")}${task("t2", "t1")}
  - wait: turn
  - call: swarm_complete
    with: {summary: both are there}
plan_review:
  - call: plan_review_submit
    with:
      revision: "\${revision}"
      plan_hash: "\${plan_hash}"
      coverage: [{condition: 1, tasks: [t1, t2]}]
      findings: []
tasks:
  t1:
    1:
      - edit: out/t1.txt
        content: "half\\n"
      - crash: true
    default:
      - sleepMs: 0
      - edit: out/t1.txt
        content: "one\\n"${finish}
  t2:
    default:
      - edit: out/t2.txt
        content: "two\\n"${finish}
reviews:
  default:${review}
`;
