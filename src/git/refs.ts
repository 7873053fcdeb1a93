/** Names of the refs skep makes, and the one way they change. */

import { SkepError } from "../base/errors.ts";
import type { SwarmId, TaskId } from "../base/ids.ts";
import { isId } from "../base/ids.ts";
import { type GitOutput, git, gitLine, type Worktree } from "./git.ts";
import { lasting, noteLasting } from "./lasting.ts";

/** Short name of the integration branch. */
export const swarmBranch = (swarm: SwarmId): string => `skep/${name(swarm)}`;

/**
 * Short name of an attempt's branch. A tree of its own beside `skep/`: a ref cannot be a file and a folder at once, and
 * as the number is a component of its own no two attempts share a name.
 */
export const attemptBranch = (swarm: SwarmId, task: TaskId, attempt: number): string => `skep-work/${name(swarm)}/${name(task)}/${attempt}`;

export const backupRoot = (swarm: SwarmId): string => `refs/skep/backup/${name(swarm)}`;

/** Below it, for as long as an audit is reviewed, one ref for each of its commits. */
export const auditRoot = (swarm: SwarmId): string => `refs/skep/audit/${name(swarm)}`;

export const headRef = (branch: string): string => `refs/heads/${branch}`;

/** Ids are validated before they become part of a ref, whatever the type says. */
function name(id: string): string {
  if (!isId(id)) throw new SkepError("BAD_ID", "an id for a branch is malformed", "report this as a bug of skep");
  return id;
}

/** The commit a name stands for, or null. */
export async function commitOf(place: string | Worktree, rev: string): Promise<string | null> {
  const { code, out } = await git(place, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${rev}^{commit}`], { ok: [0, 1, 128] });
  return code === 0 ? out.trim() : null;
}

/** The same for several names, with one call. */
export async function commitsOf(place: string | Worktree, revs: readonly string[]): Promise<readonly (string | null)[]> {
  const input = revs.map((rev) => `${rev}^{commit}\n`).join("");
  const { out } = await git(place, ["cat-file", "--batch-check=%(objectname) %(objecttype)"], { input });
  const lines = out.split("\n");
  return revs.map((_, index) => /^([0-9a-f]+) commit$/.exec(lines[index] ?? "")?.[1] ?? null);
}

export async function isAncestor(place: string | Worktree, older: string, newer: string): Promise<boolean> {
  return (await git(place, ["merge-base", "--is-ancestor", older, newer], { ok: [0, 1] })).code === 0;
}

export const treeOf = (place: string | Worktree, sha: string): Promise<string> =>
  lasting(TREE, [sha], () => gitLine(place, ["rev-parse", "--verify", "--end-of-options", `${sha}^{tree}`]));

/** The tree of a commit just made is known. */
export const noteTree = (sha: string, tree: string): void => noteLasting(TREE, [sha], tree);

const TREE = "tree";

/** When a commit was made, as git takes it: what is made of it alone is the same commit each time. */
export const dateOf = (place: string, sha: string): Promise<string> =>
  lasting("date", [sha], () => gitLine(place, ["rev-list", "--max-count=1", "--no-commit-header", "--format=%ct +0000", sha]));

export interface RefChange {
  readonly ref: string;
  /** null deletes it. */
  readonly to: string | null;
  /** The value it must have now; null: it must not exist; undefined: whatever. */
  readonly from?: string | null;
}

/** All changes or none. False when one of the old values is not (or no longer) so. */
export async function changeRefs(commonDir: string, changes: readonly RefChange[], why: string): Promise<boolean> {
  if (changes.length === 0) return true;
  const { code, err } = await (changes.length === 1
    ? changeOne(commonDir, changes[0] as RefChange, why)
    : changeAll(commonDir, changes, why));
  if (code === 0) return true;
  if (/but expected|reference already exists|unable to resolve reference/.test(err)) return false;
  if (/cannot create|cannot lock ref .*exists; cannot/.test(err)) {
    throw new SkepError(
      "BRANCH_BLOCKED",
      "a branch of yours has the name of the folder skep keeps its branches in (skep or skep-work)",
      "rename it: git branch -m skep my-skep",
    );
  }
  throw new SkepError("GIT_LOCKED", `the refs could not be changed: ${err.trim().slice(0, 300)}`, "try again", { retryable: true });
}

/** A transaction of one, without a pipe: this is what every merge waits for. */
function changeOne(commonDir: string, change: RefChange, why: string): Promise<GitOutput> {
  const { ref, to, from } = change;
  // An empty old value means that the ref must not exist.
  const old = from === undefined ? [] : [from ?? ""];
  const what = to === null ? ["-d", ref, ...(from ? [from] : [])] : [ref, to, ...old];
  return git(commonDir, ["update-ref", ...logged([change]), "-m", why, ...what], { ok: [0, 1, 128] });
}

function changeAll(commonDir: string, changes: readonly RefChange[], why: string): Promise<GitOutput> {
  const lines = changes.map(({ ref, to, from }) => {
    if (to !== null && from === null) return `create ${ref} ${to}`;
    const old = from ? ` ${from}` : "";
    return to === null ? `delete ${ref}${old}` : `update ${ref} ${to}${old}`;
  });
  const input = `start\n${lines.join("\n")}\nprepare\ncommit\n`;
  return git(commonDir, ["update-ref", ...logged(changes), "--stdin", "-m", why], { input, ok: [0, 128] });
}

/** A backup tells by its reflog when it was made: the commit it keeps may be of long ago. */
const logged = (changes: readonly RefChange[]): readonly string[] =>
  changes.some(({ ref, to }) => to !== null && ref.startsWith("refs/skep/")) ? ["--create-reflog"] : [];
