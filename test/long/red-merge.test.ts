/** Two tasks that pass alone and fail together: the merge result of the second is red, and it goes back while the branch stays green. */
import { afterEach, expect, test } from "vitest";
import { makeRig, type Rig } from "../e2e/support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const CHECK = `import { existsSync, readFileSync } from "node:fs";
const loud = ["t1", "t2"].filter((id) => existsSync(id + ".txt") && readFileSync(id + ".txt", "utf8") === "loud\\n");
if (loud.length === 2) { console.log("both are loud"); process.exit(1); }
`;

const task = (id: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: [${id}.txt], criteria: ["${id}.txt is there"], proof: check_only, meets: [1]}`;
const steps = (id: string, text: string): string => `[
      {edit: ${id}.txt, content: "${text}\\n"},
      {call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["${id}.txt:1"]}}]`;
const PLAYBOOK = `
queen:
  - call: plan_submit
    with: {goal: Two, conditions: [both are there], approach: One each., tasks: [${task("t1")}, ${task("t2")}]}
  - {wait: turn}
  - {call: swarm_complete, with: {summary: both are there}}
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2]}], findings: []}
tasks:
  t1:
    1: ${steps("t1", "loud")}
    default: ${steps("t1", "quiet")}
  t2:
    1: ${steps("t2", "loud")}
    default: ${steps("t2", "quiet")}
reviews:
  default:
    - {call: diff_get, with: {task: "\${task}"}}
    - call: task_review_submit
      with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "\${task}.txt:1"}], findings: []}
`;

test("[e2e.merge.red] a red merge result is sent back with the output while the target stays green", async () => {
  const config = "checks: {commands: [{name: together, argv: [node, check.mjs]}]}";
  const rig = await makeRig({ playbook: PLAYBOOK, files: { "check.mjs": CHECK }, config });
  rigs.push(rig);
  const swarm = await rig.create("Two files");
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 80_000);
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const merged = events.flatMap((event) => (event.type === "task_merged" ? [event] : []));
  const [first, second] = merged;
  const red = events.flatMap((event) => (event.type === "merge_red" ? [event] : []));
  expect(red).toMatchObject([{ tip: first?.sha, tasks: [second?.task], checks: [{ check: "commands", passed: false }] }]);
  const back = events.find((event) => event.type === "attempt_ended" && event.task === second?.task && event.result === "checks_failed");
  expect(back).toMatchObject({ attempt: 1, why: expect.stringContaining("red on the merge result"), findingsCount: 1 });
  expect(await swarm.read(back?.type === "attempt_ended" && back.findings ? back.findings : "")).toContain("both are loud");
  const { branch } = swarm.state;
  expect(["t1", "t2"].map((id) => rig.repo.git("show", `${branch}:${id}.txt`)).sort()).toEqual(["loud", "quiet"]);
  expect(rig.repo.git("rev-list", "--count", `${swarm.state.base}..${branch}`)).toBe("2");
}, 100_000);
