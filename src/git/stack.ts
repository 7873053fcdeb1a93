/** Merge results made for looking at: no branch moves, nobody is named, and the same input gives the same commits. */
import type { Repo } from "./git.ts";
import { SKEP } from "./identity.ts";
import { mergeTrees } from "./merge-trees.ts";
import { dateOf } from "./refs.ts";
import { commitTree } from "./save.ts";

export interface Stack {
  /** Of `shas`: those that went on top of each other, by index. */
  readonly taken: readonly number[];
  /** The tree after each of them. */
  readonly trees: readonly string[];
  /** The commit of the last one; null: not even the first could be merged. */
  readonly sha: string | null;
  /** Files in which the first one conflicts with the tip. */
  readonly conflict: readonly string[];
}

/** Merges commits into `tip`, one on top of the other. One that conflicts with those before it is left out. */
export async function stackMerges({ commonDir }: Repo, tip: string, shas: readonly string[]): Promise<Stack> {
  const date = await dateOf(commonDir, tip);
  const taken: number[] = [];
  const trees: string[] = [];
  let top = tip;
  for (const [index, sha] of shas.entries()) {
    const { tree, conflict } = await mergeTrees(commonDir, top, sha);
    if (conflict.length > 0 && index === 0) return { taken, trees, sha: null, conflict };
    if (conflict.length > 0) continue;
    top = await commitTree(commonDir, tree, [top], { message: "merge result", author: SKEP, committer: SKEP, date });
    taken.push(index);
    trees.push(tree);
  }
  return { taken, trees, sha: top, conflict: [] };
}
