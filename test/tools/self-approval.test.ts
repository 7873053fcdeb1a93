/** Nobody approves work they stand in: not in the session that wrote it, not as the same agent, not as second author of the range. */
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import { seatsIn } from "../../src/git/commit-seats.ts";
import { commitAll, runGit } from "../engine/support/repository.ts";
import { ask, connect, type Override, PLAN, TestSwarm } from "./support/swarm.ts";

const [FIRST, SECOND] = PLAN.tasks;
const BESIDE = { ...PLAN, tasks: [FIRST, { ...SECOND, after: [] }] };
const AS_REVIEWER = ["-c", "user.name=reviewer", "-c", "user.email=reviewer@skep.invalid"];

let swarm: TestSwarm;
beforeEach(async () => {
  swarm = await TestSwarm.start();
  await swarm.approve(BESIDE);
});

/** Two commits in a row: one by the only reviewer, one by the seat that submits. The seats are read from git, as the host does. */
const withSecondAuthor: Override = async (effect) => {
  if (effect.kind !== "commit_submission" || effect.task !== "t1") return undefined;
  const { task, attempt, submission } = effect;
  const base = swarm.task("t1").base ?? "";
  runGit(swarm.root, "checkout", "--quiet", "--detach", base);
  runGit(swarm.root, ...AS_REVIEWER, "commit", "--quiet", "--allow-empty", "--message", "half");
  const sha = commitAll(swarm.root, { "src/a.ts": "export const t1 = 1;\n// second line\n" }, "whole");
  runGit(swarm.root, "checkout", "--quiet", "main");
  const authors = await seatsIn(path.join(swarm.root, ".git"), base, sha);
  return { type: "record_commit", task, attempt, submission, sha, outside: [], conflict: [], authors };
};

async function submit(task: string, override?: Override): Promise<string> {
  const dev = swarm.holder(task);
  const submitting = swarm.must(dev, "task_submit", { attempt: 1, summary: "s", evidence: ["a", "b"] });
  await swarm.swarm.until((state) => (state.tasks.get(task as TaskId)?.status === "submitted" ? true : null), { timeoutMs: 5_000 });
  await swarm.settle(override);
  await submitting;
  return dev;
}

const approval = (task: "t1" | "t2", sha: string) => ({
  ...{ task, sha, findings: [] },
  criteria: (task === "t1" ? [1, 2] : [1]).map((n) => ({ n, met: "yes", evidence: `${task === "t1" ? "src/a.ts" : "src/b.ts"}:1` })),
});

test("[review.self.session] the session and the agent that wrote a task are refused when they would approve it", async () => {
  const dev = swarm.holder("t1");
  const writer = swarm.caller(dev);
  await submit("t1");
  const { sha } = swarm.task("t1");
  const before = swarm.state.seq;
  const own = await ask(await connect(writer, swarm.project), "task_review_submit", approval("t1", sha ?? ""));
  expect(own.text).toBe("NOT_ALLOWED: task_review_submit is not yours to call: it is for reviewer; you are a worker. Next: whoami.");
  expect(own.raw._meta?.["dev.skep/error"]).toMatchObject({ code: "NOT_ALLOWED", retryable: false, next: "whoami" });
  // A caller taken for a reviewer would come no further: what a seat may do is read from the log.
  const lifted = await connect({ ...writer, duty: "reviewer" } as typeof writer, swarm.project);
  expect((await ask(lifted, "task_review_submit", approval("t1", sha ?? ""))).text).toMatch(
    /^NOT_ALLOWED: review_task is not for a worker\./,
  );
  expect([swarm.state.seq, swarm.task("t1").status]).toEqual([before, "reviewing"]);
});

test("[review.self.second-author] the only reviewer stands in the range: refused, a person is asked, and the reviewer that is added gets it", async () => {
  await submit("t2");
  // Its review of t2 runs while t1 is submitted with a commit of its own in it.
  const dev = await submit("t1", withSecondAuthor);
  const sha = swarm.task("t1").sha ?? "";
  expect([...swarm.task("t1").authors].sort()).toEqual([dev, "reviewer"]);
  expect(swarm.session("reviewer").job).toMatchObject({ kind: "review", task: "t2" });
  const own = await swarm.call("reviewer", "task_review_submit", approval("t1", sha));
  expect(own.text).toBe("OWN_WORK: reviewer wrote part of t1 and may not review it. Next: end your turn.");

  const { gates } = (await swarm.must("operator", "swarm_status")).facts as { gates: { gate: string; question: string }[] };
  expect(gates).toMatchObject([
    { question: expect.stringContaining("waits for a review, and reviewer wrote part of it. Add a reviewer (spawn_role)") },
  ]);
  await swarm.must("operator", "spawn_role", { role: "reviewer", agents: 2 });
  await swarm.must("operator", "gate_answer", { gate: gates[0]?.gate, answer: "retry" });
  await swarm.settle();
  expect(swarm.session("reviewer-1").job).toMatchObject({ kind: "review", task: "t1", sha });
  // A session of its own changes nothing: it is the same agent.
  await swarm.must("reviewer", "diff_get", { task: "t2" });
  await swarm.must("reviewer", "task_review_submit", approval("t2", swarm.task("t2").sha ?? ""));
  expect((await swarm.call("reviewer", "task_review_submit", approval("t1", sha))).code).toBe("OWN_WORK");
  expect(swarm.task("t1").status).toBe("reviewing");

  await swarm.must("reviewer-1", "diff_get", { task: "t1" });
  expect((await swarm.must("reviewer-1", "task_review_submit", approval("t1", sha))).facts.verdict).toBe("approved");
  expect(swarm.task("t1").status).toBe("approved");
});
