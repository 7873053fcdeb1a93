/**
 * Takes merged commits back out of the integration branch: a revert commit each, made without a checkout, and all of them put
 * there by one move of the ref, or none. The tip before is kept as a backup.
 */
import type { SwarmId, TaskId } from "../base/ids.ts";
import { backupRef } from "./backup.ts";
import { changedPaths } from "./changes.ts";
import { git, type Repo, splitZ } from "./git.ts";
import { type Person, SKEP } from "./identity.ts";
import { mergeTrees } from "./merge-trees.ts";
import { isOwnMessage, type Manner, ownCommit, PLAIN } from "./own-commit.ts";
import { changeRefs, headRef, swarmBranch, treeOf } from "./refs.ts";
import { commitTree } from "./save.ts";
import { readTip } from "./swarm-branch.ts";
import { inTurn } from "./turns.ts";

export interface Merge {
  readonly task: TaskId;
  /** skep's commit on the integration branch. */
  readonly sha: string;
  readonly title: string;
}
export interface UndoOrder {
  readonly swarm: SwarmId;
  /** The task that is undone; the others depend on it. */
  readonly task: TaskId;
  readonly tip: string;
  /** Newest first. */
  readonly merges: readonly Merge[];
  readonly why: string;
  /** Who undoes it: author and committer. */
  readonly person: Person;
  readonly manner?: Manner;
}
export type Undone =
  | { readonly kind: "undone"; readonly reverts: readonly { readonly task: TaskId; readonly sha: string }[]; readonly backup: string }
  /** Later work stands on these files. Nothing was done. */
  | { readonly kind: "conflict"; readonly task: TaskId; readonly sha: string; readonly paths: readonly string[] }
  /** The branch does not stand where skep left it. Nothing was done. */
  | { readonly kind: "foreign"; readonly tip: string | null };

/** Safe to repeat: the same order, once done, is found on the branch and answered again. */
export function undoMerges(repo: Repo, order: UndoOrder): Promise<Undone> {
  return inTurn(repo, async () => {
    const { commonDir } = repo;
    const { person, manner = PLAIN } = order;
    const backup = backupRef(order.swarm, "undone", order.tip);
    const steps = await revertedTrees(repo, order);
    if ("conflict" in steps) return steps.conflict;
    const now = await readTip(repo, order.swarm);
    if (now !== order.tip) {
      const done = now === null ? null : await already(repo, order.tip, now, steps.trees, manner);
      return done ? { kind: "undone", reverts: done, backup } : { kind: "foreign", tip: now };
    }
    const reverts: { task: TaskId; sha: string }[] = [];
    let top = order.tip;
    for (const { merge, tree, message } of steps.trees) {
      top = await ownCommit(repo, tree, [top], { message, author: person, committer: person }, manner);
      reverts.push({ task: merge.task, sha: top });
    }
    const changes = [
      { ref: backup, to: order.tip },
      { ref: headRef(swarmBranch(order.swarm)), to: top, from: order.tip },
    ];
    if (await changeRefs(commonDir, changes, `skep: undo ${order.task}`)) return { kind: "undone", reverts, backup };
    return { kind: "foreign", tip: await readTip(repo, order.swarm) };
  });
}

interface Step {
  readonly merge: Merge;
  readonly tree: string;
  readonly message: string;
}

async function revertedTrees(
  { commonDir }: Repo,
  order: UndoOrder,
): Promise<{ readonly trees: readonly Step[] } | { readonly conflict: Undone }> {
  const trees: Step[] = [];
  let top = order.tip;
  for (const merge of order.merges) {
    // What merge-tree calls the base is what both sides grew from: a commit that grew out of the merge into what was before it.
    const before = await treeOf(commonDir, `${merge.sha}^`);
    const away = await scratch(commonDir, before, merge.sha);
    const { tree, conflict } = await mergeTrees(commonDir, top, away);
    if (conflict.length > 0) return { conflict: { kind: "conflict", task: merge.task, sha: merge.sha, paths: conflict } };
    trees.push({ merge, tree, message: undoMessage(order, merge) });
    top = await scratch(commonDir, tree, top);
  }
  return { trees };
}

/** A commit that no ref ever names. */
const scratch = (commonDir: string, tree: string, parent: string): Promise<string> =>
  commitTree(commonDir, tree, [parent], { message: "undo", author: SKEP, committer: SKEP, date: "@0 +0000" });

function undoMessage(order: Pick<UndoOrder, "swarm" | "task" | "why">, { task, sha, title }: Merge): string {
  const line = (text: string): string => text.replace(/\s+/g, " ").trim();
  const because = task === order.task ? "" : ` It came after ${order.task}, which is undone.`;
  const why = line(order.why) === "" ? [] : [`Why: ${line(order.why)}`];
  const what = [`This takes back commit ${sha}, which merged ${task}.${because}`, ...why].join("\n");
  return `Undo "${line(title) || task}"\n\n${what}\n\nSkep-Swarm: ${order.swarm}\nSkep-Undo: ${task}\nSkep-Reverts: ${sha}`;
}

/** The commits between `tip` and `now` when they are exactly the steps, else null. */
async function already(
  { commonDir }: Repo,
  tip: string,
  now: string,
  steps: readonly Step[],
  manner: Manner,
): Promise<readonly { readonly task: TaskId; readonly sha: string }[] | null> {
  const args = ["rev-list", "--reverse", "--no-commit-header", "--format=%H%x00%T%x00%P%x00%B%x00", `${tip}..${now}`];
  const fields = splitZ((await git(commonDir, args, { ok: [0, 128] })).out).map((field) => field.replace(/^\n/, ""));
  if (fields.length < steps.length * 4 || fields.slice(steps.length * 4).some((field) => field.trim() !== "")) return null;
  const found: { task: TaskId; sha: string }[] = [];
  for (const [index, { merge, tree, message }] of steps.entries()) {
    const [sha = "", hasTree, parents, text = ""] = fields.slice(index * 4, index * 4 + 4);
    if (hasTree !== tree || parents !== (found.at(-1)?.sha ?? tip) || !isOwnMessage(text, message, manner)) return null;
    found.push({ task: merge.task, sha });
  }
  return found;
}

/** Of `later` merges: those that touched one of `paths`. */
export async function mergesTouching({ commonDir }: Repo, paths: readonly string[], later: readonly Merge[]): Promise<readonly TaskId[]> {
  const wanted = new Set(paths);
  const found: TaskId[] = [];
  for (const { task, sha } of later) {
    const changed = await changedPaths(commonDir, `${sha}^`, sha);
    if (changed.some((path) => wanted.has(path))) found.push(task);
  }
  return found;
}
