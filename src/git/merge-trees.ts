/** Merges two commits without a checkout. */
import { git, splitZ } from "./git.ts";

export interface MergedTrees {
  /** With conflicts its files hold markers: good for looking, not for committing. */
  readonly tree: string;
  readonly conflict: readonly string[];
}

export async function mergeTrees(place: string, ours: string, theirs: string): Promise<MergedTrees> {
  // A merge driver writes scratch files where it runs: callers give the git folder, never the checkout of the user.
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs];
  const { out } = await git(place, args, { ok: [0, 1] });
  const [tree = "", ...conflict] = splitZ(out);
  return { tree, conflict: [...new Set(conflict)].filter((name) => name !== "") };
}
