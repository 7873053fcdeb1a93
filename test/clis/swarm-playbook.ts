/** The swarm that real CLIs are driven through: two tasks side by side and one behind them, with one failed attempt. */
const submit = `
      - call: task_submit
        with:
          task: "\${task}"
          attempt: "\${attempt}"
          summary: wrote it and its test
          evidence: ["test/\${task}.test.mjs"]
      - say: handed in
`;
const task = (id: string, title: string, after: string): string => `
          - id: ${id}
            title: ${title}
            brief: Write src/${id}.mjs and its test.
            files: [src/${id}.mjs, test/${id}.test.mjs]
            after: [${after}]
            criteria: ["src/${id}.mjs is tested by test/${id}.test.mjs"]
            proof: tests_pass
            meets: [1]
`;
const test = (id: string, name: string, code: string): string => `
      - edit: test/${id}.test.mjs
        content: |
          import assert from "node:assert/strict";
          import test from "node:test";
          import { ${name} } from "../src/${id}.mjs";
          test("${name}", () => ${code});
`;
const source = (id: string, code: string): string => `
      - edit: src/${id}.mjs
        content: |
          ${code}
`;
const progress = (done: string): string => `
      - call: task_progress
        with: {task: "\${task}", attempt: "\${attempt}", done: ${done}, next: the rest}
`;

/** A reviewer who finds nothing: of plans, or of tasks. */
function reviewed(what: "plan_review" | "reviews"): string {
  if (what === "plan_review")
    return `
plan_review:
  - call: plan_review_submit
    with:
      revision: "\${revision}"
      plan_hash: "\${plan_hash}"
      coverage: [{condition: 1, tasks: [t1, t2, t3]}]
      findings: []
  - say: reviewed`;
  return `
reviews:
  default:
    - call: diff_get
      with: {task: "\${task}"}
    - call: task_review_submit
      with:
        task: "\${task}"
        sha: "\${sha}"
        criteria: [{n: 1, met: "yes", evidence: "test/\${task}.test.mjs:4"}]
        findings: []
    - say: reviewed`;
}

/** What a worker is told while it works, and must have in its context before it hands in. */
export const MAIL = "greet() ends with an exclamation mark";
/** Notes of progress that the driver waits for. */
export const BUSY_WITH_MAIL = "t2 is under way";
export const BUSY_T1 = "t1 is under way";
export const BUSY_AT_KILL = "t3 is under way";

/** Claude Code writes t1, OpenCode t2; the third goes to whoever is free. Codex reads all of it. */
export const MIXED = `
queen:
  - call: plan_submit
    with:
      goal: A small library of three functions
      conditions: ["sum, greet and both are there and tested"]
      approach: One file and one test per function.
      tasks: ${task("t1", "Write sum", "")}${task("t2", "Write greet", "")}${task("t3", "Write both", "t1, t2")}
  - say: planned
  - wait: turn
  - call: swarm_complete
    with: {summary: three functions with their tests}
  - say: done
${reviewed("plan_review")}
tasks:
  t1:
    default:${source("t1", "export const sum = (a, b) => a + b;")}${progress(BUSY_T1)}
      - sleepMs: 4000
${test("t1", "sum", "assert.equal(sum(2, 3), 5)")}
      - run: [curl, "http://127.0.0.1/"]
        expect: fail
      - run: [node, --test]
${submit}
  t2:
    default:${source("t2", "export const greet = (name) => ['Hello, ', name, '!'].join('');")}${test("t2", "greet", 'assert.equal(greet("Ada"), "Hello, Ada!")')}
      - run: [node, --test]
${progress("t2 is written")}${submit}
  t3:
    default:${source("t3", "export const both = (name, a, b) => [name, a + b];")}${test("t3", "both", 'assert.deepEqual(both("Ada", 1, 2), ["Ada", 3])')}${submit}
${reviewed("reviews")}
`;

export const SWARM = `
queen:
  - call: plan_submit
    with:
      goal: A small library of three functions
      conditions: ["sum, greet and both are there and tested"]
      approach: One file and one test per function.
      tasks: ${task("t1", "Write sum", "")}${task("t2", "Write greet", "")}${task("t3", "Write both", "t1, t2")}
  - say: planned
  - wait: turn
  - call: swarm_complete
    with: {summary: three functions with their tests}
  - say: done
${reviewed("plan_review")}
tasks:
  t1:
    1:${source("t1", "export const sum = (a, b) => a - b;")}${test("t1", "sum", "assert.equal(sum(2, 3), 5)")}${submit}
    default:
      - edit: src/t1.mjs
        replace: {find: a - b, with: a + b}
      - run: [node, --test]
${submit}
  t2:
    default:${source("t2", "export const greet = (name) => ['Hello, ', name, '!'].join('');")}${progress(BUSY_WITH_MAIL)}
      - sleepMs: 8000
      - run: [env]
${progress("and read its mail")}${test("t2", "greet", 'assert.equal(greet("Ada"), "Hello, Ada!")')}
      - run: [curl, "http://127.0.0.1/"]
        expect: fail${submit}
  t3:
    default:${source("t3", "export const both = (name, a, b) => [name, a + b];")}${progress(BUSY_AT_KILL)}
      - sleepMs: 6000
${test("t3", "both", 'assert.deepEqual(both("Ada", 1, 2), ["Ada", 3])')}${submit}
${reviewed("reviews")}
`;
