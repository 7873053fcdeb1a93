/**
 * The folder of the user's where worktrees stand unless the config names another. A home may not even have the folders above it:
 * how many were made with it is noted in it, so that as many go with the last worktree.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import envPaths from "env-paths";
import { codeOf } from "../store/file/faults.ts";

const WORKTREES = "worktrees";
const NOTE = "folders-made";

/** `XDG_STATE_HOME` is honoured by env-paths. */
const stateFolder = (): string => envPaths("skep", { suffix: "" }).log;

export const usualWorktrees = (): string => path.join(stateFolder(), WORKTREES);

export function makeStateFolder(): void {
  const folder = stateFolder();
  const first = mkdirSync(folder, { recursive: true });
  if (first !== undefined && first !== folder)
    writeFileSync(path.join(folder, NOTE), `${path.relative(first, folder).split(path.sep).length}\n`);
}

/** The folder of a swarm's worktrees, and of those above it what is skep's, where nothing is in them any more. */
export function removeEmptyFolders(ofSwarm: string): void {
  const ofProject = path.dirname(ofSwarm);
  removeEmpty(ofSwarm) && removeEmpty(ofProject);
  if (path.dirname(ofProject) === usualWorktrees() && removeEmpty(usualWorktrees())) removeStateFolder();
}

function removeStateFolder(): void {
  const folder = stateFolder();
  const note = path.join(folder, NOTE);
  if (!existsSync(folder) || readdirSync(folder).some((name) => name !== NOTE)) return;
  const above = existsSync(note) ? Number(readFileSync(note, "utf8")) : 0;
  rmSync(note, { force: true });
  let at = folder;
  for (let left = above; removeEmpty(at) && left > 0; left -= 1) at = path.dirname(at);
}

/** Whether it is gone. Tried and not looked at first: a swarm of another project may just be making its worktree there. */
function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    if (code !== "ENOENT") throw error;
  }
  return true;
}
