import type { Change, CheckResult } from "../../checks/check.ts";
import { runChecks as runAll } from "../../checks/run-checks.ts";
import { changedPaths } from "../../git/changes.ts";
import { resetWorktree } from "../../git/seat-state.ts";
import { cleanEnv } from "../../proc/env.ts";
import { checkOrders } from "../check-orders.ts";
import { CHECK_SEAT } from "../worktree-places.ts";
import { prepareWorktree } from "../worktree-setup.ts";
import { type EffectHandler, owed, type World } from "./effect.ts";

/** Runs every check on the submitted commit, in a worktree no agent ever touches. */
export const runChecks: EffectHandler<"run_checks"> = async ({ task: id, attempt, sha }, world) => {
  const { swarm, settings } = world;
  const task = owed(swarm.state.tasks.get(id));
  const results = await runAll(await changeOf(id, sha, world), checkOrders(settings, task));
  const blocking = results.flatMap((result) => result.findings.filter((finding) => finding.blocks));
  return {
    record: {
      type: "record_checks",
      task: id,
      attempt,
      sha,
      checks: results.map(({ check, findings, input, ms, measured }) => ({
        check,
        passed: !findings.some(({ blocks }) => blocks),
        input,
        ms: Math.round(ms),
        ...(measured ? { measured } : {}),
      })),
      findings: blocking.length === 0 ? null : await swarm.keep(JSON.stringify(withOutput(results))),
      findingsCount: blocking.length,
      results: await swarm.keep(JSON.stringify(results)),
    },
  };
};

async function changeOf(id: Change["task"], sha: string, world: World): Promise<Change> {
  const { swarm, repo, host, signal } = world;
  const task = owed(swarm.state.tasks.get(id as never));
  const base = owed(task.base);
  const worktree = await world.worktree(CHECK_SEAT);
  const place = async (commit: string): Promise<void> => {
    await resetWorktree(worktree, swarm.id, commit);
    const failed = await prepareWorktree(worktree, world);
    if (failed !== null) throw new Error(failed.slice(0, 400));
  };
  await place(sha);
  const paths = await changedPaths(repo.commonDir, base, sha);
  const { tip } = swarm.state;
  const env = cleanEnv(host.env, { CI: "true" });
  return { task: id, worktree: worktree.path, base, sha, tip, paths, files: task.files, env, signal, place };
}

/** The author reads a failing program's own words, at the end of its output. */
function withOutput(results: readonly CheckResult[]): readonly unknown[] {
  const failed = results.filter(({ findings }) => findings.some(({ blocks }) => blocks));
  return failed.flatMap(({ findings, output }) =>
    findings.filter(({ blocks }) => blocks).map((finding) => ({ ...finding, ...(output === "" ? {} : { output: output.slice(-1_500) }) })),
  );
}
