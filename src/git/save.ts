/** Puts all of a worktree into a commit on a branch of skep's, wherever the agent left its HEAD. */
import type { SwarmId } from "../base/ids.ts";
import { keepBackup } from "./backup.ts";
import { git, gitLine, type Worktree } from "./git.ts";
import { type Person, personEnv } from "./identity.ts";
import { changeRefs, commitOf, headRef, isAncestor, treeOf } from "./refs.ts";
import type { Signing } from "./signing.ts";
import { type Staged, stageAll } from "./stage.ts";
import { inTurn } from "./turns.ts";
import { endOperations, mergeHeads } from "./worktree-state.ts";

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
export interface SavedWork extends Omit<Staged, "tree"> {
  readonly sha: string;
  readonly tree: string;
}

/**
 * Afterwards HEAD is `order.branch`, which stands at the answered commit, and nothing but ignored files is uncommitted. Safe
 * to repeat: with nothing new to commit the answer is the commit that is there.
 */
export async function saveAll(worktree: Worktree, order: SaveOrder): Promise<SavedWork> {
  const head = (await commitOf(worktree, "HEAD")) ?? order.start;
  const staged = await stageAll(worktree, head);
  const parents = [head, ...mergeHeads(worktree)];
  const same = parents.length === 1 && staged.tree === (await treeOf(worktree.commonDir, head));
  const sha = same ? head : await commitTree(worktree.commonDir, staged.tree, parents, order);
  await moveBranch(worktree, order.swarm, order.branch, sha);
  endOperations(worktree);
  return { ...staged, sha };
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

export function commitTree(
  commonDir: string,
  tree: string,
  parents: readonly string[],
  { message, author, committer, date, signing = null }: CommitText,
): Promise<string> {
  const signed = signing === null ? [] : ["-S"];
  const args = ["commit-tree", tree, ...signed, ...parents.flatMap((parent) => ["-p", parent])];
  const call = { ...signing, env: { ...signing?.env, ...personEnv(author, committer, date) } };
  // A pipe costs as much as a tenth of the call; it is for what does not fit in an argument.
  if (message.length <= LONGEST_ARGUMENT && /^[^-\0][^\0]*$/.test(message)) return gitLine(commonDir, [...args, "-m", message], call);
  return gitLine(commonDir, [...args, "-F", "-"], { ...call, input: `${message}\n` });
}

/**
 * Sets the branch to `sha` and HEAD to the branch. HEAD is never written through: an agent may have pointed it at a branch
 * of the user's. A value the branch would lose is kept as a backup.
 */
export function moveBranch(worktree: Worktree, swarm: SwarmId, branch: string, sha: string): Promise<void> {
  return inTurn(worktree, async () => {
    const ref = headRef(branch);
    const old = await commitOf(worktree.commonDir, ref);
    if (old !== null && old !== sha && !(await isAncestor(worktree.commonDir, old, sha))) {
      await keepBackup(worktree, swarm, "rewritten", old);
    }
    if (old !== sha) await changeRefs(worktree.commonDir, [{ ref, to: sha }], "skep: save work");
    await git(worktree, ["symbolic-ref", "-m", "skep: back to the attempt", "HEAD", ref]);
  });
}
