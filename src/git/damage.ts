/** What a crash or a foreign hand may have done to worktrees of skep's, found by reading alone, and how it is undone. */
import { existsSync, readdirSync, readFileSync, realpathSync, renameSync } from "node:fs";
import path from "node:path";
import { mintId } from "../base/ids.ts";
import { git, type Repo, type Worktree } from "./git.ts";
import { forgetWorktree, isHalfMade } from "./worktree.ts";

export interface DeadEntry {
  readonly place: string;
  readonly why: "half made" | "its folder is gone";
  /** What was checked out there, on no branch; null: nothing that can be told. */
  readonly head: string | null;
}

/**
 * Entries of git's for worktrees right below `folder` that are none: git was killed while it made them, or somebody deleted
 * the folder. On some of them every `git worktree` in the repository ends.
 */
export function deadEntries(repo: Repo, folder: string): readonly DeadEntry[] {
  const all = path.join(repo.commonDir, "worktrees");
  if (!existsSync(all)) return [];
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  return readdirSync(all).flatMap((name): readonly DeadEntry[] => {
    const place = placeOf(path.join(all, name));
    if (place === null || path.dirname(place) !== real) return [];
    const head = detachedAt(path.join(all, name));
    if (isHalfMade(path.join(all, name))) return [{ place, why: "half made", head }];
    return existsSync(place) ? [] : [{ place, why: "its folder is gone", head }];
  });
}

/** Folders right below `folder` in which git knows of worktrees, whether they are there or not. */
export function foldersOfEntries(repo: Repo, folder: string): readonly string[] {
  const all = path.join(repo.commonDir, "worktrees");
  if (!existsSync(all)) return [];
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  const folders = readdirSync(all).flatMap((name) => {
    const place = placeOf(path.join(all, name));
    return place !== null && path.dirname(path.dirname(place)) === real ? [path.dirname(place)] : [];
  });
  return [...new Set(folders)];
}

function placeOf(entry: string): string | null {
  try {
    return path.dirname(readFileSync(path.join(entry, "gitdir"), "utf8").trim());
  } catch {
    return null; // nobody can tell whose it is
  }
}

function detachedAt(entry: string): string | null {
  try {
    return /^[0-9a-f]{40,64}$/.exec(readFileSync(path.join(entry, "HEAD"), "utf8").trim())?.[0] ?? null;
  } catch {
    return null; // git was killed before it wrote one
  }
}

/** Files stay where they are: what was half made holds nothing of an agent's. */
export const dropEntry = (repo: Repo, { place }: DeadEntry): Promise<void> => forgetWorktree(repo, place);

/** Whether git can read what is staged there. */
export async function isIndexBroken(place: string | Worktree): Promise<boolean> {
  const { code, err } = await git(place, ["ls-files", "--stage", "--error-unmatch", "-z", "--", ":(top,literal).gitignore"], {
    ok: [0, 1, 128],
  });
  return code === 128 && /index/.test(err);
}

/** A new index of what is checked out; changes in files stay, what was staged is a change again. The old one is kept beside it. */
export async function mendIndex(worktree: Worktree): Promise<{ readonly aside: string }> {
  const index = path.join(worktree.gitDir, "index");
  const aside = `${index}.broken-${mintId("x")}`;
  renameSync(index, aside);
  await git(worktree, ["reset", "--quiet", "--mixed", "HEAD"]);
  return { aside };
}
