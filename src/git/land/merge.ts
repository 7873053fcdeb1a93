/** A merge commit on the user's branch: their line first, the swarm's second. */
import { swarmBranch } from "../refs.ts";
import { joinedTree, userCommit } from "./joined.ts";
import { subjectOf, tasksText, trailers } from "./message.ts";
import { moveTarget } from "./move.ts";
import type { Strategy } from "./strategy.ts";

export const merge: Strategy = {
  id: "merge",
  summary: "A merge commit on your branch, with the swarm's commits beside yours.",
  async land(repo, order, standing) {
    const tree = await joinedTree(repo, order, standing);
    const subject = `Merge ${swarmBranch(order.swarm)}: ${subjectOf(order)}`;
    const message = `${subject}\n\n${tasksText(order.tasks)}\n\n${trailers(order).join("\n")}`;
    const parents = [standing.old, order.tip];
    return moveTarget(repo, order, standing, { tree, commit: () => userCommit(repo, order, tree, parents, message) });
  },
};
