/**
 * Brings the integration branch to the user's branch, as a fast-forward. The only file of skep that changes the user's
 * checkout, and it does so only where nothing of the user's is in the way.
 */

import { quote, SkepError } from "../base/errors.ts";
import type { SwarmId } from "../base/ids.ts";
import { changedPaths } from "./changes.ts";
import { git, type Repo, splitZ } from "./git.ts";
import { dirtyFiles } from "./project.ts";
import { changeRefs, commitOf, headRef, isAncestor, swarmBranch } from "./refs.ts";
import { inTurn } from "./turns.ts";
import { listWorktrees } from "./worktree.ts";

export interface LandOrder {
  readonly swarm: SwarmId;
  /** The user's branch; null when the swarm began on a detached HEAD. */
  readonly target: string | null;
  /** Tip of the integration branch as skep recorded it: exactly this lands. */
  readonly tip: string;
}
export interface Landed {
  readonly branch: string;
  readonly sha: string;
  readonly files: readonly string[];
  readonly repeated: boolean;
  /**
   * Landed files that the user's own filters (such as Git LFS) would have rewritten: skep runs no filters, so the user
   * checks them out once more.
   */
  readonly unfiltered: readonly string[];
}

const NAMES_SHOWN = 10;

export function land(repo: Repo, { swarm, target, tip }: LandOrder): Promise<Landed> {
  return inTurn(repo, async () => {
    const from = swarmBranch(swarm);
    if (target === null) {
      const next = `git switch -c <branch> ${from}`;
      throw new SkepError("LAND_DETACHED", "the swarm began on a detached HEAD, so there is no branch to land on", next);
    }
    const ref = headRef(target);
    const old = await commitOf(repo.commonDir, ref);
    if (old === null) throw new SkepError("LAND_NO_BRANCH", `the branch ${quote(target)} is gone`, `git branch ${target} ${from}`);
    if (old === tip || (await isAncestor(repo.commonDir, tip, old))) {
      return { branch: target, sha: old, files: [], repeated: true, unfiltered: [] };
    }
    if (!(await isAncestor(repo.commonDir, old, tip))) {
      const why = `${quote(target)} has commits that ${from} does not have, so it cannot be fast-forwarded`;
      throw new SkepError("LAND_DIVERGED", why, `git switch ${target} && git merge ${from}`);
    }
    const files = await changedPaths(repo.commonDir, old, tip);
    const checkout = (await listWorktrees(repo)).find((worktree) => worktree.ref === ref)?.path;
    if (checkout === undefined) {
      const done = await changeRefs(repo.commonDir, [{ ref, to: tip, from: old }], `skep: land ${swarm}`);
      if (!done) throw new SkepError("LAND_RACED", `${quote(target)} moved meanwhile`, "try again", { retryable: true });
      return { branch: target, sha: tip, files, repeated: false, unfiltered: [] };
    }
    await refuseOverlap(checkout, files);
    await fastForward(checkout, tip);
    return { branch: target, sha: tip, files, repeated: false, unfiltered: await filtered(checkout, files) };
  });
}

async function refuseOverlap(checkout: string, files: readonly string[]): Promise<void> {
  const changed = new Set(files);
  const dirty = await dirtyFiles(checkout, true);
  const inWay = dirty.filter((name) => changed.has(name) || files.some((file) => isInside(file, name) || isInside(name, file)));
  if (inWay.length > 0) throw dirtyFault(inWay);
}

/** A file where a folder is to be, or the other way round. */
const isInside = (inner: string, outer: string): boolean => inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);

function dirtyFault(names: readonly string[]): SkepError {
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  const shown = names.slice(0, NAMES_SHOWN).map((name) => quote(name));
  const why = `the swarm changed files that have uncommitted changes in your checkout: ${shown.join(", ")}${more}`;
  return new SkepError("LAND_DIRTY", why, "git stash --include-untracked, then skep land, then git stash pop");
}

/** git itself looks again, under its own index lock, and changes nothing when anything is in the way. */
async function fastForward(checkout: string, tip: string): Promise<void> {
  const { code, err } = await git(checkout, ["merge", "--ff-only", "--quiet", "--no-stat", "--no-autostash", tip], { ok: [0, 1, 128] });
  if (code === 0) return;
  const why = `git would not fast-forward your checkout: ${quote(err.trim(), 300)}`;
  throw new SkepError("LAND_DIRTY", why, "git status, finish or stash what it names, then skep land");
}

async function filtered(checkout: string, files: readonly string[]): Promise<readonly string[]> {
  const drivers = await git(checkout, ["config", "--null", "--name-only", "--get-regexp", "^filter\\..*\\.(smudge|process)$"], {
    ok: [0, 1],
  });
  if (drivers.code === 1 || files.length === 0) return [];
  const names = new Set(splitZ(drivers.out).map((key) => key.slice("filter.".length, key.lastIndexOf("."))));
  const { out } = await git(checkout, ["check-attr", "--stdin", "-z", "filter"], { input: `${files.join("\0")}\0` });
  const fields = splitZ(out);
  return files.filter((_file, index) => names.has(fields[index * 3 + 2] ?? ""));
}
