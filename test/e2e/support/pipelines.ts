/** What scripted agents do in any of the shipped pipelines, and what those are started with. */

const lines = (parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts)
    .map(([id, script]) => `\n  ${id}: ${script}`)
    .join("");

export interface Parts {
  /** Scripts of single tasks, by their id in the pipeline. */
  readonly tasks?: Readonly<Record<string, string>>;
}

export const SUBMIT = `{call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: {each: criteria, give: "the line of \${task}"}}}`;
export const EDIT = `{edit: "\${whoami.task.files.0}", append: "\${task}\\n"}`;

const GIVES = `attempt: "\${attempt}", step: "\${step}", summary: "of \${place}", confidence: 0.9`;

/** Every task does `work` and hands in; every review finds it at `place`. What failed the queen replaces by one task. */
const playbook = (work: readonly string[], place: string, { tasks = {} }: Parts): string => `
queen:
  - when: {message: "replaces what failed"}
    steps:
      - call: plan_submit
        with:
          goal: What is left
          conditions: [What can be done is done]
          approach: The rest falls away.
          tasks: [{id: rest, title: Say what fell away, brief: Say it., files: [docs/rest.md], criteria: [It is said], proof: review_only, meets: [1]}]
  - {when: {message: "Call swarm_complete"}, steps: [{call: swarm_complete, with: {summary: it is over}}]}
plan_review:
  default:
    - call: plan_review_submit
      with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [rest]}], findings: []}
tasks:
  default: [${[...work, SUBMIT].join(", ")}]
  rest: [${EDIT}, ${SUBMIT}]${lines(tasks)}
together:
  default:
    lead: [${EDIT}, {call: collab_contribute, with: {${GIVES}}}]
    default: [{call: collab_contribute, with: {${GIVES}, vote: converged, artifacts: {findings: []}}}]
reviews:
  default: &review
    - {call: diff_get, with: {task: "\${task}"}}
    - call: task_review_submit
      with:
        task: "\${task}"
        sha: "\${sha}"
        criteria: {each: criteria, give: {n: "\${n}", met: "yes", evidence: "${place}"}}
        findings: []
risk:
  default: *review
`;

/** Every task adds a line to the first file it owns. */
export const edits = (parts: Parts = {}): string => playbook([EDIT], `\${whoami.task.files.0}:1`, parts);
/** Every task is a report. */
export const reports = (parts: Parts = {}): string => playbook([], "scope", parts);

/** What has to be given, and one file in place of each list of folders. */
export const GIVEN = {
  docs: { goal: "People who install it", pages: "docs/made.md" },
  refactor: { goal: "Split the parser", scope: "src/made.txt", tests: "test/made.txt" },
  "release-notes": { since: "v1.0.0", version: "v1.1.0" },
  "security-audit": {},
  "team-bugfix": { goal: "An empty list crashes", scope: "src/made.txt", tests: "test/made.txt" },
  "team-deploy": { goal: "v2 to staging", preflight: "git,--version", smoke: "git,--version" },
  "team-feature": { goal: "Users can export", scope: "src/made.txt", acceptance: "test/e2e/made.txt" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;
