/** The main job through the front door: every step a tool call of a real client, on a real repository. */
import { expect, test } from "vitest";
import { runGit } from "../engine/support/repository.ts";
import { PLAN, TestSwarm } from "./support/swarm.ts";

const evidence = (swarm: TestSwarm, task: string): string[] =>
  Array.from({ length: swarm.task(task).criteria }, () => "test/a.test.ts:1 passes");

test("[tools.path] a goal becomes a plan, tasks, reviews and a landed branch by tool calls alone", async () => {
  const swarm = await TestSwarm.start();
  const queen = await swarm.must("queen", "whoami");
  expect(queen.facts).toMatchObject({ agent: "queen", role: "queen", job: { kind: "plan" } });

  const plan = await swarm.must("queen", "plan_submit", PLAN);
  expect(plan.facts).toMatchObject({ revision: 1, waves: [["t1"], ["t2"]], speedup: 0.8 });
  await swarm.settle();
  const asked = await swarm.must("reviewer", "whoami");
  expect(asked.facts.job).toEqual({ kind: "plan_review", revision: 1, plan_hash: plan.facts.plan_hash });
  const coverage = [
    { condition: 1, tasks: ["t1"] },
    { condition: 2, tasks: ["t2"] },
  ];
  const bound = { revision: 1, plan_hash: plan.facts.plan_hash };
  const verdict = await swarm.must("reviewer", "plan_review_submit", { ...bound, coverage, findings: [] });
  expect(verdict.facts).toMatchObject({ verdict: "approved", revision: 1 });
  await swarm.endTurn("reviewer");
  await swarm.settle();

  let tip = "";
  for (const task of ["t1", "t2"]) {
    const dev = swarm.holder(task);
    const briefing = await swarm.must(dev, "task_claim");
    expect(briefing.text).toContain(`# Task ${task}, attempt 1`);
    expect(briefing.raw.structuredContent).toBeUndefined();
    expect((await swarm.must(dev, "task_get", { task })).text).toBe(briefing.text);
    await swarm.must(dev, "task_progress", { attempt: 1, done: "half", next: "the rest" });

    const submitting = swarm.call(dev, "task_submit", { attempt: 1, summary: "did it", evidence: evidence(swarm, task) });
    await swarm.swarm.until((state) => (state.tasks.get(task as never)?.status === "submitted" ? true : null), { timeoutMs: 5_000 });
    await swarm.settle((effect) => (effect.kind === "run_checks" ? null : undefined));
    const submitted = await submitting;
    expect(submitted.facts).toMatchObject({ accepted: true, task, status: "checking" });
    await swarm.endTurn(dev);
    await swarm.settle();

    const request = (await swarm.must("reviewer", "task_get", { task })).text;
    expect(request).toContain(`# Review of ${task}`);
    expect(request).not.toContain(dev);
    const { sha } = swarm.task(task);
    const page = await swarm.must("reviewer", "diff_get", { task });
    expect(page.text).toContain("second line");
    const place = `${swarm.task(task).files[0]}:2`;
    const criteria = evidence(swarm, task).map((_, index) => ({ n: index + 1, met: "yes", evidence: `see ${place}` }));
    const review = await swarm.must("reviewer", "task_review_submit", { task, sha, criteria, findings: [] });
    expect(review.facts).toEqual({ verdict: "approved", next: "End your turn." });
    await swarm.endTurn("reviewer");
    await swarm.settle((effect) => {
      if (effect.kind !== "merge_task") return undefined;
      // What the merge effect does, with git's own tools: here a fast-forward.
      tip = runGit(swarm.root, "commit-tree", `${effect.sha}^{tree}`, "-p", swarm.state.tip, "-m", `Merge ${task}`);
      return { type: "record_merge", task: effect.task, attempt: effect.attempt, outcome: { kind: "merged", sha: tip } };
    });
    expect(swarm.task(task).status).toBe("merged");
  }

  const early = await swarm.call("operator", "swarm_land");
  expect(early.code).toBe("WRONG_STATUS");
  const done = await swarm.must("queen", "swarm_complete", { summary: "both are there" });
  expect(done.facts).toEqual({ status: "completed" });
  const landed = await swarm.must("operator", "swarm_land", { swarm: swarm.swarm.id });
  const back = expect.stringMatching(/^git reset --keep refs\/skep\/backup\//);
  expect(landed.facts).toEqual({ swarm: swarm.swarm.id, sha: tip, target: "main", strategy: "fast-forward", back });
  expect(runGit(swarm.root, "rev-parse", "main")).toBe(tip);
  expect((await swarm.must("operator", "swarm_land", { swarm: swarm.swarm.id })).facts.repeated).toBe(true);
});
