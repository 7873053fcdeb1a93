import { runningOf } from "../../domain/collab.ts";
import type { Job } from "../../domain/model.ts";
import { sightOf } from "../../domain/modes/sees.ts";
import { openAttempt } from "../../git/attempt.ts";
import type { Worktree } from "../../git/git.ts";
import { type Person, seatPerson } from "../../git/identity.ts";
import { reviewCommit } from "../../git/review-commit.ts";
import { resetWorktree } from "../../git/seat-state.ts";
import { prepareWorktree } from "../worktree-setup.ts";
import { type EffectHandler, owed, type World } from "./effect.ts";

interface Opened {
  readonly base: string;
  readonly conflict: readonly string[];
  readonly discarded: readonly string[];
}

/** Brings a seat's worktree to where its job begins, and prepares it. */
export const openWorktree: EffectHandler<"open_worktree"> = async ({ session, seat, job }, world) => {
  const worktree = await world.worktree(seat);
  const opened = await placeJob(job, worktree, seatPerson(seat), world);
  const failed = await prepareWorktree(worktree, world);
  if (failed !== null) return { record: { type: "fail_setup", session, output: await world.swarm.keep(failed) } };
  return { record: { type: "record_worktree", session, job, path: worktree.path, ...opened } };
};

async function placeJob(job: Job, worktree: Worktree, author: Person, { swarm, repo, committer }: World): Promise<Opened> {
  const { id, tip, tasks } = swarm.state;
  if (job.kind === "task") {
    const task = owed(tasks.get(job.task));
    const order = { swarm: id, task: job.task, attempt: job.attempt, tip, prior: task.prior?.sha ?? null, author, committer };
    const { base, conflict, discarded } = await openAttempt(repo, worktree, order);
    return { base, conflict, discarded };
  }
  if (job.kind === "review" || job.kind === "verify") {
    const base = owed(tasks.get(job.task)?.base);
    const shown = await reviewCommit(repo, { task: job.task, base, sha: job.sha });
    return { base: shown, conflict: [], discarded: await resetWorktree(worktree, id, shown) };
  }
  if (job.kind === "collab") {
    const run = owed(runningOf(tasks.get(job.task)));
    const { stands } = owed(sightOf(run.mode, run.collab, job.place));
    return { base: stands, conflict: [], discarded: await resetWorktree(worktree, id, stands) };
  }
  return { base: tip, conflict: [], discarded: await resetWorktree(worktree, id, tip) };
}
