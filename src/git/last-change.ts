/** When somebody last worked in a worktree, by its files alone. */
import { lstatSync } from "node:fs";
import path from "node:path";
import type { Worktree } from "./git.ts";
import { dirtyFiles } from "./project.ts";

/** Looked at; a worktree with more is busy by all appearances. */
const MOST = 2_000;

/** The newest change of an uncommitted file, or of HEAD; null: neither. Ignored files are not looked at. */
export async function lastChange(worktree: Worktree): Promise<number | null> {
  const files = (await dirtyFiles(worktree, true)).slice(0, MOST).map((file) => path.join(worktree.path, file));
  const times = [...files, path.join(worktree.gitDir, "logs", "HEAD")].flatMap((file) => changedAt(file) ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

function changedAt(file: string): number | null {
  // A deleted file changed its folder.
  for (const place of [file, path.dirname(file)]) {
    const found = lstatSync(place, { throwIfNoEntry: false });
    if (found) return Math.round(found.mtimeMs);
  }
  return null;
}
