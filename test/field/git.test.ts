/** Work in git: what agents made is never lost, and what the user has is never touched. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { outside } from "../../src/checks/scope.ts";
import { worktreePlace } from "../../src/engine/worktree-places.ts";
import { land } from "../../src/git/land/index.ts";
import { attemptBranch } from "../../src/git/refs.ts";
import { readTip } from "../../src/git/swarm-branch.ts";
import { ensureWorktree, removeWorktree } from "../../src/git/worktree.ts";
import { type Kit, makeKit, type Seat, SWARM } from "../git/kit.ts";
import { id } from "../support/ids.ts";
import { checkoutState, makeRepo, userGit } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

const branch = (attempt = 1): string => attemptBranch(SWARM, id.task("t1"), attempt);

const landing = (tip: string) =>
  ({ swarm: SWARM, target: "main", tip, strategy: "fast-forward", title: "t", tasks: [], remote: null }) as const;

async function begun(): Promise<Kit & { dev: Seat }> {
  const kit = await makeKit();
  const dev = await kit.seat("dev-0");
  await dev.open("t1", 1, kit.base);
  return { ...kit, dev };
}

test("[field.work-deleted] finished work is deleted with its worktree before it was merged: its branch stays, with what was not committed", async () => {
  const { repo, base, dev } = await begun();
  dev.write({ "done.txt": "done\n" });
  const sha = await dev.sha("t1", 1, base);
  dev.write({ "half.txt": "half\n" });
  await dev.open("t2", 1, base);
  await removeWorktree(repo, dev.worktree);
  expect(existsSync(dev.worktree.path)).toBe(false);
  expect(repo.git("show", `${branch()}:done.txt`)).toBe("done");
  expect(repo.git("show", `${branch()}:half.txt`)).toBe("half");
  expect(repo.git("merge-base", "--is-ancestor", sha, branch())).toBe("");
});

test("[field.own-commit] an agent that commits by itself leaves a clean tree, and its work counts as none: its commits are handed in too", async () => {
  const { repo, base, dev } = await begun();
  dev.write({ "mine.txt": "m\n" });
  userGit(dev.worktree.path, "add", "-A");
  userGit(dev.worktree.path, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "by myself");
  expect(userGit(dev.worktree.path, "status", "--porcelain")).toBe("");
  const merged = await dev.merge("t1", 1, await dev.sha("t1", 1, base), base);
  expect(merged.kind).toBe("merged");
  expect(repo.git("show", `skep/${SWARM}:mine.txt`)).toBe("m");
});

test("[field.dirty-swallowed] the user's uncommitted files are reset, committed or carried off: their checkout stays byte for byte", async () => {
  const kit = await makeKit();
  const { repo, base } = kit;
  repo.write({ "src/a.txt": "my own change\n", "new.txt": "mine\n" });
  repo.write({ "staged.txt": "s\n" });
  repo.git("add", "staged.txt");
  const before = checkoutState(repo);
  const dev = await kit.seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write({ "src/a.txt": "theirs\n" });
  const merged = await dev.merge("t1", 1, await dev.sha("t1", 1, base), base);
  if (merged.kind !== "merged") throw new Error(merged.kind);
  expect(checkoutState(repo)).toEqual(before);
  await expect(land(repo, landing(merged.sha))).rejects.toMatchObject({ message: expect.stringContaining("src/a.txt") });
  expect(readFileSync(path.join(repo.root, "src/a.txt"), "utf8")).toBe("my own change\n");
});

test("[field.one-side] a conflict is settled by taking one side in silence: it is no merge, and the files are named", async () => {
  const { repo, base, dev, seat } = await begun();
  const other = await seat("dev-1");
  await other.open("t2", 1, base);
  dev.write({ "src/b.txt": "one\n" });
  other.write({ "src/b.txt": "two\n" });
  const first = await dev.merge("t1", 1, await dev.sha("t1", 1, base), base);
  if (first.kind !== "merged") throw new Error(first.kind);
  const second = await other.merge("t2", 1, await other.sha("t2", 1, base), first.sha);
  expect(second).toMatchObject({ kind: "conflict", paths: ["src/b.txt"] });
  expect(await readTip(repo, SWARM)).toBe(first.sha);
  expect(repo.git("show", `skep/${SWARM}:src/b.txt`)).toBe("one");
});

test("[field.zombie-worktree] a half-made or deleted worktree makes every later one fail: it is made anew", async () => {
  const repo = makeRepo();
  const folder = path.join(tempDir(), SWARM, "dev-0");
  const { worktree } = await ensureWorktree(repo, folder, repo.base);
  rmSync(folder, { recursive: true });
  expect(await ensureWorktree(repo, folder, repo.base)).toMatchObject({ made: true });
  writeFileSync(path.join(worktree.gitDir, "locked"), "initializing");
  writeFileSync(path.join(worktree.gitDir, "commondir"), "");
  expect(() => repo.git("worktree", "list")).toThrow();
  expect(await ensureWorktree(repo, folder, repo.base)).toMatchObject({ made: true });
  expect(repo.git("worktree", "list").split("\n")).toHaveLength(2);
});

test("[field.failed-spawn] what a failed start left behind makes the next start fail: it is moved aside, and no file in it is lost", async () => {
  const repo = makeRepo();
  const folder = path.join(tempDir(), SWARM, "dev-0");
  repo.write({ "left.txt": "left\n" }, folder);
  const { setAside, made } = await ensureWorktree(repo, folder, repo.base);
  expect(made).toBe(true);
  expect(readFileSync(path.join(setAside ?? "", "left.txt"), "utf8")).toBe("left\n");
});

test("[field.spawn-race] agents started at once race for git's own lock and fail: worktrees are made one after the other", async () => {
  const repo = makeRepo();
  const places = Array.from({ length: 8 }, (_, n) => path.join(tempDir(), SWARM, `dev-${n}`));
  const made = await Promise.all(places.map((place) => ensureWorktree(repo, place, repo.base)));
  expect(new Set(made.map(({ worktree }) => worktree.gitDir)).size).toBe(8);
});

test("[field.stale-git-lock] a lock of a git that was killed stops all later work: the next commit gets past it", async () => {
  const { base, dev } = await begun();
  dev.write({ "x.txt": "x\n" });
  writeFileSync(path.join(dev.worktree.gitDir, "index.lock"), "");
  expect(await dev.commit("t1", 1, base)).toMatchObject({ kind: "committed" });
});

test("[field.drift] what the tool believes and what the branch holds drift apart: a commit skep did not make is never built upon", async () => {
  const { repo, base, dev } = await begun();
  dev.write({ "x.txt": "x\n" });
  const sha = await dev.sha("t1", 1, base);
  const strange = repo.commit({ "y.txt": "y\n" });
  repo.git("update-ref", `refs/heads/skep/${SWARM}`, strange);
  expect(await dev.merge("t1", 1, sha, base)).toMatchObject({ kind: "foreign", tip: strange });
  expect(await readTip(repo, SWARM)).toBe(strange);
});

test("[field.title-runs] a task's title with backticks runs as a shell command when it is committed: it is a subject and nothing else", async () => {
  const { repo, base, dev } = await begun();
  const { mergeWork } = await import("../../src/git/merge.ts");
  dev.write({ "x.txt": "x\n" });
  const sha = await dev.sha("t1", 1, base);
  const title = '`touch pwned` $(touch pwned)"; touch pwned';
  const merged = await mergeWork(repo, { swarm: SWARM, task: id.task("t1"), attempt: 1, sha, tip: base, title, ...dev.who });
  if (merged.kind !== "merged") throw new Error(merged.kind);
  expect(repo.git("log", "-1", "--format=%s", merged.sha)).toBe(title);
  for (const place of [repo.root, dev.worktree.path]) expect(existsSync(path.join(place, "pwned"))).toBe(false);
});

test("[field.checked-out-elsewhere] landing on a branch that another worktree has checked out fails in silence: branch and files move together", async () => {
  const { repo, base, dev } = await begun();
  dev.write({ "x.txt": "x\n" });
  const merged = await dev.merge("t1", 1, await dev.sha("t1", 1, base), base);
  if (merged.kind !== "merged") throw new Error(merged.kind);
  repo.git("checkout", "-q", "-b", "mine");
  const elsewhere = path.join(tempDir(), "elsewhere");
  repo.git("worktree", "add", "-q", elsewhere, "main");
  await land(repo, landing(merged.sha));
  expect(repo.git("rev-parse", "main")).toBe(merged.sha);
  expect(readFileSync(path.join(elsewhere, "x.txt"), "utf8")).toBe("x\n");
  expect(userGit(elsewhere, "status", "--porcelain")).toBe("");
});

test("[field.scope-prefix] a folder guard lets in what only begins like the folder, or stops its own files: whole path parts decide", () => {
  expect(outside(["src/a/x.ts", "docs/b.md"], ["src/a/", "docs/"])).toEqual([]);
  expect(outside(["src/a-evil/x.ts", "docs2/b.md", "../src/a/x"], ["src/a/", "docs/"])).toEqual([
    "src/a-evil/x.ts",
    "docs2/b.md",
    "../src/a/x",
  ]);
});

test("[field.folder-clash] two projects whose paths look alike share one state folder: each has its own", () => {
  const place = (home: string) => worktreePlace("/w", home, "s-abc", "dev-0");
  expect(place("/home/u/a-b/.git")).not.toBe(place("/home/u/a/b/.git"));
});
