/** Nothing unmerged is ever dropped: before a ref of skep's goes away, a ref under `refs/skep/backup/` keeps its commit. */
import type { SwarmId } from "../base/ids.ts";
import { git, type Repo } from "./git.ts";
import { backupRoot, changeRefs } from "./refs.ts";

export const backupRef = (swarm: SwarmId, label: string, sha: string): string => `${backupRoot(swarm)}/${label}/${sha.slice(0, 16)}`;

/** Keeps `sha` under a name that tells what it was. Safe to repeat: the commit is part of the name. */
export async function keepBackup(repo: { readonly commonDir: string }, swarm: SwarmId, label: string, sha: string): Promise<string> {
  const ref = backupRef(swarm, label, sha);
  await changeRefs(repo.commonDir, [{ ref, to: sha }], "skep: backup");
  return ref;
}

export interface Backup {
  readonly ref: string;
  readonly sha: string;
}

export async function listBackups(repo: Repo, swarm: SwarmId): Promise<readonly Backup[]> {
  const { out } = await git(repo.commonDir, ["for-each-ref", "--format=%(objectname) %(refname)", `${backupRoot(swarm)}/`]);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ sha: line.slice(0, line.indexOf(" ")), ref: line.slice(line.indexOf(" ") + 1) }));
}
