import { describeError } from "../../base/errors.ts";
import { saveAttempt } from "../../git/attempt.ts";
import { seatPerson } from "../../git/identity.ts";
import { resetWorktree } from "../../git/seat-state.ts";
import { dropTwins } from "../../git/twins.ts";
import { findWorktree, removeWorktree } from "../../git/worktree.ts";
import { writeReport } from "../report/write.ts";
import { CHECK_SEAT } from "../worktree-places.ts";
import type { EffectHandler, World } from "./effect.ts";

/** Puts the worktrees of an ended swarm away; what they still held is on a branch or a backup ref first. Leaves its report. */
export const closeSwarm: EffectHandler<"close_swarm"> = async (_effect, world) => {
  await saveOpenAttempts(world);
  for (const seat of [...world.swarm.state.seats.keys(), CHECK_SEAT]) {
    const worktree = findWorktree(world.repo, world.place(seat));
    if (!worktree) continue;
    await resetWorktree(worktree, world.swarm.id, world.swarm.state.tip || world.swarm.state.base);
    await removeWorktree(world.repo, worktree);
  }
  if (world.swarm.state.audit !== null) await dropTwins(world.repo, world.swarm.id);
  await leaveReport(world);
  return { record: { type: "record_closed" } };
};

/** It can be made again at any time, so a full disk keeps no swarm from being put away. */
async function leaveReport({ swarm, host }: World): Promise<void> {
  try {
    await writeReport(swarm, host.project.home);
  } catch (error) {
    host.logger.warn({ swarm: swarm.id, error: describeError(error) }, "report not written; skep report makes it");
  }
}

/** A stopped swarm may have attempts in work: the same saving as for a lapsed one. */
async function saveOpenAttempts({ swarm, repo, committer, place }: World): Promise<void> {
  const { tasks, byStatus } = swarm.state;
  for (const id of [...byStatus.claimed, ...byStatus.submitted]) {
    const task = tasks.get(id);
    const seat = task?.authors.at(-1);
    const worktree = seat && findWorktree(repo, place(seat));
    if (task && worktree)
      await saveAttempt(repo, worktree, { swarm: swarm.id, task: id, attempt: task.attempt, author: seatPerson(seat), committer });
  }
}
