/** A swarm that was stopped halfway is gone on from: the next queen's first message tells what was done and what was not. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { skep } from "../cli/support/skep.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const task = (id: string): string =>
  `{id: ${id}, title: Write ${id}, brief: Write it., files: [${id}.txt], after: [], criteria: ["${id}.txt is there"], proof: check_only, meets: [1], contract: "${id}.txt has one line"}`;
const PLAYBOOK = `
queen:
  - call: plan_submit
    with:
      goal: Two
      conditions: [both are there]
      approach: One beside the other.
      assumptions: [the files are small]
      tasks: [${task("t1")}, ${task("t2")}]
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2]}], findings: []}
tasks:
  t1:
    default:
      - {edit: t1.txt, content: "first\\n"}
      - {call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["t1.txt:1"]}}
  t2:
    default:
      - {edit: t2.txt, content: "half\\n"}
      - {call: task_progress, with: {attempt: "\${attempt}", done: wrote half of it, next: the other half, learned: the file is read elsewhere}}
      - {call: human_ask, with: {question: Go on?, options: ["yes", "no"], fallback: "no"}}
      - {wait: turn}
reviews:
  default:
    - {call: diff_get, with: {task: "\${task}"}}
    - call: task_review_submit
      with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "t1.txt:1"}], findings: []}
`;

test("[continuation.told] a new swarm's queen is told what the stopped one merged, what it left half done and where, and what is not in its base", async () => {
  const rig = await makeRig({ playbook: PLAYBOOK });
  rigs.push(rig);
  const at = { cwd: rig.repo.root, env: rig.env };
  const old = await rig.create("Two files");
  await rig.until(old, "one merged and one asking", ({ byStatus, openGates }) => byStatus.merged.size === 1 && openGates.size === 1);
  const early = await skep(["run", "--continue-from", old.id, "Finish", "the", "two", "files"], at);
  expect(early).toMatchObject({ code: 1, stderr: expect.stringMatching(/^WRONG_STATUS: .*is running, and only an ended swarm/) });
  expect((await skep(["stop", old.id], at)).code).toBe(0);
  await rig.until(old, "the end", (state) => state.closed);

  const run = await skep(["run", "--continue-from", old.id, "Finish", "the", "two", "files"], at);
  expect(run).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`not in its base commit: 1 merged task of ${old.id} on skep/${old.id}`),
  });
  const id = /^(s-\w+) begins/.exec(run.stdout)?.[1] ?? "";
  const folder = path.join(rig.repo.root, ".git", "skep", "swarms", id);
  const [created] = readFileSync(path.join(folder, "events.jsonl"), "utf8")
    .split("\n", 1)
    .map((line) => JSON.parse(line).events[0]);
  expect(created.continues.swarm).toBe(old.id);
  const brief = readFileSync(path.join(folder, "artifacts", created.continues.brief.artifact), "utf8");
  expect(
    brief
      .replaceAll(old.id, "s-old")
      .replace(old.state.tip.slice(0, 12), "TIP")
      .replace(/\(\w{12}\)/, "(SHA)"),
  ).toBe(`Swarm s-old worked on this before you and ended: stopped. Its goal:
| Two files
It ended with these words:
| stopped by the operator
1 task merged; they are on skep/s-old at TIP and NOT in your base commit:
- t1 Write t1 (SHA); contract: "t1.txt has one line"
Tasks it did not finish:
- t2 claimed: Write t2 [t2.txt]; 1 attempt; its work is on skep-work/s-old/t2/1
  done: "wrote half of it"
  next: "the other half"
  learned: "the file is read elsewhere"
Asked and never answered:
- "Go on?"
It assumed:
- "the files are small"`);
  expect(rig.repo.git("show", `skep-work/${old.id}/t2/1:t2.txt`)).toBe("half");
  const told = readdirSync(path.join(folder, "transcripts")).map((file) => readFileSync(path.join(folder, "transcripts", file), "utf8"));
  expect(told.filter((text) => text.includes("## The swarm before this one")).length).toBe(1);
}, 120_000);
