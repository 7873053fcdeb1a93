/** What the checks make of attempts, in one swarm: files of others refused and kept, measured work discarded, a secret of the past found. */
import { afterEach, expect, test } from "vitest";
import { makeRig, type Rig } from "../e2e/support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const submit = (more = "", summary = "did what was asked"): string =>
  `{call: task_submit, with: {task: "\${task}", attempt: "\${attempt}", summary: ${summary}, evidence: ["out/\${task}.txt:1"]}${more}}`;
const task = (id: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: [out/${id}/, out/${id}.txt], criteria: ["it is there"], proof: check_only, meets: [1]}`;
/** Put together here, so that this file holds none. */
const SECRET = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;

const PLAYBOOK = `
queen:
  - call: plan_submit
    with: {goal: two files, conditions: [they are there], approach: one each, tasks: [${task("t1")}, ${task("t2")}]}
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2]}], findings: []}
tasks:
  t1:
    1:
      - {edit: out/t1.txt, content: "50\\n"}
      - {edit: stray.txt, content: "nobody asked\\n"}
      - ${submit(", expect: OUT_OF_SCOPE")}
      - {remove: stray.txt}
      - ${submit("", "caches everything")}
    2:
      - {edit: out/t1.txt, content: "30\\n"}
      - {edit: out/t1/second.txt, content: "a second try\\n"}
      - ${submit("", "asks less often")}
    default:
      - {edit: out/t1.txt, content: "5\\n"}
      - ${submit("", "does not ask at all")}
  t2:
    1:
      - {edit: out/t2/key.txt, content: "${SECRET}\\n"}
      - {run: [git, add, out]}
      - {run: [git, commit, -qm, first]}
      - {remove: out/t2/key.txt}
      - {edit: out/t2.txt, content: "two\\n"}
      - ${submit()}
reviews:
  default:
    default:
      - {call: diff_get, with: {task: "\${task}"}}
      - call: task_review_submit
        with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "out/\${task}.txt:1"}], findings: []}
`;

const SPEED = "import { readFileSync } from 'node:fs'; console.log('calls', readFileSync('out/t1.txt', 'utf8'));\n";
const CONFIG = `checks:
  metrics:
    - {name: calls, argv: [node, speed.mjs], minutes: 1, paths: [out/t1.txt], number: {direction: lower, atMost: 10}}`;

test("[checks.loop][checks.scope.kept][checks.secrets.range] two attempts are discarded by what was measured and the third is kept; what was refused stays on a ref; a secret of an earlier commit is found", async () => {
  const rig = await makeRig({ playbook: PLAYBOOK, files: { "speed.mjs": SPEED }, config: CONFIG });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  await rig.until(
    swarm,
    "t1 to be merged and t2 to come back",
    (state) => state.tasks.get("t1" as never)?.status === "merged" && (state.tasks.get("t2" as never)?.history.length ?? 0) > 0,
  );
  const { branch, tasks } = swarm.state;
  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const attempts = events.flatMap((event) => (event.type === "attempt_ended" && event.task === "t1" ? [event] : []));
  expect(attempts.map(({ attempt, result, keep }) => ({ attempt, result, keep }))).toEqual([
    { attempt: 1, result: "checks_failed", keep: false },
    { attempt: 2, result: "checks_failed", keep: false },
    { attempt: 3, result: "merged", keep: undefined },
  ]);
  expect(attempts.map(({ why }) => why)).toEqual([expect.stringContaining("metric"), expect.stringContaining("metric"), ""]);
  expect(await Promise.all(attempts.map(async ({ approach }) => approach && (await swarm.read(approach))))).toEqual([
    expect.stringContaining("caches everything"),
    expect.stringContaining("asks less often"),
    expect.stringContaining("does not ask at all"),
  ]);
  // Nothing of the first two is in the third.
  expect(rig.repo.git("ls-tree", "-r", "--name-only", branch, "out/")).not.toContain("second");
  expect(rig.repo.git("show", `${branch}:out/t1.txt`)).toBe("5");

  const refused = events.find((event) => event.type === "submission_refused");
  expect(refused).toMatchObject({ why: "out_of_scope", paths: ["stray.txt"], kept: expect.stringContaining("refs/skep/backup/") });
  expect(rig.repo.git("show", `${refused?.type === "submission_refused" ? refused.kept : ""}:stray.txt`)).toBe("nobody asked");

  expect(tasks.get("t2" as never)?.history[0]).toMatchObject({ result: "checks_failed", why: expect.stringContaining("secrets") });
  const back = events.find((event) => event.type === "attempt_ended" && event.task === "t2");
  const findings = JSON.parse(await swarm.read((back?.type === "attempt_ended" ? back.findings : null) ?? "[]")) as readonly object[];
  expect(findings).toEqual([
    expect.objectContaining({ file: "out/t2/key.txt", message: expect.stringContaining("which a later one does not undo") }),
  ]);
  expect(JSON.stringify(findings)).not.toContain(SECRET);
}, 90_000);
