/** Commits a submission: everything the agent left, on the attempt's branch, as a descendant of the attempt's base. */

import type { SeatId } from "../base/ids.ts";
import { type AttemptOrder, mergeIn } from "./attempt.ts";
import { type ChangedFile, changedFiles } from "./changes.ts";
import { seatsIn } from "./commit-seats.ts";
import { git, type Repo, type Worktree } from "./git.ts";
import { mergeTrees } from "./merge-trees.ts";
import { attemptBranch, isAncestor, treeOf } from "./refs.ts";
import { commitTree, moveBranch, type SavedWork, saveAll } from "./save.ts";

export interface CommitOrder extends Pick<AttemptOrder, "swarm" | "task" | "attempt" | "author" | "committer"> {
  /** Commit the attempt was opened on. */
  readonly base: string;
  /** Title of the task. */
  readonly title: string;
  /** A submission without a change is a commit too, with the files of the base. */
  readonly mayBeEmpty?: boolean;
}

export type Committed =
  | {
      readonly kind: "committed";
      readonly sha: string;
      readonly tree: string;
      /** Against `base`. */
      readonly files: readonly ChangedFile[];
      /** Who stands in its commits. */
      readonly seats: readonly SeatId[];
      readonly nested: readonly string[];
      readonly unreadable: readonly string[];
    }
  /** Nothing differs from the base. */
  | { readonly kind: "empty"; readonly nested: readonly string[]; readonly unreadable: readonly string[] }
  /** The agent had dropped the merge of the base; it is open again in the worktree, with these files to resolve. */
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

/** Safe to repeat: with nothing new in the worktree the answer is the same commit. */
export async function commitWork(repo: Repo, worktree: Worktree, order: CommitOrder): Promise<Committed> {
  const branch = attemptBranch(order.swarm, order.task, order.attempt);
  const message = `${order.title}\n\nWork of ${order.task}, attempt ${order.attempt}`;
  const saved = await saveAll(worktree, { ...order, branch, message, start: order.base });
  const joined = await onBase(repo, worktree, order, branch, saved);
  if (joined === null) return { kind: "conflict", paths: await mergeIn(worktree, order.base, order) };
  const sha = joined === order.base && order.mayBeEmpty ? await emptyCommit(repo, worktree, order, branch, message) : joined;
  const { nested, unreadable } = saved;
  const [files, seats, tree] = await Promise.all([
    changedFiles(repo.commonDir, order.base, sha),
    seatsIn(repo.commonDir, order.base, sha),
    treeOf(repo.commonDir, sha),
  ]);
  if (files.length === 0 && !order.mayBeEmpty) return { kind: "empty", nested, unreadable };
  return { kind: "committed", sha, tree, files, seats, nested, unreadable };
}

/** Each submission has a commit of its own, so that no review of one counts for another. */
async function emptyCommit(repo: Repo, worktree: Worktree, order: CommitOrder, branch: string, message: string): Promise<string> {
  const { base, author, committer } = order;
  const sha = await commitTree(repo.commonDir, await treeOf(repo.commonDir, base), [base], { message, author, committer });
  await moveBranch(worktree, order.swarm, branch, sha);
  return sha;
}

/**
 * `base..sha` is what is reviewed, so `sha` must descend from `base`. An agent may have aborted the merge of the base, reset
 * or rebased: then the base is merged in here. Null: it cannot be done without deciding conflicts.
 */
async function onBase(
  repo: Repo,
  worktree: Worktree,
  order: CommitOrder,
  branch: string,
  { sha, tree, behind }: SavedWork,
): Promise<string | null> {
  if (behind.includes(order.base) || (await isAncestor(repo.commonDir, order.base, sha))) return sha;
  const related = await git(repo.commonDir, ["merge-base", order.base, sha], { ok: [0, 1] });
  const who = { author: order.author, committer: order.committer };
  let joined: string;
  if (related.code === 1) {
    // A history of its own: its files count, its commits have nothing to be compared with.
    joined = await commitTree(repo.commonDir, tree, [order.base], { message: "Work begun on an empty history", ...who });
  } else if (await isAncestor(repo.commonDir, sha, order.base)) {
    joined = order.base;
  } else {
    const merged = await mergeTrees(repo.commonDir, sha, order.base);
    if (merged.conflict.length > 0) return null;
    joined = await commitTree(repo.commonDir, merged.tree, [sha, order.base], { message: "Bring in the integration branch", ...who });
  }
  await moveBranch(worktree, order.swarm, branch, joined);
  await git(worktree, ["reset", "--quiet", "--hard", joined]);
  return joined;
}
