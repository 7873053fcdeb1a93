/** What task_undo answers, with real merges and real reverts behind it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import { makeReport, reportMarkdown } from "../../src/engine/report/write.ts";
import { storeLayout } from "../../src/store/file/layout.ts";
import { runGit } from "../engine/support/repository.ts";
import { realMerges } from "./support/real-merges.ts";
import { type Answer, type Override, PLAN, TestSwarm } from "./support/swarm.ts";

const [FIRST] = PLAN.tasks;
let swarm: TestSwarm;
let hosted: Override;
beforeEach(async () => {
  swarm = await TestSwarm.start();
  hosted = await realMerges(swarm);
});

/** From the claim to the merge. */
async function merge(task: string): Promise<void> {
  const dev = swarm.holder(task);
  const { attempt } = swarm.task(task);
  const submitting = swarm.must(dev, "task_submit", { attempt, summary: "s", evidence: ["a", "b"] });
  await swarm.swarm.until((state) => (state.tasks.get(task as TaskId)?.status === "submitted" ? true : null), { timeoutMs: 5_000 });
  await swarm.settle(hosted);
  await submitting;
  await swarm.endTurn(dev);
  await swarm.settle(hosted);
  const { sha, criteria, files } = swarm.task(task);
  await swarm.must("reviewer", "diff_get", { task });
  const met = Array.from({ length: criteria }, (_, n) => ({ n: n + 1, met: "yes", evidence: `${files[0]}:1` }));
  await swarm.must("reviewer", "task_review_submit", { task, sha, criteria: met, findings: [] });
  await swarm.endTurn("reviewer");
  await swarm.settle(hosted);
  expect(swarm.task(task).status).toBe("merged");
}

async function undo(task: string, more: object = {}): Promise<Answer> {
  const answer = swarm.call("operator", "task_undo", { task, ...more });
  await swarm.swarm.until((state) => (state.merges.undo ? true : null), { timeoutMs: 5_000 });
  await swarm.settle(hosted);
  return answer;
}

const git = (...args: string[]): string => runGit(swarm.root, ...args);
const branch = (): string => swarm.state.branch;
const text = (file: string): string => git("show", `${branch()}:${file}`);

test("[tools.undo] a merged task goes out with its merged dependant, both are open again, the next attempt reads why; again is the same answer", async () => {
  await swarm.approve();
  await merge("t1");
  await merge("t2");
  const full = git("rev-parse", branch());
  const answer = await undo("t1", { why: "adds wrongly" });
  expect(answer.facts).toMatchObject({ task: "t1", undone: ["t2", "t1"], tip: git("rev-parse", branch()), next: "swarm_wait" });
  expect([text("src/a.ts"), text("src/b.ts")]).toEqual(["export const a = 1;", "export const b = 1;"]);
  expect(git("log", "--format=%s", `${full}..${branch()}`).split("\n")).toEqual(['Undo "Add add()"', 'Undo "Add double()"']);
  // t1 is claimed once more, t2 waits for it again.
  expect([swarm.task("t1"), swarm.task("t2")]).toMatchObject([
    { status: "claimed", attempt: 2 },
    { status: "blocked", mergedSha: null },
  ]);
  expect((await swarm.must(swarm.holder("t1"), "task_get", { task: "t1" })).text).toContain("adds wrongly");
  const again = await swarm.must("operator", "task_undo", { task: "t1", why: "adds wrongly" });
  expect(again.facts).toMatchObject({ task: "t1", undone: [], repeated: true });
  await merge("t1");
  await merge("t2");
  expect([text("src/a.ts"), text("src/b.ts")].map((one) => one.split("\n")[0])).toEqual(["export const t1 = 2;", "export const t2 = 2;"]);
});

test("[tools.undo.conflict] later work on the same lines: nothing changes, and the answer names the files, whose work it is and the calls that lead on", async () => {
  await swarm.approve();
  await merge("t1");
  // Planned when t1 was merged, so it may write there without coming after it.
  const later = { ...FIRST, id: "t4", title: "Add thrice()", meets: [1], criteria: ["thrice(2) is 6"] };
  const { facts } = await swarm.must("queen", "task_create", later);
  await swarm.settle(hosted);
  const bound = { revision: facts.revision, plan_hash: swarm.state.plan.pending?.hash };
  const coverage = [1, 2].map((condition) => ({ condition, tasks: condition === 1 ? ["t1", "t4"] : ["t2"] }));
  await swarm.must("reviewer", "plan_review_submit", { ...bound, coverage, findings: [] });
  await swarm.endTurn("reviewer");
  await swarm.settle(hosted);
  await merge("t4");
  await merge("t2");
  const before = git("for-each-ref");
  const refused = await undo("t1");
  expect(refused.text).toBe(
    "UNDO_CONFLICT: t1 cannot be taken out: later work stands on the same files: src/a.ts (t4). Nothing was changed. Next: task_undo for t4, then again.",
  );
  expect(refused.raw._meta?.["dev.skep/error"]).toMatchObject({ code: "UNDO_CONFLICT", next: "task_undo for t4, then again" });
  expect(git("for-each-ref")).toBe(before);
  expect(["t1", "t2", "t4"].map((id) => swarm.task(id).status)).toEqual(["merged", "merged", "merged"]);
  // The calls it names lead on.
  expect((await undo("t4", { drop: true })).facts).toMatchObject({ undone: ["t4"], status: "cancelled" });
  expect((await undo("t1", { drop: true })).facts).toMatchObject({ undone: ["t2", "t1"], status: "cancelled" });
  expect(text("src/a.ts")).toBe("export const a = 1;");
});

test("[retrospect.files] a task undone after the end of its swarm makes the report of it anew", async () => {
  await swarm.approve();
  await merge("t1");
  await swarm.must("operator", "swarm_stop", {});
  await swarm.settle(hosted);
  expect((await undo("t1", { swarm: swarm.swarm.id, why: "adds wrongly" })).facts).toMatchObject({ undone: ["t1"], status: "cancelled" });
  const text = readFileSync(path.join(storeLayout(swarm.project.home).swarm(swarm.swarm.id).dir, "report.md"), "utf8");
  expect(text).toBe(reportMarkdown(await makeReport(swarm.swarm)));
  expect(text).toMatch(/ t1 undone as \w{12}, cancelled\n/);
});
