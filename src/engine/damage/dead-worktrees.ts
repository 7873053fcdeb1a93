import path from "node:path";
import { quote } from "../../base/errors.ts";
import { deadEntries, dropEntry } from "../../git/damage.ts";
import { type Inspect, MEND } from "./damage.ts";

/** Worktrees of which git knows and which are not there, or not whole. */
export const deadWorktrees: Inspect = async ({ swarm, repo, folder, worked }) => {
  // A host at work makes such a worktree this moment, or mends it with the next session in it.
  if (worked) return [];
  return deadEntries(repo, folder).map((entry) => ({
    kind: "worktree" as const,
    found: `${swarm.id}: the worktree ${quote(path.basename(entry.place), 60)} is ${entry.why === "half made" ? entry.why : "listed by git, and its folder is gone"}`,
    async mend() {
      // A host may have come by itself and made it anew.
      if (!deadEntries(repo, folder).some(({ place }) => place === entry.place)) return `${swarm.id}: the worktree is whole again`;
      await dropEntry(repo, entry);
      return `${swarm.id}: git forgot the worktree ${quote(path.basename(entry.place), 60)}; the next session makes it anew, work on its branch stays`;
    },
    next: MEND,
  }));
};
