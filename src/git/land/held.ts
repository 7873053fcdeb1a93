/** Whether a branch holds the work of a tip already: as its commits, or squashed into one that says so. */
import { gitLine, type Repo } from "../git.ts";
import { isAncestor } from "../refs.ts";

/** Stands in a squashed commit: the tip whose work it is. */
export const LANDED_TRAILER = "Skep-Landed";

export async function holdsWork(repo: Repo, branch: string, tip: string): Promise<boolean> {
  if (branch === tip || (await isAncestor(repo.commonDir, tip, branch))) return true;
  const args = ["rev-list", "--max-count=1", `--grep=^${LANDED_TRAILER}: ${tip}$`, `${tip}..${branch}`];
  return (await gitLine(repo.commonDir, args)) !== "";
}
