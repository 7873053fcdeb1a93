/** Where worktrees stand: outside the repository, one folder per project, swarm and seat. */
import { homedir } from "node:os";
import path from "node:path";
import { sha256 } from "../base/ids.ts";
import { usualWorktrees } from "./state-folder.ts";

/** The swarm's check worktree stands among the seats'; no seat can have this name. */
export const CHECK_SEAT = "check";

/** @param root `worktree.root` of the config; null: the user's state folder. */
export const worktreePlace = (root: string | null, projectHome: string, swarm: string, seat: string): string =>
  path.join(worktreesOf(root, projectHome), swarm, seat);

/** The folder of all of the project's; it has one for each swarm. */
export function worktreesOf(root: string | null, projectHome: string): string {
  const base = root === null ? usualWorktrees() : root.replace(/^~(?=\/)/, homedir());
  return path.join(base, sha256(projectHome).slice(0, 12));
}
