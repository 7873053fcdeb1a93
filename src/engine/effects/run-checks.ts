import { runChecks as runAll } from "../../checks/run-checks.ts";
import { changedPaths } from "../../git/changes.ts";
import { checkOrders } from "../check-orders.ts";
import { findingsOf, sumsOf } from "../check-results.ts";
import { inCheckWorktree } from "../check-worktree.ts";
import { stepEnv } from "../step-env.ts";
import { type EffectHandler, owed } from "./effect.ts";

/** Runs every check on the submitted commit, in a worktree no agent ever touches. */
export const runChecks: EffectHandler<"run_checks"> = async ({ task: id, attempt, sha }, world) => {
  const { swarm, settings, repo, signal } = world;
  const task = owed(swarm.state.tasks.get(id));
  const base = owed(task.base);
  const results = await inCheckWorktree(world, sha, async ({ path: worktree, place }) => {
    const paths = await changedPaths(repo.commonDir, base, sha);
    const { tip } = swarm.state;
    const env = stepEnv(world);
    return runAll({ task: id, worktree, base, sha, tip, paths, files: task.files, env, signal, place }, checkOrders(settings, task));
  });
  return {
    record: {
      type: "record_checks",
      task: id,
      attempt,
      sha,
      checks: sumsOf(results),
      ...(await findingsOf(results, swarm)),
      results: await swarm.keep(JSON.stringify(results)),
    },
  };
};
