/** Worktrees of seats: made in skep's own folder, found again after a crash, never taken from anybody else. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { sleep } from "../base/clock.ts";
import { quote, SkepError } from "../base/errors.ts";
import { mintId } from "../base/ids.ts";
import { git, type Repo, splitZ, type Worktree } from "./git.ts";
import { inTurn } from "./turns.ts";

/** The word git itself uses for a worktree it has not finished. */
const UNFINISHED = "initializing";
const FORGET_TRIES = 30;
const FORGET_PAUSE_MS = 100;

export interface Opened {
  readonly worktree: Worktree;
  readonly made: boolean;
  /** Where something that stood in the way was moved to. */
  readonly setAside: string | null;
}

/**
 * The worktree at `folder`, made detached at `sha` when there is none. What a crash left half-made is made anew; anything
 * else in the way is moved aside, not deleted.
 */
export async function ensureWorktree(repo: Repo, place: string, sha: string): Promise<Opened> {
  mkdirSync(path.dirname(place), { recursive: true });
  const folder = realFolder(place);
  const known = adminDir(repo, folder);
  // Whoever works there can put a link to any place where the folder was; it is never followed.
  let setAside: string | null = isLink(folder) ? moveAside(folder, `${folder}.aside`) : null;
  if (known !== null) {
    if (existsSync(folder) && !isHalfMade(known)) {
      return { worktree: { path: folder, gitDir: known, commonDir: repo.commonDir }, made: false, setAside: repairLink(folder, known) };
    }
    await forget(repo, folder, known);
  }
  if (existsSync(folder)) setAside = clear(folder);
  // Filled in a step of its own: git stumbles over worktrees that others are just making, and files take long.
  const add = ["worktree", "add", "--quiet", "--force", "--detach", "--no-checkout", "--lock", "--reason", UNFINISHED, folder, sha];
  await inTurn(repo, () => git(repo.commonDir, add));
  const gitDir = adminDir(repo, folder);
  if (gitDir === null) throw new Error("git made a worktree that it does not list");
  const worktree = { path: folder, gitDir, commonDir: repo.commonDir };
  await git(worktree, ["reset", "--quiet", "--hard", sha]);
  // It reads all worktrees, so it too may stumble over one that is just being made.
  await inTurn(repo, () => git(repo.commonDir, ["worktree", "unlock", folder]));
  return { worktree, made: true, setAside };
}

/**
 * Drops our own entry and its folder; a general prune would also forget worktrees of the user's on a drive that is not
 * mounted. A git that outlived its killed parent may still be writing files there: then again, for a while.
 */
async function forget(repo: Repo, folder: string, gitDir: string): Promise<void> {
  // Killed in its first instants, git leaves an entry on which every later `git worktree` in the repository ends.
  if (isHalfMade(gitDir) && !isWritten(path.join(gitDir, "commondir"))) rmSync(gitDir, { recursive: true });
  for (let tries = 1; ; tries += 1) {
    if (adminDir(repo, folder) === null) return;
    const remove = ["worktree", "remove", "--force", "--force", folder];
    const { code, err } = await inTurn(repo, () => git(repo.commonDir, remove, { ok: [0, 128, 255] }));
    if (code === 0) return;
    if (tries === FORGET_TRIES) {
      throw new SkepError("WORKTREE_BUSY", `the worktree could not be removed: ${quote(err.trim(), 200)}`, "try again", {
        retryable: true,
      });
    }
    await sleep(FORGET_PAUSE_MS);
  }
}

/** The entry of git's at `folder` goes, whatever is left of it. Only when no session works there. */
export async function forgetWorktree(repo: Repo, folder: string): Promise<void> {
  const known = adminDir(repo, folder);
  if (known !== null) await forget(repo, folder, known);
}

/** The existing worktree at `place`, or null. */
export function findWorktree(repo: Repo, place: string): Worktree | null {
  const folder = realFolder(place);
  const gitDir = adminDir(repo, folder);
  return gitDir !== null && existsSync(folder) && !isLink(folder) ? { path: folder, gitDir, commonDir: repo.commonDir } : null;
}

/** Forgets the worktree and deletes its folder. Only after what is in it was saved. */
export async function removeWorktree(repo: Repo, worktree: Worktree): Promise<void> {
  if (adminDir(repo, worktree.path) !== null) await forget(repo, worktree.path, worktree.gitDir);
}

export interface ListedWorktree {
  readonly path: string;
  readonly head: string | null;
  /** Full ref name; null when detached. */
  readonly ref: string | null;
}

export async function listWorktrees(repo: Repo): Promise<readonly ListedWorktree[]> {
  const { out } = await git(repo.commonDir, ["worktree", "list", "--porcelain", "-z"]);
  const listed: { path: string; head: string | null; ref: string | null }[] = [];
  for (const field of splitZ(out)) {
    const at = field.indexOf(" ");
    const [word, value] = at < 0 ? [field, ""] : [field.slice(0, at), field.slice(at + 1)];
    if (word === "worktree") listed.push({ path: value, head: null, ref: null });
    const entry = listed.at(-1);
    if (entry && word === "HEAD") entry.head = value;
    if (entry && word === "branch") entry.ref = value;
  }
  return listed;
}

/** git notes real paths: a link on the way to the folder must not hide it. */
function realFolder(place: string): string {
  const parent = path.dirname(place);
  return existsSync(parent) ? path.join(realpathSync(parent), path.basename(place)) : place;
}

/** git's folder for the worktree at `folder`: the one whose `gitdir` file names it. */
function adminDir(repo: Repo, folder: string): string | null {
  const all = path.join(repo.commonDir, "worktrees");
  if (!existsSync(all)) return null;
  for (const name of readdirSync(all)) {
    const link = path.join(all, name, "gitdir");
    try {
      if (readFileSync(link, "utf8").trim() === path.join(folder, ".git")) return path.join(all, name);
    } catch {
      // being made or removed by another git right now: not ours
    }
  }
  return null;
}

/** The lock is on while a new worktree is filled; no session starts before that is over. */
export function isHalfMade(gitDir: string): boolean {
  const lock = path.join(gitDir, "locked");
  return existsSync(lock) && readFileSync(lock, "utf8").startsWith(UNFINISHED);
}

const isLink = (folder: string): boolean => lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true;
const isWritten = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** The `.git` file inside is the agent's to break: `git init`, `rm`, or a link to another repository. */
function repairLink(folder: string, gitDir: string): string | null {
  const link = path.join(folder, ".git");
  const wanted = `gitdir: ${gitDir}\n`;
  const stat = lstatSync(link, { throwIfNoEntry: false });
  if (stat?.isFile() && readFileSync(link, "utf8").trim() === wanted.trim()) return null;
  const aside = stat ? moveAside(link, path.join(path.dirname(folder), `${path.basename(folder)}.git-aside`)) : null;
  writeFileSync(link, wanted);
  return aside;
}

function clear(folder: string): string | null {
  const inside = lstatSync(folder).isDirectory() ? readdirSync(folder) : null;
  const link = path.join(folder, ".git");
  // Nothing yet, or only the link to an entry that is no more.
  if (inside?.length === 1 && inside[0] === ".git" && lstatSync(link).isFile()) rmSync(link);
  else if (inside?.length !== 0) return moveAside(folder, `${folder}.aside`);
  rmdirSync(folder);
  return null;
}

function moveAside(from: string, to: string): string {
  const place = `${to}-${mintId("x")}`;
  renameSync(from, place);
  return place;
}
