/** The integration branch `skep/<swarm>`: made once, read often, moved only by merges. */

import { quote, SkepError } from "../base/errors.ts";
import type { SwarmId } from "../base/ids.ts";
import { git, type Repo, splitZ } from "./git.ts";
import { changeRefs, commitOf, headRef, swarmBranch } from "./refs.ts";
import { inTurn } from "./turns.ts";

/**
 * Makes the branch at `base`. Safe to repeat: a branch that already stands at `base` is the answer; one that stands anywhere
 * else is not ours to move.
 */
export function createSwarmBranch(repo: Repo, swarm: SwarmId, base: string): Promise<{ readonly tip: string; readonly repeated: boolean }> {
  return inTurn(repo, async () => {
    const ref = headRef(swarmBranch(swarm));
    if (await changeRefs(repo.commonDir, [{ ref, to: base, from: null }], `skep: start ${swarm}`)) return { tip: base, repeated: false };
    const tip = await readTip(repo, swarm);
    if (tip === base) return { tip, repeated: true };
    throw new SkepError(
      "BRANCH_EXISTS",
      `the branch ${swarmBranch(swarm)} already exists at ${quote(String(tip))}, not at the start of this swarm`,
      `git branch -m ${swarmBranch(swarm)} <another-name>, then try again`,
    );
  });
}

/** Where the integration branch stands; null when somebody deleted it. */
export const readTip = (repo: Repo, swarm: SwarmId): Promise<string | null> => commitOf(repo.commonDir, headRef(swarmBranch(swarm)));

export interface ForeignCommit {
  readonly sha: string;
  readonly author: string;
  readonly subject: string;
}

/**
 * What stands on the integration branch that skep did not put there: null when its tip is the one skep recorded. A tip that
 * was moved back, or a deleted branch, has no such commits and is foreign all the same.
 */
export async function foreignCommits(
  repo: Repo,
  swarm: SwarmId,
  recorded: string,
): Promise<{ readonly tip: string | null; readonly commits: readonly ForeignCommit[] } | null> {
  const tip = await readTip(repo, swarm);
  if (tip === recorded) return null;
  if (tip === null) return { tip, commits: [] };
  const args = ["rev-list", "--max-count=20", "--no-commit-header", "--format=%H%x00%an%x00%s%x00", `${recorded}..${tip}`];
  const fields = splitZ((await git(repo.commonDir, args)).out).map((field) => field.replace(/^\n/, ""));
  const commits: ForeignCommit[] = [];
  for (let i = 0; i + 2 < fields.length; i += 3) {
    commits.push({ sha: fields[i] ?? "", author: fields[i + 1] ?? "", subject: fields[i + 2] ?? "" });
  }
  return { tip, commits };
}
