/** The one worktree no agent ever touches: submissions and merge results are looked at there, one after the other. */
import { resetWorktree } from "../git/seat-state.ts";
import type { World } from "./effects/effect.ts";
import { CHECK_SEAT } from "./worktree-places.ts";
import { prepareWorktree } from "./worktree-setup.ts";

export interface CheckPlace {
  readonly path: string;
  /** Brings it to a commit, clean and prepared. */
  place(sha: string): Promise<void>;
}

/** Who is in there, by swarm. The state owes one at a time; work whose task went away meanwhile may still be in it. */
const inside = new WeakMap<World["swarm"], Promise<unknown>>();

export function inCheckWorktree<T>(world: World, sha: string, work: (there: CheckPlace) => Promise<T>): Promise<T> {
  const go = async (): Promise<T> => {
    const worktree = await world.worktree(CHECK_SEAT);
    const place = async (commit: string): Promise<void> => {
      await resetWorktree(worktree, world.swarm.id, commit);
      const failed = await prepareWorktree(worktree, world);
      if (failed !== null) throw new Error(failed.slice(0, 400));
    };
    await place(sha);
    return work({ path: worktree.path, place });
  };
  const mine = (inside.get(world.swarm) ?? Promise.resolve()).then(go, go);
  inside.set(world.swarm, mine);
  return mine;
}
