/**
 * Worktrees of skep's that belong to no swarm any more: somebody deleted the swarm's state and not them. Nobody knows whether what
 * is in them was wanted, so what is there stays; only what is nothing but a name goes.
 */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { quote } from "../../base/errors.ts";
import { isId, type SwarmId } from "../../base/ids.ts";
import { keepBackup } from "../../git/backup.ts";
import { type DeadEntry, deadEntries, dropEntry, foldersOfEntries } from "../../git/damage.ts";
import type { Repo } from "../../git/git.ts";
import { commitOf } from "../../git/refs.ts";
import { storeLayout } from "../../store/file/layout.ts";
import { sizeOf } from "../retention.ts";

export interface Orphan {
  readonly swarm: SwarmId;
  readonly folder: string;
  /** What is in the folder, in bytes; null: there is no folder. */
  readonly bytes: number | null;
  /** Entries of git's for worktrees in it that are none. */
  readonly dead: readonly DeadEntry[];
}

/** @param folder of all worktrees of the project. Reads only. */
export function orphans(repo: Repo, folder: string): readonly Orphan[] {
  const there = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  const places = [...foldersOfEntries(repo, folder), ...there.map(({ name }) => path.join(folder, name))];
  const byName = new Map(places.map((place) => [path.basename(place), place]));
  // Only now: a swarm has its state before it has a worktree, and one that was made meanwhile must not be taken for gone.
  const { swarms } = storeLayout(path.join(repo.commonDir, "skep"));
  const known = new Set(existsSync(swarms) ? readdirSync(swarms) : []);
  return [...byName].flatMap(([name, place]): readonly Orphan[] => {
    if (!isId(name) || known.has(name)) return [];
    const is = existsSync(place);
    const dead = deadEntries(repo, place);
    // An empty folder is what remains of a swarm that was tidied away.
    if (is && dead.length === 0 && readdirSync(place).length === 0) return [];
    return [{ swarm: name as SwarmId, folder: place, bytes: is ? sizeOf(place) : null, dead }];
  });
}

export const canMend = ({ dead }: Orphan): boolean => dead.length > 0;

/** What is checked out at an entry that goes is kept first. Says what was done. */
export async function mendOrphan(repo: Repo, { swarm, dead }: Orphan): Promise<string> {
  for (const entry of dead) {
    const head = entry.head === null ? null : await commitOf(repo.commonDir, entry.head);
    if (head !== null) await keepBackup(repo, swarm, "worktree", head);
    await dropEntry(repo, entry);
  }
  const names = dead.map(({ place }) => quote(path.basename(place), 60)).join(", ");
  return `${swarm}, which is no swarm here: git forgot its worktrees ${names}, which were not there; their commits are kept as backup refs`;
}
