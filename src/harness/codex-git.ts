/**
 * What a sandboxed `git commit` in a linked worktree must be able to write, and nothing else of the repository. Codex protects
 * a repository's `.git` unless its parts are named exactly: so hooks and config stay read-only, and with the refs narrowed to
 * the branches beside the checked out one, no branch of the user's can be moved. Empty for anything but a linked worktree.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

export function gitWritable(worktree: string): readonly string[] {
  const link = /^gitdir: (.+)$/m.exec(read(path.join(worktree, ".git")))?.[1];
  if (link === undefined) return [];
  const own = path.resolve(worktree, link.trim());
  const shared = read(path.join(own, "commondir")).trim();
  if (shared === "") return [];
  const common = path.resolve(own, shared);
  return [own, path.join(common, "objects"), ...refsOf(common, read(path.join(own, "HEAD")).trim())];
}

function refsOf(common: string, head: string): readonly string[] {
  const branch = /^ref: (refs\/heads\/.+)$/.exec(head)?.[1];
  if (branch === undefined) return []; // detached: HEAD itself is the worktree's own
  const family = branch.split("/").slice(0, 3).join("/");
  const alone = branch === family || !existsSync(path.join(common, family));
  return (alone ? ["refs", "logs"] : [family, path.join("logs", family)]).map((part) => path.join(common, part));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // a folder, or not there
  }
}
