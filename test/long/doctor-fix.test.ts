/** Everything a crash and a careless hand can break in a running swarm, found and mended by `skep doctor --fix`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { identify } from "../../src/proc/identity.ts";
import { skep } from "../cli/support/skep.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { checkoutState } from "../support/repo.ts";
import { until } from "../support/until.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const PLAYBOOK = `
tasks:
  t1:
    default:
      - {edit: a.txt, content: "first\\n"}
      - {call: human_ask, with: {question: Go on?, options: ["yes", "no"], fallback: "yes"}}
      - {wait: turn}
      - {edit: b.txt, content: "second\\n"}
      - {call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["b.txt:1"]}}
reviews:
  default:
    - {call: diff_get, with: {task: "\${task}"}}
    - call: task_review_submit
      with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "b.txt:1"}], findings: []}
`;

interface Look {
  readonly what: string;
  readonly mark: string;
  readonly found: string;
  readonly fix?: string;
}

test("[doctor.fix] a swarm without a host, branch, index and with a half-made worktree is mended, says what was done, and ends well", async () => {
  const rig = await makeRig({ playbook: PLAYBOOK });
  rigs.push(rig);
  const at = { cwd: rig.repo.root, env: rig.env };
  const doctor = async (...more: string[]) => {
    const { code, stdout } = await skep(["doctor", "--json", ...more], at);
    const { looks, mended = [] } = JSON.parse(stdout) as { looks: Look[]; mended?: Look[] };
    return { code, mended: mended.map(({ found }) => found), swarms: looks.filter(({ what }) => what === "swarms") };
  };
  const swarm = await rig.create("Two files", "solo");
  const gate = await rig.until(swarm, "the question", ({ openGates }) => [...openGates][0] ?? null);
  const before = checkoutState(rig.repo);
  const well = [{ what: "swarms", mark: "ok", found: "1 swarm, nothing of them is broken" }];
  expect(await doctor("--fix")).toMatchObject({ mended: ["nothing was broken"], swarms: well });

  const pids = ["keeper", "holder"].map((name) => {
    const record = JSON.parse(readFileSync(path.join(rig.project.home, "host", `${name}.json`), "utf8")) as Record<string, { pid: number }>;
    return record[name]?.pid ?? 0;
  });
  for (const pid of pids) process.kill(pid, "SIGKILL");
  await until(() => pids.every((pid) => identify(pid) === null), { what: "the end of host and keeper" });
  rig.repo.git("update-ref", "-d", `refs/heads/${swarm.state.branch}`);
  const place = [...swarm.state.sessions.values()].find(({ seat }) => seat === "dev-0")?.worktree ?? "";
  const entry = rig.repo.git("-C", place, "rev-parse", "--absolute-git-dir");
  writeFileSync(path.join(entry, "index"), "torn");
  const half = path.join(path.dirname(entry), "half");
  mkdirSync(half);
  writeFileSync(path.join(half, "gitdir"), `${path.join(path.dirname(place), "dev-7", ".git")}\n`);
  writeFileSync(path.join(half, "locked"), "initializing");
  writeFileSync(path.join(half, "HEAD"), `${swarm.state.base}\n`);
  writeFileSync(path.join(half, "commondir"), "");

  const found = await doctor();
  expect(found.swarms.map((look) => look.found)).toEqual([
    `${swarm.id}: the worktree "dev-7" is half made`,
    `${swarm.id}: git cannot read the index of the worktree "dev-0"`,
    `${swarm.id}: the branch skep/${swarm.id} is gone; it stood at ${swarm.state.tip.slice(0, 12)}`,
    `${swarm.id} is running and its host, process ${pids[1]}, is gone`,
  ]);
  expect(found.swarms.every(({ mark, fix }) => mark === "warn" && fix === "skep doctor --fix")).toBe(true);
  expect(() => rig.repo.git("rev-parse", swarm.state.branch)).toThrow();

  const fixed = await doctor("--fix");
  expect(fixed.mended).toEqual([
    `${swarm.id}: git forgot the worktree "dev-7"; the next session makes it anew, work on its branch stays`,
    expect.stringContaining(`${swarm.id}: made the index of "dev-0" anew, files as they were; the old one is `),
    `${swarm.id}: skep/${swarm.id} stands at ${swarm.state.tip.slice(0, 12)} again`,
    `${swarm.id}: started a host, which takes its lease and goes on`,
  ]);
  expect(fixed).toMatchObject({ swarms: well });
  await swarm.submit({ type: "answer_gate", gate, answer: "yes" }, { kind: "operator" });
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 90_000);
  expect(rig.repo.git("ls-tree", "--name-only", swarm.state.branch).split("\n")).toEqual(expect.arrayContaining(["a.txt", "b.txt"]));
  expect(checkoutState(rig.repo)).toEqual(before);
}, 150_000);
