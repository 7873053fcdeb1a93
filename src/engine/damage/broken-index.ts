import path from "node:path";
import { quote } from "../../base/errors.ts";
import { isIndexBroken, mendIndex } from "../../git/damage.ts";
import { findWorktree } from "../../git/worktree.ts";
import { type Damage, type Inspect, MEND } from "./damage.ts";

/** A torn index stops every commit in its worktree, and with it every submission. */
export const brokenIndex: Inspect = async ({ swarm, repo, places }) => {
  const found: Damage[] = [];
  for (const place of places) {
    const worktree = findWorktree(repo, place);
    if (worktree === null || !(await isIndexBroken(worktree))) continue;
    const seat = quote(path.basename(place), 60);
    const mend = async (): Promise<string> => {
      const { aside } = await mendIndex(worktree);
      return `${swarm.id}: made the index of ${seat} anew, files as they were; the old one is ${quote(aside, 300)}`;
    };
    found.push({ kind: "index", found: `${swarm.id}: git cannot read the index of the worktree ${seat}`, mend, next: MEND });
  }
  return found;
};
