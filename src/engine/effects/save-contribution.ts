import { seatPerson } from "../../git/identity.ts";
import { saveDetached } from "../../git/seat-state.ts";
import { findWorktree } from "../../git/worktree.ts";
import type { EffectHandler } from "./effect.ts";

/** Commits what a participant left in its worktree, on no branch: the next step begins with that commit. */
export const saveContribution: EffectHandler<"save_contribution"> = async (effect, { swarm, repo, committer, place: placeOf }) => {
  const { task, attempt, step, place, seat, start } = effect;
  const worktree = findWorktree(repo, placeOf(seat));
  const message = `Work of ${task}, attempt ${attempt}, step ${step}`;
  const sha = worktree ? await saveDetached(worktree, swarm.id, { message, author: seatPerson(seat), committer }) : null;
  return { record: { type: "record_contribution", task, attempt, step, place, sha: sha === start ? null : sha } };
};
