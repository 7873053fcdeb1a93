import { type CheckOrder, runChecks } from "../../checks/run-checks.ts";
import type { Task } from "../../domain/model.ts";
import { changedPaths } from "../../git/changes.ts";
import { stackMerges } from "../../git/stack.ts";
import { programOrders } from "../check-orders.ts";
import { findingsOf, sumsOf } from "../check-results.ts";
import { inCheckWorktree } from "../check-worktree.ts";
import { stepEnv } from "../step-env.ts";
import { type EffectHandler, owed, type World } from "./effect.ts";

/** Runs the project's programs on what merging the approved commits would give. No branch moves. */
export const verifyMerge: EffectHandler<"verify_merge"> = async ({ batch, tip, tasks }, world) => {
  const { swarm, repo } = world;
  const all = tasks.map(({ task }) => owed(swarm.state.tasks.get(task)));
  const stack = await stackMerges(
    repo,
    tip,
    tasks.map(({ sha }) => sha),
  );
  const record = { type: "record_verify" as const, batch };
  if (stack.sha === null) return { record: { ...record, outcome: { kind: "conflict", paths: stack.conflict.slice(0, 20) } } };
  const taken = stack.taken.flatMap((index) => all[index] ?? []);
  const results = await checked(taken, tip, stack.sha, world);
  const { findings, findingsCount } = await findingsOf(results, swarm);
  const outcome = {
    kind: "checked" as const,
    tasks: taken.map(({ id }) => id),
    trees: stack.trees,
    passed: findingsCount === 0,
    checks: sumsOf(results),
    ...{ findings, findingsCount },
  };
  return { record: { ...record, outcome } };
};

async function checked(tasks: readonly Task[], tip: string, sha: string, world: World) {
  const { repo, signal } = world;
  const orders = ordersFor(tasks, world);
  // Without a program to run there is nothing to look at: what the others look at is the submission itself.
  if (orders.length === 0) return [];
  const names = tasks.map(({ id }) => id).join(" ");
  const files = [...new Set(tasks.flatMap((task) => task.files))];
  const env = stepEnv(world);
  return inCheckWorktree(world, sha, async ({ path: worktree, place }) => {
    const paths = await changedPaths(repo.commonDir, tip, sha);
    return runChecks({ task: names, worktree, base: tip, sha, tip, paths, files, env, signal, place }, orders);
  });
}

/** Everything that any of the tasks has to pass, once. */
function ordersFor(tasks: readonly Task[], { settings }: World): readonly CheckOrder[] {
  const orders = new Map<string, CheckOrder>();
  for (const { role, files } of tasks)
    for (const order of programOrders(settings, { role, files })) orders.set(JSON.stringify(order), order);
  return [...orders.values()];
}
