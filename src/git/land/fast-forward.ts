/** The branch moves to the recorded tip, commit by commit as the swarm made them. Only where the branch did not go on meanwhile. */
import { quote, SkepError } from "../../base/errors.ts";
import type { Repo } from "../git.ts";
import { mergeTrees } from "../merge-trees.ts";
import { isAncestor, swarmBranch } from "../refs.ts";
import { named } from "./joined.ts";
import { moveTarget } from "./move.ts";
import type { LandOrder, Standing, Strategy } from "./strategy.ts";

export const fastForward: Strategy = {
  id: "fast-forward",
  summary: "Your branch moves to the swarm's commits; refused when it has commits the swarm has not.",
  async land(repo, order, standing) {
    if (!(await isAncestor(repo.commonDir, standing.old, order.tip))) throw await diverged(repo, order, standing);
    return moveTarget(repo, order, standing, { tree: order.tip, commit: async () => order.tip });
  },
};

/** Names the strategies that would work. */
async function diverged(repo: Repo, { swarm, tip }: LandOrder, { target, old }: Standing): Promise<SkepError> {
  const from = swarmBranch(swarm);
  const why = `${quote(target)} has commits that ${from} does not have, so it cannot be fast-forwarded`;
  const byHand = `git switch ${target} && git merge ${from}`;
  const { conflict } = await mergeTrees(repo.commonDir, old, tip);
  if (conflict.length === 0) {
    return new SkepError(
      "LAND_DIVERGED",
      `${why}; merge and squash would work`,
      `skep land --strategy merge (or squash); by hand ${byHand}`,
    );
  }
  const next = `${byHand}, and decide these files; or skep land --strategy pull-request`;
  return new SkepError("LAND_DIVERGED", `${why}, and both sides changed ${named(conflict)}`, next);
}
