/** What becomes of the submission of a task that may change nothing. */
import { expect, test } from "vitest";
import { commitSubmission } from "../../src/engine/effects/commit-submission.ts";
import { withPlan } from "../domain/policy-world.ts";
import { taskSpec } from "../domain/world.ts";
import { makeKit } from "../git/kit.ts";

test("[report.refused] an unchanged worktree is accepted, and what a report changed is refused with the list and kept", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  const { state, ...swarm } = withPlan([taskSpec("t1", [], { report: true, files: ["docs/"] })]);
  const task = state.tasks.get("t1" as never);
  Object.assign(task as object, { base, attempt: 1, authors: ["dev-0"] });
  const world = {
    ...{ swarm: { ...swarm, id: "s-test01", state }, repo, committer: dev.who.committer, worktree: async () => dev.worktree },
    settings: { config: { review: { risky: [], skip: ["**"] } } },
  };
  const effect = { key: "", kind: "commit_submission" as const, task: "t1" as never, attempt: 1, submission: 1 };
  const { record } = await commitSubmission(effect, world as never);
  expect(record).toMatchObject({ type: "record_commit", sha: expect.stringMatching(/^[0-9a-f]{40}$/), outside: [], conflict: [] });
  // Nothing it did not change is skipped by: it is reviewed.
  expect(record).not.toHaveProperty("skip");
  dev.write({ "docs/found.md": "x\n" });
  const again = await commitSubmission({ ...effect, submission: 2 }, world as never);
  expect(again.record).toMatchObject({ outside: ["docs/found.md"], kept: expect.stringMatching(/^refs\/skep\/backup\//) });
});
