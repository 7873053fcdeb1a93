/** When somebody last worked in a worktree, by its files alone. */
import { lstatSync } from "node:fs";
import path from "node:path";
import type { Worktree } from "./git.ts";
import { dirtyFiles } from "./project.ts";

/** So many are looked at. */
const MOST = 2_000;

export interface Changed {
  /** The newest change of an uncommitted file, or of HEAD; null: neither. */
  readonly changed: number | null;
  /** False when there are more files than are looked at: then nothing speaks against work. */
  readonly seen: boolean;
}

/** Ignored files are not looked at. */
export async function lastChange(worktree: Worktree): Promise<Changed> {
  const dirty = await dirtyFiles(worktree, true);
  const files = dirty.slice(0, MOST).map((file) => path.join(worktree.path, file));
  const times = [...files, path.join(worktree.gitDir, "logs", "HEAD")].flatMap((file) => changedAt(file) ?? []);
  return { changed: times.length === 0 ? null : Math.max(...times), seen: dirty.length <= MOST };
}

function changedAt(file: string): number | null {
  // A deleted file changed its folder.
  for (const place of [file, path.dirname(file)]) {
    const found = lstatSync(place, { throwIfNoEntry: false });
    if (found) return Math.round(found.mtimeMs);
  }
  return null;
}
