/** The commit a reviewer sees: the submitted files on top of the base, and nothing of who made them or how. */
import type { TaskId } from "../base/ids.ts";
import type { Repo } from "./git.ts";
import { SKEP } from "./identity.ts";
import { dateOf, treeOf } from "./refs.ts";
import { commitTree } from "./save.ts";

/** The same submission always gives the same commit: its date is the base's. */
export async function reviewCommit(
  repo: Repo,
  order: { readonly task: TaskId; readonly base: string; readonly sha: string },
): Promise<string> {
  const date = await dateOf(repo.commonDir, order.base);
  const tree = await treeOf(repo.commonDir, order.sha);
  return commitTree(repo.commonDir, tree, [order.base], { message: `review ${order.task}`, author: SKEP, committer: SKEP, date });
}
