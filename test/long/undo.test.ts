/** A middle task is taken out of a swarm at work: it and what came after it are done again, what did not stays. */
import { afterEach, expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import { skep } from "../cli/support/skep.ts";
import { first } from "../e2e/support/first.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { checkoutState } from "../support/repo.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const IDS = ["t1", "t2", "t3", "t4"] as const;
const [T2, T3, T4] = ["t2", "t3", "t4"] as TaskId[] as [TaskId, TaskId, TaskId];
const task = (id: string, after: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: [${id}.txt], after: [${after}], criteria: ["${id}.txt is there"], proof: check_only, meets: [1]}`;
const steps = (id: string, text: string): string => `
      - {edit: ${id}.txt, content: "${text}\\n"}
      - {call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["${id}.txt:1"]}}`;
const PLAYBOOK = `
queen:
  - call: plan_submit
    with:
      goal: Four
      conditions: [all are there]
      approach: Three in a row and one beside them.
      tasks: [${task("t1", "")}, ${task("t2", "t1")}, ${task("t3", "t2")}, ${task("t4", "")}]
  - {wait: turn}
  - {call: swarm_complete, with: {summary: all are there}}
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2, t3, t4]}], findings: []}
tasks:
  t1:
    default: ${steps("t1", "first")}
  t2:
    1: ${steps("t2", "first")}
    default: ${steps("t2", "again")}
  t3:
    1: ${steps("t3", "first")}
    default: ${steps("t3", "again")}
  t4:
    default:
      - {call: human_ask, with: {question: Go on?, options: ["yes", "no"], fallback: "yes"}}
      - {wait: turn}${steps("t4", "first")}
reviews:
  default:
    - {call: diff_get, with: {task: "\${task}"}}
    - call: task_review_submit
      with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "\${task}.txt:1"}], findings: []}
`;

test("[merge.undo.live] a middle task is taken out of a live swarm with its dependant; both are done again and the checkout stays", async () => {
  const rig = await makeRig({ playbook: PLAYBOOK });
  rigs.push(rig);
  const before = checkoutState(rig.repo);
  const swarm = await rig.create("Four files");
  const gate = await rig.until(
    swarm,
    "three merged and one asking",
    ({ byStatus, openGates }) => (byStatus.merged.size === 3 && [...openGates][0]) || null,
  );
  const { branch, base, tip: full } = swarm.state;
  const at = { cwd: rig.repo.root, env: rig.env };
  const said = await skep(["undo", "t2", "--why", "it was wrong"], at);
  expect(said).toMatchObject({ code: 0, stdout: expect.stringMatching(/^t2 and t3, which came after it, are undone; t2 is /) });
  await rig.until(
    swarm,
    "both merged again",
    ({ byStatus, tasks }) => byStatus.merged.size === 3 && [T2, T3].every((id) => tasks.get(id)?.attempt === 2),
    100_000,
  );
  expect(swarm.state.tasks.get(T4)?.status).toBe("claimed");
  await swarm.submit({ type: "answer_gate", gate, answer: "yes" }, { kind: "operator" });
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 100_000);

  const events = (await swarm.events(0)).flatMap((commit) => commit.events);
  const undone = events.flatMap((event) => (event.type === "task_undone" ? [[event.task, event.to]] : []));
  expect(undone).toEqual([
    ["t3", "open"],
    ["t2", "open"],
  ]);
  const subjects = rig.repo.git("log", "--reverse", "--format=%s", `${base}..${branch}`).split("\n");
  expect(subjects).toEqual([
    ...["Write t1", "Write t2", "Write t3"],
    ...['Undo "Write t3"', 'Undo "Write t2"'],
    ...["Write t2", "Write t3", "Write t4"],
  ]);
  const [, , , , reverted = ""] = rig.repo.git("rev-list", "--reverse", `${base}..${branch}`).split("\n");
  const texts = (at: string): string[] => {
    const there = rig.repo.git("ls-tree", "--name-only", at).split("\n");
    return IDS.map((id) => (there.includes(`${id}.txt`) ? rig.repo.git("show", `${at}:${id}.txt`) : "-"));
  };
  expect(texts(full)).toEqual(["first", "first", "first", "-"]);
  expect(texts(reverted)).toEqual(["first", "-", "-", "-"]);
  expect(texts(branch)).toEqual(["first", "again", "again", "first"]);
  expect(rig.repo.git("for-each-ref", "--format=%(objectname)", `refs/skep/backup/${swarm.state.id}/undone/`)).toBe(full);
  expect(checkoutState(rig.repo)).toEqual(before);
  expect(rig.repo.git("fsck", "--strict", "--no-dangling")).toBe("");
  const again = events.flatMap((event) =>
    event.type === "task_claimed" && event.task === T2 && event.attempt === 2 ? [event.session] : [],
  );
  expect(await first("message", rig, swarm.id, again[0] ?? "")).toContain("it was wrong");

  expect((await skep(["land"], at)).code).toBe(0);
  const late = await skep(["undo", "t4"], at);
  expect(late).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`git switch main && git revert --no-edit ${rig.repo.git("rev-parse", branch)}`),
  });
}, 240_000);
