/**
 * Merges a submitted commit into the integration branch: one commit of skep's per task, made without a checkout, put there
 * by moving the ref from the tip skep knows to the new commit or not at all.
 */
import type { SwarmId, TaskId } from "../base/ids.ts";
import { git, gitLine, type Repo } from "./git.ts";
import type { Person } from "./identity.ts";
import { mergeTrees } from "./merge-trees.ts";
import { isOwnMessage, type Manner, ownCommit, PLAIN } from "./own-commit.ts";
import { changeRefs, headRef, swarmBranch } from "./refs.ts";
import { readTip } from "./swarm-branch.ts";
import { inTurn } from "./turns.ts";

export interface MergeOrder {
  readonly swarm: SwarmId;
  readonly task: TaskId;
  readonly attempt: number;
  /** The approved commit; exactly this one is merged. */
  readonly sha: string;
  /** Tip of the integration branch as skep recorded it. */
  readonly tip: string;
  /** Becomes the subject. */
  readonly title: string;
  readonly author: Person;
  readonly committer: Person;
  /** Who approved the commit, and the session it was made in; both are named in the message. */
  readonly reviewers?: readonly string[];
  readonly run?: string | null;
  /** What the merge must give; null or absent: whatever it gives. */
  readonly tree?: string | null;
  readonly manner?: Manner;
}
export type Merged =
  | { readonly kind: "merged"; readonly sha: string; readonly repeated: boolean }
  | { readonly kind: "conflict"; readonly paths: readonly string[] }
  /** The merge would give another tree than it must: nothing was done. */
  | { readonly kind: "changed" }
  /** The branch does not stand where skep left it: nothing was done. Null: it is gone. */
  | { readonly kind: "foreign"; readonly tip: string | null };

/** Safe to repeat: a commit this same order already put on top of `tip` is found and answered again. */
export function mergeWork(repo: Repo, order: MergeOrder): Promise<Merged> {
  return inTurn(repo, async () => {
    const message = mergeMessage(order);
    const { tree, conflict } = await mergeTrees(repo.commonDir, order.tip, order.sha);
    if (conflict.length > 0) {
      const now = await readTip(repo, order.swarm);
      return now === order.tip ? { kind: "conflict", paths: conflict } : { kind: "foreign", tip: now };
    }
    if ((order.tree ?? tree) !== tree) return { kind: "changed" };
    const { author, committer, manner = PLAIN } = order;
    const stands = async (): Promise<Merged> => {
      const now = await readTip(repo, order.swarm);
      const isOurs = now !== null && (await isThisMerge(repo, now, order.tip, tree, message, manner));
      return isOurs ? { kind: "merged", sha: now, repeated: true } : { kind: "foreign", tip: now };
    };
    // Nobody is asked for a passphrase, and no hook, for what is merged already. Without them looking first is only slower.
    if (manner !== PLAIN && (await readTip(repo, order.swarm)) !== order.tip) return stands();
    const sha = await ownCommit(repo, tree, [order.tip], { message, author, committer }, manner);
    const change = { ref: headRef(swarmBranch(order.swarm)), to: sha, from: order.tip };
    if (await changeRefs(repo.commonDir, [change], `skep: merge ${order.task}`)) return { kind: "merged", sha, repeated: false };
    return stands();
  });
}

export function mergeMessage(order: Pick<MergeOrder, "swarm" | "task" | "attempt" | "sha" | "title" | "reviewers" | "run">): string {
  const subject = order.title.replace(/\s+/g, " ").trim() || order.task;
  const trailers = [
    `Skep-Swarm: ${order.swarm}`,
    `Skep-Task: ${order.task}`,
    `Skep-Attempt: ${order.attempt}`,
    `Skep-Commit: ${order.sha}`,
    ...(order.run ? [`Skep-Run: ${order.run}`] : []),
    ...(order.reviewers ?? []).map((seat) => `Skep-Reviewer: ${seat}`),
  ];
  return `${subject}\n\n${trailers.join("\n")}`;
}

/** Trailers can be forged; a commit with the same parent, the same files and the same message is the one skep would make. */
async function isThisMerge(repo: Repo, sha: string, parent: string, tree: string, message: string, manner: Manner): Promise<boolean> {
  const shape = await gitLine(repo.commonDir, ["rev-list", "--max-count=1", "--no-commit-header", "--format=%T %P", sha]);
  if (shape !== `${tree} ${parent}`) return false;
  const { out } = await git(repo.commonDir, ["rev-list", "--max-count=1", "--no-commit-header", "--format=%B", sha]);
  return isOwnMessage(out, message, manner);
}
