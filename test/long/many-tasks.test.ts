/** Two hundred tasks planned, written, reviewed and merged by one swarm, on a checkout somebody works in. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { checkoutState } from "../support/repo.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const TASKS = 200;
/** What the host may hold in memory at its fullest moment. */
const MOST_MIB = 300;
/** What one plan may hold; the queen hands in the next one when all of the last is merged. */
const PLAN = 20;
const PLANS = Array.from({ length: Math.ceil(TASKS / PLAN) }, (_, n) =>
  Array.from({ length: Math.min(PLAN, TASKS - n * PLAN) }, (_, index) => `t${n * PLAN + index + 1}`),
);
const task = (id: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: [out/${id}.txt], criteria: ["${id}.txt is there"], proof: check_only, meets: [1]}`;
const plan = (ids: readonly string[]): string => `
  - call: plan_submit
    with: {goal: Many files, conditions: [all are there], approach: One each., tasks: [${ids.map(task)}]}
  - {wait: turn}`;
const approval = (ids: readonly string[], n: number): string => `
  ${n + 1}:
    - call: plan_review_submit
      with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [${ids}]}], findings: []}`;
const PLAYBOOK = `
queen:${PLANS.map(plan).join("")}
  - {call: swarm_complete, with: {summary: all are there}}
plan_review:${PLANS.map(approval).join("")}
tasks:
  default:
    - {edit: "out/\${task}.txt", content: "\${task}\\n"}
    - {call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["out/\${task}.txt:1"]}}
reviews:
  default:
    - {call: diff_get, with: {task: "\${task}"}}
    - call: task_review_submit
      with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "out/\${task}.txt:1"}], findings: []}
`;
const TEAM = `id: many
title: Many hands
seats: [{role: queen}, {role: reviewer, count: 2}, {role: developer, count: 4}]
`;

/** The fullest moment of the host so far, in MiB; 0 where the system does not tell. */
function fullest(rig: Rig): number {
  const { holder } = JSON.parse(readFileSync(path.join(rig.project.home, "host", "holder.json"), "utf8")) as { holder: { pid: number } };
  const status = `/proc/${holder.pid}/status`;
  return existsSync(status) ? Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(status, "utf8"))?.[1]) / 1024 : 0;
}

test(
  "[merge.many] a swarm merges 200 tasks; the user's checkout is as it was, the repository sound, and the host small",
  async () => {
    const rig = await makeRig({
      playbook: PLAYBOOK,
      files: { ".skep/templates/teams/many.yaml": TEAM },
      config: "limits: {workers: 4}",
    });
    rigs.push(rig);
    const { repo } = rig;
    repo.write({ "src/a.txt": "stashed\n" });
    repo.git("stash");
    repo.write({ "src/b.txt": "the user works on\n", "untracked.txt": "u\n" });
    repo.git("add", "src/b.txt");
    const before = checkoutState(repo);
    const swarm = await rig.create("Many files", "many");
    await rig.until(
      swarm,
      "the last merge",
      ({ byStatus, openGates }) => byStatus.merged.size === TASKS || openGates.size > 0,
      25 * 60_000,
    );
    expect([...swarm.state.openGates]).toEqual([]);
    expect(fullest(rig)).toBeLessThan(MOST_MIB);
    await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 60_000);
    const { branch, base, byStatus } = swarm.state;
    expect(byStatus.merged.size).toBe(TASKS);
    expect(repo.git("rev-list", "--count", `${base}..${branch}`)).toBe(String(TASKS));
    expect(repo.git("ls-tree", "--name-only", `${branch}:out`).split("\n").sort()).toEqual(
      PLANS.flat()
        .map((id) => `${id}.txt`)
        .sort(),
    );
    expect(checkoutState(repo)).toEqual(before);
    expect(repo.git("fsck", "--strict", "--no-dangling")).toBe("");
  },
  30 * 60_000,
);
