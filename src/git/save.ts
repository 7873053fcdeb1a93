/** Puts all of a worktree into a commit on a branch of skep's, wherever the agent left its HEAD. */
import type { SwarmId } from "../base/ids.ts";
import { keepBackup } from "./backup.ts";
import { git, gitLine, type Worktree } from "./git.ts";
import { type Person, personEnv } from "./identity.ts";
import { changeRefs, commitOf, commitsOf, headRef, isAncestor, noteTree, treeOf } from "./refs.ts";
import type { Signing } from "./signing.ts";
import { type Staged, stageAll } from "./stage.ts";
import { inTurn } from "./turns.ts";
import { endOperations, isHead, mergeHeads } from "./worktree-state.ts";

export interface SaveOrder {
  readonly swarm: SwarmId;
  /** Short name; an attempt's branch. */
  readonly branch: string;
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  /** Where the branch began, for a HEAD that stands nowhere. */
  readonly start: string;
}
export interface SavedWork extends Staged {
  readonly sha: string;
  /** Commits known to be behind `sha`, or to be it. */
  readonly behind: readonly string[];
}

/**
 * Afterwards HEAD is `order.branch`, which stands at the answered commit, and nothing but ignored files is uncommitted. Safe
 * to repeat: with nothing new to commit the answer is the commit that is there.
 */
export async function saveAll(worktree: Worktree, order: SaveOrder): Promise<SavedWork> {
  const asked = commitsOf(worktree, ["HEAD", headRef(order.branch)]);
  const staged = await stageAll(worktree, async () => (await asked)[0] ?? order.start);
  const [now, old = null] = await asked;
  const head = now ?? order.start;
  const parents = [head, ...mergeHeads(worktree)];
  const same = parents.length === 1 && staged.tree === (await treeOf(worktree.commonDir, head));
  const sha = same ? head : await commitTree(worktree.commonDir, staged.tree, parents, order);
  const behind = same ? [sha] : [sha, ...parents];
  await moveBranch(worktree, order.swarm, order.branch, sha, old === null || behind.includes(old) ? old : undefined);
  endOperations(worktree);
  return { ...staged, sha, behind };
}

export interface CommitText {
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  readonly date?: string;
  /** Null: not signed. */
  readonly signing?: Signing | null;
}

const LONGEST_ARGUMENT = 8_000;

export async function commitTree(
  commonDir: string,
  tree: string,
  parents: readonly string[],
  { message, author, committer, date, signing = null }: CommitText,
): Promise<string> {
  const signed = signing === null ? [] : ["-S"];
  const args = ["commit-tree", tree, ...signed, ...parents.flatMap((parent) => ["-p", parent])];
  const call = { ...signing, env: { ...signing?.env, ...personEnv(author, committer, date) } };
  // A pipe costs as much as a tenth of the call; it is for what does not fit in an argument.
  const short = message.length <= LONGEST_ARGUMENT && /^[^-\0][^\0]*$/.test(message);
  const sha = await (short
    ? gitLine(commonDir, [...args, "-m", message], call)
    : gitLine(commonDir, [...args, "-F", "-"], { ...call, input: `${message}\n` }));
  noteTree(sha, tree);
  return sha;
}

/**
 * Sets the branch to `sha` and HEAD to the branch. HEAD is never written through: an agent may have pointed it at a branch
 * of the user's. A value the branch would lose is kept as a backup.
 *
 * @param seen where the branch was seen to stand, when `sha` is known to follow it; null: there was none.
 */
export async function moveBranch(worktree: Worktree, swarm: SwarmId, branch: string, sha: string, seen?: string | null): Promise<void> {
  const ref = headRef(branch);
  // One ref moves from a known value or not at all: git's own lock is enough, and a submission waits for no other work.
  const moved = seen !== undefined && (seen === sha || (await changeRefs(worktree.commonDir, [{ ref, to: sha, from: seen }], WHY)));
  if (!moved) await moveFromAnywhere(worktree, swarm, ref, sha);
  if (!isHead(worktree, ref)) await git(worktree, ["symbolic-ref", "-m", "skep: back to the attempt", "HEAD", ref]);
}

const WHY = "skep: save work";

function moveFromAnywhere(worktree: Worktree, swarm: SwarmId, ref: string, sha: string): Promise<void> {
  return inTurn(worktree, async () => {
    const old = await commitOf(worktree.commonDir, ref);
    if (old !== null && old !== sha && !(await isAncestor(worktree.commonDir, old, sha))) {
      await keepBackup(worktree, swarm, "rewritten", old);
    }
    if (old !== sha) await changeRefs(worktree.commonDir, [{ ref, to: sha }], WHY);
  });
}
