/** Everything in a worktree as a tree object: what an agent left, ignored files apart. */
import { sleep } from "../base/clock.ts";
import { SkepError } from "../base/errors.ts";
import { git, gitLine, splitZ, type Worktree } from "./git.ts";
import { clearLocks } from "./worktree-state.ts";

export interface Staged {
  readonly tree: string;
  /** Repositories inside the worktree: a commit cannot hold their contents, so they are left out. */
  readonly nested: readonly string[];
  /** Files git could not read. */
  readonly unreadable: readonly string[];
}

const LOCK_TRIES = 30;
const LOCK_PAUSE_MS = 100;

/** @param head the commit to compare with; asked for meanwhile. */
export async function stageAll(worktree: Worktree, head: () => Promise<string>): Promise<Staged> {
  const [unreadable, from] = await Promise.all([patiently(worktree, () => addAll(worktree)), head()]);
  const [nested, tree] = await Promise.all([newGitlinks(worktree, from), writeTree(worktree)]);
  if (nested.length === 0) return { tree, nested, unreadable };
  await git(worktree, ["update-index", "--force-remove", "-z", "--stdin"], { input: `${nested.join("\0")}\0` });
  return { tree: await writeTree(worktree), nested, unreadable };
}

const writeTree = (worktree: Worktree): Promise<string> => gitLine(worktree, ["write-tree"]);

async function addAll(worktree: Worktree): Promise<readonly string[]> {
  const { code, err } = await git(worktree, ["add", "--all"], { ok: [0, 128] });
  if (code === 0) return [];
  if (/index\.lock/.test(err)) throw new SkepError("GIT_LOCKED", "another git works in this worktree", "try again", { retryable: true });
  // One unreadable file, or a nested repository without a commit, must not keep the rest out.
  await git(worktree, ["add", "--all", "--ignore-errors"], { ok: [0, 1, 128] });
  const args = ["ls-files", "-z", "--others", "--modified", "--exclude-standard"];
  return splitZ((await git(worktree, args)).out).filter((name) => !name.endsWith("/"));
}

/** A running session may be in the middle of a git command; one that was killed leaves its lock for ever. */
async function patiently<T>(worktree: Worktree, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SkepError) || error.code !== "GIT_LOCKED" || tries > LOCK_TRIES) throw error;
      if (tries === LOCK_TRIES) clearLocks(worktree);
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

/** Index entries that are links to other repositories and were not in `head`. */
async function newGitlinks(worktree: Worktree, head: string): Promise<readonly string[]> {
  const args = ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--ignore-submodules=none", head];
  const fields = splitZ((await git(worktree, args)).out);
  const links: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (/^:(?!160000)\d+ 160000 /.test(fields[i] ?? "")) links.push(fields[i + 1] ?? "");
  }
  return links;
}
