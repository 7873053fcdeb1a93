/** Seats that may look but not change: detached, reset before each session, what was changed there kept aside. */
import type { SwarmId } from "../base/ids.ts";
import { keepBackup } from "./backup.ts";
import { changedPaths } from "./changes.ts";
import { git, type Worktree } from "./git.ts";
import { type Person, SKEP } from "./identity.ts";
import { dirtyFiles } from "./project.ts";
import { commitOf, treeOf } from "./refs.ts";
import { commitTree } from "./save.ts";
import { stageAll } from "./stage.ts";
import { clearLocks, endOperations, mergeHeads, readRecord, writeRecord } from "./worktree-state.ts";

/**
 * Brings the worktree to `sha`, detached and clean; ignored files stay, so that what `worktree.setup` prepared is not lost.
 * Answers the names of files that had been changed; their content is on a backup ref. No session may work in it meanwhile.
 */
export async function resetWorktree(worktree: Worktree, swarm: SwarmId, sha: string): Promise<readonly string[]> {
  clearLocks(worktree);
  const discarded = await leaveDetached(worktree, swarm);
  endOperations(worktree);
  await git(worktree, ["checkout", "--quiet", "--force", "--detach", sha]);
  await git(worktree, ["clean", "-ffdq"], { ok: [0, 1] });
  writeRecord(worktree, { kind: "detached", sha });
  return discarded;
}

/** Keeps on a backup ref whatever differs from the commit skep put there; answers its names. */
export async function leaveDetached(worktree: Worktree, swarm: SwarmId): Promise<readonly string[]> {
  const record = readRecord(worktree);
  const head = await commitOf(worktree, "HEAD");
  if (head === null) return [];
  const dirty = await dirtyFiles(worktree);
  const placed = record?.kind === "detached" ? record.sha : head;
  if (dirty.length === 0 && head === placed && mergeHeads(worktree).length === 0) return [];
  const { tree } = await stageAll(worktree, async () => head);
  const isSame = tree === (await treeOf(worktree.commonDir, head));
  const order = { message: "Changes left in a worktree that was not to be changed", author: SKEP, committer: SKEP };
  const kept = isSame ? head : await commitTree(worktree.commonDir, tree, [head, ...mergeHeads(worktree)], order);
  if (kept === placed) return [];
  await keepBackup(worktree, swarm, "discarded", kept);
  return changedPaths(worktree.commonDir, placed, kept);
}

/**
 * Commits everything in a detached worktree and puts it there as what skep placed: what is changed after that has no claim.
 * The commit is kept on a backup ref, as it is on no branch. Safe to repeat: with nothing new it is the same commit.
 */
export async function saveDetached(
  worktree: Worktree,
  swarm: SwarmId,
  text: { readonly message: string; readonly author: Person; readonly committer: Person },
): Promise<string | null> {
  const head = await commitOf(worktree, "HEAD");
  if (head === null) return null;
  const { tree } = await stageAll(worktree, async () => head);
  const parents = [head, ...mergeHeads(worktree)];
  const isSame = parents.length === 1 && tree === (await treeOf(worktree.commonDir, head));
  const sha = isSame ? head : await commitTree(worktree.commonDir, tree, parents, text);
  await keepBackup(worktree, swarm, "together", sha);
  // Not through a branch the agent may have checked out: HEAD itself is the commit.
  await git(worktree, ["update-ref", "--no-deref", "HEAD", sha]);
  endOperations(worktree);
  writeRecord(worktree, { kind: "detached", sha });
  return sha;
}
