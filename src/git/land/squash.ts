/** All work of the swarm as one commit on the user's branch, with the goal as its subject. */

import { LANDED_TRAILER } from "./held.ts";
import { joinedTree, userCommit } from "./joined.ts";
import { subjectOf, tasksText, trailers } from "./message.ts";
import { moveTarget } from "./move.ts";
import type { Strategy } from "./strategy.ts";

export const squash: Strategy = {
  id: "squash",
  summary: "One commit on your branch, the goal as its subject and the tasks listed.",
  async land(repo, order, standing) {
    const tree = await joinedTree(repo, order, standing);
    // By the trailer it is known again: the swarm's own commits are not in the branch.
    const known = [...trailers(order), `${LANDED_TRAILER}: ${order.tip}`];
    const message = `${subjectOf(order)}\n\n${tasksText(order.tasks)}\n\n${known.join("\n")}`;
    return moveTarget(repo, order, standing, { tree, commit: () => userCommit(repo, order, tree, [standing.old], message) });
  },
};
