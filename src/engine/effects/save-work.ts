import { saveAttempt } from "../../git/attempt.ts";
import { seatPerson } from "../../git/identity.ts";
import { findWorktree } from "../../git/worktree.ts";
import type { EffectHandler } from "./effect.ts";

/** Commits what a lapsed or released attempt left to its branch, for the next attempt to start from. */
export const saveWork: EffectHandler<"save_work"> = async ({ task, attempt, seat }, { swarm, repo, committer, place }) => {
  const worktree = findWorktree(repo, place(seat));
  const order = { swarm: swarm.id, task, attempt, author: seatPerson(seat), committer };
  const sha = worktree ? await saveAttempt(repo, worktree, order) : null;
  return { record: { type: "record_saved", task, attempt, sha } };
};
