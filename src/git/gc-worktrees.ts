/** Worktrees that ended swarms left behind: what is in them is kept before they go. */
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import type { SwarmId } from "../base/ids.ts";
import { keepBackup } from "./backup.ts";
import { git, type Repo } from "./git.ts";
import { dirtyFiles } from "./project.ts";
import { commitOf } from "./refs.ts";
import { resetWorktree } from "./seat-state.ts";
import { findWorktree, listWorktrees, removeWorktree } from "./worktree.ts";

export interface Leftover {
  readonly swarm: SwarmId;
  readonly path: string;
  /** Uncommitted files; they are saved to a backup ref first. */
  readonly dirty: readonly string[];
}

/** @param folder where skep keeps the worktrees of this swarm, and nothing else. */
export async function leftoverWorktrees(repo: Repo, swarm: SwarmId, folder: string): Promise<readonly Leftover[]> {
  if (!existsSync(folder)) return [];
  const real = realpathSync(folder);
  const inside = (await listWorktrees(repo)).filter(({ path: place }) => path.dirname(place) === real && existsSync(place));
  return Promise.all(
    inside.map(async ({ path: place }) => {
      const worktree = findWorktree(repo, place);
      return { swarm, path: place, dirty: worktree === null ? [] : await dirtyFiles(worktree) };
    }),
  );
}

/** @param sha any commit of the swarm, to stand on while it goes. */
export async function putAway(repo: Repo, { swarm, path: place }: Leftover, sha: string): Promise<void> {
  const worktree = findWorktree(repo, place);
  if (worktree === null) return;
  const head = await commitOf(worktree, "HEAD");
  if (head !== null) {
    const { out } = await git(repo.commonDir, ["rev-list", "--max-count=1", "--single-worktree", head, "--not", "--all"]);
    if (out.trim() !== "") await keepBackup(repo, swarm, "worktree", head);
  }
  await resetWorktree(worktree, swarm, sha);
  await removeWorktree(repo, worktree);
}
