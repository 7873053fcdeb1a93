import { type Merge, mergesTouching, undoMerges } from "../../git/undo.ts";
import { type EffectHandler, NotOwed, type World } from "./effect.ts";
import { mannerNow, putAside } from "./merge-task.ts";

/** Takes a merged task, and what came after it, back out of the integration branch. */
export const undoTask: EffectHandler<"undo_task"> = async ({ undo }, world) => {
  const { swarm, repo, committer } = world;
  if (swarm.state.merges.undo?.sha !== undo.sha) throw new NotOwed("it is undone already");
  await putAside(world);
  const { task, sha, why } = undo;
  const merges = undo.merges.map((one) => named(one, world));
  const manner = await mannerNow(world);
  const done = await undoMerges(repo, { swarm: swarm.id, task, tip: swarm.state.tip, merges, why, person: committer, manner });
  const record = { type: "record_undo" as const, task, sha };
  switch (done.kind) {
    case "undone":
      return { record: { ...record, outcome: { kind: "undone", reverts: done.reverts } } };
    case "conflict": {
      const { paths, task: on } = done;
      const later = await mergesTouching(repo, paths, laterThan(on, undo.merges, world));
      const outcome = { kind: "refused" as const, why: "later work stands on the same files", on, paths: paths.slice(0, 20), later };
      return { record: { ...record, outcome } };
    }
    case "foreign": {
      const why = "the integration branch holds a commit that skep did not make";
      return { record: { ...record, outcome: { kind: "refused", why, on: task, paths: [], later: [] } } };
    }
    default: {
      const never: never = done;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
};

const named = ({ task, sha }: Omit<Merge, "title">, { swarm }: World): Merge => ({
  ...{ task, sha },
  title: swarm.state.tasks.get(task)?.title ?? task,
});

/** Merged after `task` and not undone with it, oldest first. */
function laterThan(task: Merge["task"], undone: readonly Omit<Merge, "title">[], world: World): readonly Merge[] {
  const { byStatus, tasks } = world.swarm.state;
  const order = [...byStatus.merged];
  return order.slice(order.indexOf(task) + 1).flatMap((id) => {
    const sha = tasks.get(id)?.mergedSha;
    return sha && !undone.some((one) => one.task === id) ? [named({ task: id, sha }, world)] : [];
  });
}
