import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { LandStrategy } from "../../src/domain/landing.ts";
import { listBackups } from "../../src/git/backup.ts";
import { applyGc, type GcOrder, type GcPlan, planGc } from "../../src/git/gc.ts";
import { leftoverWorktrees, putAway } from "../../src/git/gc-worktrees.ts";
import { land } from "../../src/git/land/index.ts";
import { type Kit, makeKit, SWARM } from "./kit.ts";

const DAY = 86_400_000;
/** The repository's first commit is of 2026-01-01; what skep makes is of now. */
const SOON = systemClock.now() + DAY;
const LATER = systemClock.now() + 100 * DAY;

interface Work extends Kit {
  readonly tip: string;
  readonly submitted: string;
  readonly lost: string;
  order(more?: Partial<GcOrder>): GcOrder;
  landIt(strategy?: LandStrategy): Promise<void>;
}

/** t1 is merged from its second attempt; the first left work that nobody used. */
async function work(): Promise<Work> {
  const kit = await makeKit();
  const dev = await kit.seat("dev-0");
  await dev.open("t1", 1, kit.base);
  dev.write({ "half.txt": "half\n" });
  const lost = await dev.sha("t1", 1, kit.base);
  await dev.open("t1", 2, kit.base);
  dev.write({ "src/b.txt": "whole\n" });
  const submitted = await dev.sha("t1", 2, kit.base);
  const merged = await dev.merge("t1", 2, submitted, kit.base);
  if (merged.kind !== "merged") throw new Error(merged.kind);
  kit.repo.git("worktree", "remove", "--force", dev.worktree.path);
  const tip = merged.sha;
  const ended = [{ swarm: SWARM, base: kit.base, tip, target: "main", merged: [submitted] }];
  return {
    ...kit,
    ...{ tip, submitted, lost },
    order: (more = {}) => ({ ended, now: SOON, olderThanMs: 30 * DAY, unmerged: false, ...more }),
    async landIt(strategy = "fast-forward") {
      await land(kit.repo, { strategy, swarm: SWARM, target: "main", tip, title: "It", tasks: [], remote: null });
    },
  };
}

const names = (items: GcPlan["remove"]): string[] =>
  items.map(({ ref }) => ref.replace(/^refs\/(heads\/)?/, "").replace(/[0-9a-f]{16}$/, "…"));
const refs = ({ repo }: Kit): string[] => repo.git("for-each-ref", "--format=%(refname)").split("\n");
const ATTEMPT = (n: number): string => `skep-work/${SWARM}/t1/${n}`;

describe("[git.gc] of ended swarms goes what is merged or kept elsewhere, and nothing else", () => {
  test("before it is landed only the branch of the merged attempt, with what it holds and why", async () => {
    const kit = await work();
    const plan = await planGc(kit.repo, kit.order());
    expect(names(plan.remove)).toEqual([ATTEMPT(2)]);
    expect(plan.remove[0]).toMatchObject({
      sha: kit.submitted,
      subject: "Title of t1",
      backup: false,
      why: expect.stringContaining("merged"),
    });
    expect(names(plan.keep).sort()).toEqual([ATTEMPT(1), `skep/${SWARM}`].sort());
    await applyGc(kit.repo, plan.remove);
    expect(refs(kit)).toEqual(["refs/heads/main", `refs/heads/${ATTEMPT(1)}`, `refs/heads/skep/${SWARM}`]);
  });

  test.each(["fast-forward", "merge", "squash"] as const)("after landing by %s the integration branch, too", async (strategy) => {
    const kit = await work();
    await kit.landIt(strategy);
    const plan = await planGc(kit.repo, kit.order());
    expect(names(plan.remove)).toEqual([`skep/${SWARM}`, ATTEMPT(2)]);
    expect(names(plan.keep)).toEqual([`skep/backup/${SWARM}/before-landing/…`, ATTEMPT(1)]);
    await applyGc(kit.repo, plan.remove);
    expect(names((await planGc(kit.repo, kit.order())).remove)).toEqual([]);
    expect(kit.repo.git("fsck", "--strict")).not.toMatch(/missing|broken|error/);
  });

  test("nothing of a swarm that lives or that nobody knows, and no branch of the user's", async () => {
    const kit = await work();
    await kit.landIt();
    for (const name of ["skep/s-other", "skep-work/s-other/t1/1", `skep-work/${SWARM}/notes`, "mine"]) kit.repo.git("branch", name);
    const everything = kit.order({ unmerged: true, now: LATER });
    expect(await planGc(kit.repo, { ...everything, ended: [] })).toEqual({ remove: [], keep: [] });
    const { remove, keep } = await planGc(kit.repo, everything);
    expect(names([...remove, ...keep]).filter((name) => /other|notes|mine|main/.test(name))).toEqual([]);
  });

  test("no branch that somebody has checked out, and no integration branch with commits of somebody else", async () => {
    const kit = await work();
    await kit.landIt();
    kit.repo.git("checkout", "-q", ATTEMPT(2));
    const { keep } = await planGc(kit.repo, kit.order());
    expect(keep.find(({ ref }) => ref.endsWith("/2"))?.why).toContain(`checked out in ${kit.repo.root}`);
    kit.repo.git("checkout", "-q", `skep/${SWARM}`);
    kit.repo.commit({ "sly.txt": "s\n" });
    kit.repo.git("checkout", "-q", "main");
    expect(names((await planGc(kit.repo, kit.order())).keep)).toContain(`skep/${SWARM}`);
  });
});

describe("[git.gc.old] age counts from when a ref was made, and unmerged work goes only when a person says so", () => {
  test("old backups that other refs hold go; a young backup of an old commit stays", async () => {
    const kit = await work();
    await kit.landIt();
    const backup = `skep/backup/${SWARM}/before-landing/…`;
    expect(names((await planGc(kit.repo, kit.order())).keep)).toContain(backup);
    expect(names((await planGc(kit.repo, kit.order({ now: LATER }))).remove)).toContain(backup);
  });

  test("an old branch with work of its own becomes a backup ref, and that goes when it is old itself", async () => {
    const kit = await work();
    const kept = (plan: GcPlan): string[] => names(plan.keep).filter((name) => name.endsWith("/1"));
    expect(kept(await planGc(kit.repo, kit.order({ now: LATER })))).toEqual([ATTEMPT(1)]);
    expect(kept(await planGc(kit.repo, kit.order({ unmerged: true, olderThanMs: 10_000 * DAY })))).toEqual([ATTEMPT(1)]);
    const plan = await planGc(kit.repo, kit.order({ unmerged: true, now: LATER }));
    expect(plan.remove.find(({ ref }) => ref.endsWith("/1"))).toMatchObject({ backup: true, sha: kit.lost });
    await applyGc(kit.repo, plan.remove);
    expect(refs(kit)).not.toContain(`refs/heads/${ATTEMPT(1)}`);
    expect((await listBackups(kit.repo, SWARM)).map(({ sha }) => sha)).toContain(kit.lost);
    for (const more of [{ unmerged: true }, { now: LATER }]) expect((await planGc(kit.repo, kit.order(more))).remove).toEqual([]);
    await applyGc(kit.repo, (await planGc(kit.repo, kit.order({ now: LATER, unmerged: true }))).remove);
    expect(await listBackups(kit.repo, SWARM)).toEqual([]);
  });
});

test("[git.gc.raced] a ref that moved after it was shown keeps all of them", async () => {
  const kit = await work();
  await kit.landIt();
  const { remove } = await planGc(kit.repo, kit.order());
  kit.repo.git("branch", "-f", ATTEMPT(2), kit.base);
  const before = refs(kit);
  await expect(applyGc(kit.repo, remove)).rejects.toMatchObject({ code: "GC_RACED", retryable: true });
  expect(refs(kit)).toEqual(before);
});

test("[git.gc.worktrees] a leftover worktree goes after its changes and commits were kept; others are not seen", async () => {
  const kit = await makeKit();
  const folder = path.join(kit.folder, SWARM);
  const dev = await kit.seat("dev-0");
  await dev.open("t1", 1, kit.base);
  dev.write({ "new.txt": "n\n" });
  kit.repo.git("worktree", "add", "-q", path.join(kit.folder, "users"), "-b", "users");
  const [leftover, ...more] = await leftoverWorktrees(kit.repo, SWARM, folder);
  expect({ leftover, more }).toEqual({ leftover: { swarm: SWARM, path: dev.worktree.path, dirty: ["new.txt"] }, more: [] });
  if (!leftover) return;
  kit.repo.git("-C", dev.worktree.path, "checkout", "-q", "--detach");
  kit.repo.git("-C", dev.worktree.path, "commit", "-q", "--allow-empty", "-m", "on no branch");
  await putAway(kit.repo, leftover, kit.base);
  expect(existsSync(dev.worktree.path)).toBe(false);
  expect(await leftoverWorktrees(kit.repo, SWARM, folder)).toEqual([]);
  const backups = await listBackups(kit.repo, SWARM);
  expect(backups.map(({ sha }) => kit.repo.git("log", "-1", "--format=%s", sha))).toContain("on no branch");
  expect(backups.some(({ sha }) => kit.repo.git("ls-tree", "--name-only", sha).includes("new.txt"))).toBe(true);
  await putAway(kit.repo, leftover, kit.base);
});
