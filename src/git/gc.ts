/**
 * What can be tidied of ended swarms, as data that is shown first; then exactly that is removed, or nothing. Only refs skep
 * made, of swarms that are over. Work that nothing else holds stays unless a person says otherwise, and then it goes to a
 * backup ref first.
 */
import { SkepError } from "../base/errors.ts";
import type { SwarmId } from "../base/ids.ts";
import { backupRef } from "./backup.ts";
import { type OwnRef, readRefs } from "./gc-refs.ts";
import { git, type Repo } from "./git.ts";
import { holdsWork } from "./land/held.ts";
import { changeRefs, commitOf, headRef, type RefChange } from "./refs.ts";
import { inTurn } from "./turns.ts";

export interface EndedSwarm {
  readonly swarm: SwarmId;
  readonly base: string;
  /** Tip of the integration branch as skep recorded it. */
  readonly tip: string;
  /** The user's branch. */
  readonly target: string | null;
  /** Submitted commits whose work reached the integration branch in a commit of skep's. */
  readonly merged: readonly string[];
}
export interface GcOrder {
  readonly ended: readonly EndedSwarm[];
  readonly now: number;
  readonly olderThanMs: number;
  /** Work that nothing else holds may go when it is that old. */
  readonly unmerged: boolean;
  /** Folders of worktrees that are put away as well: what they have checked out is no reason to keep it. */
  readonly leftovers?: readonly string[];
}

export interface GcItem extends OwnRef {
  readonly why: string;
  /** Nothing else holds its commit: it gets a backup ref before this one goes. */
  readonly backup: boolean;
}
export interface GcPlan {
  readonly remove: readonly GcItem[];
  readonly keep: readonly GcItem[];
}

export async function planGc(repo: Repo, order: GcOrder): Promise<GcPlan> {
  const { own, anchors, checkedOut } = await readRefs(repo, new Set(order.ended.map(({ swarm }) => swarm)), order.leftovers ?? []);
  const ended = order.ended.filter(({ swarm }) => own.some((item) => item.swarm === swarm));
  const plan: { remove: GcItem[]; keep: GcItem[] } = { remove: [], keep: [] };
  const isOld = (item: OwnRef): boolean => order.now - item.at >= order.olderThanMs;
  const keep = (item: OwnRef, why: string): void => {
    plan.keep.push({ ...item, why, backup: false });
    anchors.add(item.sha);
  };
  const remove = (item: OwnRef, why: string, backup = false): void => void plan.remove.push({ ...item, why, backup });
  const free = (item: OwnRef): boolean => {
    const place = checkedOut.get(item.ref);
    if (place !== undefined) keep(item, `checked out in ${place}`);
    return place === undefined;
  };
  const unmerged = (item: OwnRef): void => {
    if (order.unmerged && isOld(item)) remove(item, "old, and nothing else holds its work", item.kind !== "backup");
    else keep(item, "nothing else holds its work");
  };
  const of = (kind: OwnRef["kind"]): OwnRef[] => own.filter((item) => item.kind === kind);

  // Each step may rest on what the ones before it keep: first what was landed, then backups, then attempts.
  let loose = await unreachable(repo, [...of("integration").map(({ sha }) => sha), ...ended.map(({ tip }) => tip)], anchors);
  const held = new Map<string, string | null>();
  for (const swarm of ended) held.set(swarm.swarm, await holder(repo, swarm, loose));
  for (const item of of("integration").filter(free)) {
    const swarm = ended.find((one) => one.swarm === item.swarm);
    const where = item.sha === swarm?.tip ? held.get(item.swarm) : loose.has(item.sha) ? null : "another branch holds its commits";
    if (where) remove(item, where);
    else unmerged(item);
  }
  for (const { swarm, tip, merged } of ended) {
    if (held.get(swarm) || anchors.has(tip)) for (const sha of merged) anchors.add(sha);
  }
  loose = await unreachable(repo, shas(of("backup")), anchors);
  for (const item of of("backup")) {
    if (!isOld(item)) keep(item, "a recent backup");
    else if (!loose.has(item.sha)) remove(item, "old, and other refs hold its commit");
    else unmerged(item);
  }
  loose = await unreachable(repo, shas(of("attempt")), anchors);
  for (const item of of("attempt").filter(free)) {
    if (loose.has(item.sha)) unmerged(item);
    else remove(item, "its work is merged or kept elsewhere");
  }
  return plan;
}

const shas = (items: readonly OwnRef[]): readonly string[] => items.map(({ sha }) => sha);

/** Where the merged work of a swarm is beside its own branch, in words; null: nowhere. */
async function holder(repo: Repo, { tip, base, target }: EndedSwarm, loose: ReadonlySet<string>): Promise<string | null> {
  if (tip === "" || tip === base) return "nothing was merged into it";
  const branch = target === null ? null : await commitOf(repo.commonDir, headRef(target));
  if (branch !== null && (await commitOf(repo.commonDir, tip)) !== null && (await holdsWork(repo, branch, tip)))
    return `landed on ${target}`;
  return loose.has(tip) ? null : "another branch holds its commits";
}

/** Those of the commits that no anchor leads to. */
async function unreachable(repo: Repo, commits: readonly string[], anchors: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const wanted = commits.filter((sha) => sha !== "");
  if (wanted.length === 0) return new Set();
  const input = `${[...wanted, ...[...anchors].map((sha) => `^${sha}`)].join("\n")}\n`;
  // Submissions of long ago may be gone: then no ref was left for them, and they hold nothing.
  const { out } = await git(repo.commonDir, ["rev-list", "--ignore-missing", "--stdin"], { input });
  const found = new Set(out.split("\n"));
  return new Set(wanted.filter((sha) => found.has(sha)));
}

/** All of it or nothing: each ref goes only from the value it was shown with. Throws GC_RACED. */
export function applyGc(repo: Repo, items: readonly GcItem[]): Promise<void> {
  return inTurn(repo, async () => {
    const changes = new Map<string, RefChange>();
    for (const { ref, sha, swarm, backup } of items) {
      const copy = backupRef(swarm, "branches", sha);
      if (backup) changes.set(copy, { ref: copy, to: sha });
      changes.set(ref, { ref, to: null, from: sha });
    }
    if (await changeRefs(repo.commonDir, [...changes.values()], "skep: gc")) return;
    throw new SkepError("GC_RACED", "a branch moved meanwhile, so no branch was removed", "skep gc", { retryable: true });
  });
}
