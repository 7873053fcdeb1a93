/** Rules from a commit to an agent and back: told in the briefing and the review request, and decided on the submission. */
import { afterEach, expect, test } from "vitest";
import { first } from "../e2e/support/first.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const HOUSE = `---
id: house
title: House rules
version: 1
tier: project
paths: ["src/**/*.ts"]
example: src/clock.ts
counter: docs/clock.md
patterns:
  - pattern: '\\bnew Date\\(\\)'
    message: the clock is read in the middle of things
    fix: Take the time as an argument.
    example: "const now = new Date();"
    counter: "const then = new Date(now);"
---
- Time comes in as an argument, so that a test can choose it.
`;

const submit = `{call: task_submit, with: {task: "\${task}", attempt: "\${attempt}", summary: done, evidence: ["src/clock.ts:1"]}}`;
const PLAYBOOK = `
tasks:
  t1:
    1:
      - {say: "whoami names \${whoami.rules.0} and \${whoami.rules.1}"}
      - {edit: src/clock.ts, content: "export const now = () => new Date();\\n"}
      - {edit: test/clock.test.ts, content: "test.only('tells the time', () => {});\\n"}
      - ${submit}
    2:
      - {edit: src/clock.ts, content: "export const now = (time: number) => new Date(time);\\n"}
      - {edit: test/clock.test.ts, content: "test('tells the time', () => {});\\n"}
      - ${submit}
reviews:
  default:
    - {call: diff_get, with: {task: "\${task}"}}
    - call: task_review_submit
      with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "src/clock.ts:1"}], findings: []}
`;

test("[rules.told][rules.returns] rules reach the worker and the reviewer; a submission that breaks one is returned with its name", async () => {
  const files = { "tsconfig.json": "{}", ".skep/rules/house.md": HOUSE, "legacy/old.ts": "export const old = new Date();\n" };
  const rig = await makeRig({ playbook: PLAYBOOK, files, config: "checks: {commands: []}" });
  rigs.push(rig);
  const swarm = await rig.create("Tell the time", "solo");
  await rig.until(swarm, "the end", (state) => state.status === "completed");
  const { tasks } = swarm.state;
  expect(tasks.get("t1" as never)?.history.map(({ attempt, result }) => `${attempt} ${result}`)).toEqual(["1 checks_failed", "2 merged"]);
  const wanted = (await swarm.events(0)).flatMap(({ events }) => events).filter((event) => event.type === "session_wanted");
  const of = (kind: string): readonly string[] => wanted.filter(({ job }) => job.kind === kind).map(({ session }) => session);
  const [one = "", two = ""] = await Promise.all(of("task").map((id) => first("message", rig, swarm.id, id)));
  expect(one).toContain("house:\n- Time comes in as an argument, so that a test can choose it.\ntypescript:\n- Data from outside");
  expect(one).not.toMatch(/^(python|go|rust):$/m);
  expect(two).toContain(
    "forbidden-patterns src/clock.ts:1: the clock is read in the middle of things (rule house). Take the time as an argument.",
  );
  expect(two).toContain(
    "forbidden-patterns test/clock.test.ts:1: a focused test keeps the others from running (rule no-skipped-tests). Remove .only.",
  );
  expect(await first("text", rig, swarm.id, of("task")[0] ?? "")).toBe("whoami names house and typescript");
  const [request = ""] = await Promise.all(of("review").map((id) => first("message", rig, swarm.id, id)));
  expect(request).toContain("house:\n- Time comes in as an argument");
  expect(request).not.toContain("own-files");
}, 90_000);
