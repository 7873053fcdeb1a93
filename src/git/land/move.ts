/**
 * Moves the user's branch forward, with its checkout where it has one. The only file of skep that changes the user's
 * checkout, and it does so only where nothing of the user's is in the way.
 */
import { quote, SkepError } from "../../base/errors.ts";
import { keepBackup } from "../backup.ts";
import { changedPaths } from "../changes.ts";
import { git, type Repo, splitZ } from "../git.ts";
import { dirtyFiles } from "../project.ts";
import { changeRefs } from "../refs.ts";
import { listWorktrees } from "../worktree.ts";
import { named } from "./joined.ts";
import type { Landed, LandOrder, Standing } from "./strategy.ts";

/** What the branch becomes. */
export interface Move {
  /** A commit or tree with the files it will have. */
  readonly tree: string;
  /** Makes the commit, a descendant of where the branch stands; asked for when nothing is in the way. */
  commit(): Promise<string>;
}

export async function moveTarget(repo: Repo, { swarm, strategy }: LandOrder, standing: Standing, move: Move): Promise<Landed> {
  const { target, ref, old } = standing;
  const files = await changedPaths(repo.commonDir, old, move.tree);
  const checkout = (await listWorktrees(repo)).find((worktree) => worktree.ref === ref)?.path;
  if (checkout !== undefined) await refuseOverlap(checkout, files);
  const to = await move.commit();
  const backup = await keepBackup(repo, swarm, "before-landing", old);
  const landed = { strategy, branch: target, sha: to, files, repeated: false, url: null };
  if (checkout === undefined) {
    const done = await changeRefs(repo.commonDir, [{ ref, to, from: old }], `skep: land ${swarm}`);
    if (!done) throw new SkepError("LAND_RACED", `${quote(target)} moved meanwhile`, "try again", { retryable: true });
    return { ...landed, unfiltered: [], back: `git branch --force ${target} ${backup}` };
  }
  await forward(checkout, to);
  const where = checkout === repo.root ? "" : ` -C ${quote(checkout, 1_000)}`;
  return { ...landed, unfiltered: await filtered(checkout, files), back: `git${where} reset --keep ${backup}` };
}

async function refuseOverlap(checkout: string, files: readonly string[]): Promise<void> {
  const changed = new Set(files);
  const dirty = await dirtyFiles(checkout, true);
  const inWay = dirty.filter((name) => changed.has(name) || files.some((file) => isInside(file, name) || isInside(name, file)));
  if (inWay.length === 0) return;
  const why = `the swarm changed files that have uncommitted changes in your checkout: ${named(inWay)}`;
  throw new SkepError("LAND_DIRTY", why, "git stash --include-untracked, then skep land, then git stash pop");
}

/** A file where a folder is to be, or the other way round. */
const isInside = (inner: string, outer: string): boolean => inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);

/** git itself looks again, under its own index lock, and changes nothing when anything is in the way. */
async function forward(checkout: string, to: string): Promise<void> {
  const { code, err } = await git(checkout, ["merge", "--ff-only", "--quiet", "--no-stat", "--no-autostash", to], { ok: [0, 1, 128] });
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
