/** A swarm's git side, ready to use: repository, integration branch, worktrees, the two people of a commit. */
import path from "node:path";
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import { type OpenedAttempt, openAttempt } from "../../src/git/attempt.ts";
import { type Committed, commitWork } from "../../src/git/commit-work.ts";
import type { Worktree } from "../../src/git/git.ts";
import { type Person, seatPerson } from "../../src/git/identity.ts";
import { type Merged, mergeWork } from "../../src/git/merge.ts";
import { createSwarmBranch } from "../../src/git/swarm-branch.ts";
import { ensureWorktree } from "../../src/git/worktree.ts";
import { id } from "../support/ids.ts";
import { makeRepo, type TestRepo, writeFiles } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

export const SWARM = id.swarm("s-abc");
const USER: Person = { name: "Ursula User", email: "ursula@example.test" };

export interface Seat {
  readonly worktree: Worktree;
  readonly who: { readonly author: Person; readonly committer: Person };
  open(task: string, attempt: number, tip: string, prior?: string | null, keepCommits?: boolean): Promise<OpenedAttempt>;
  write(files: Readonly<Record<string, string>>): void;
  commit(task: string, attempt: number, base: string, mayBeEmpty?: boolean): Promise<Committed>;
  /** The sha of a commit that must succeed. */
  sha(task: string, attempt: number, base: string): Promise<string>;
  merge(task: string, attempt: number, sha: string, tip: string): Promise<Merged>;
}
export interface Kit {
  readonly repo: TestRepo;
  readonly base: string;
  readonly folder: string;
  seat(name: string): Promise<Seat>;
}

export async function makeKit(): Promise<Kit> {
  const repo = makeRepo();
  const folder = tempDir("worktrees");
  await createSwarmBranch(repo, SWARM, repo.base);
  return { repo, base: repo.base, folder, seat: (name) => makeSeat(repo, folder, id.seat(name)) };
}

async function makeSeat(repo: TestRepo, folder: string, name: SeatId): Promise<Seat> {
  const { worktree } = await ensureWorktree(repo, path.join(folder, SWARM, name), repo.base);
  const who = { author: seatPerson(name), committer: USER };
  const order = (task: string, attempt: number) => ({
    swarm: SWARM,
    task: id.task(task) as TaskId,
    attempt,
    title: `Title of ${task}`,
    ...who,
  });
  const seat: Seat = {
    worktree,
    who,
    open: (task, attempt, tip, prior = null, keepCommits = false) =>
      openAttempt(repo, worktree, { ...order(task, attempt), tip, prior, keepCommits }),
    write: (files) => writeFiles(worktree.path, files),
    commit: (task, attempt, base, mayBeEmpty = false) => commitWork(repo, worktree, { ...order(task, attempt), base, mayBeEmpty }),
    async sha(task, attempt, base) {
      const done = await seat.commit(task, attempt, base);
      if (done.kind !== "committed") throw new Error(`expected a commit, got ${JSON.stringify(done)}`);
      return done.sha;
    },
    merge: (task, attempt, sha, tip) => mergeWork(repo, { ...order(task, attempt), sha, tip }),
  };
  return seat;
}
