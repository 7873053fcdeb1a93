import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { saveAttempt } from "../../src/git/attempt.ts";
import { listBackups } from "../../src/git/backup.ts";
import { attemptBranch } from "../../src/git/refs.ts";
import { id } from "../support/ids.ts";
import { checkoutState, TEMPLATE, userGit } from "../support/repo.ts";
import { makeKit, type Seat, SWARM } from "./kit.ts";

const branch = (task: string, attempt: number): string => attemptBranch(SWARM, id.task(task), attempt);
const read = (seat: Seat, name: string): string => readFileSync(path.join(seat.worktree.path, name), "utf8");

describe("[git.attempt] an attempt is opened", () => {
  test("fresh: on the tip, clean, on its own branch", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    const opened = await dev.open("t1", 1, base);
    expect(opened).toEqual({ branch: branch("t1", 1), base, conflict: [], discarded: [], repeated: false });
    expect(repo.git("rev-parse", branch("t1", 1))).toBe(base);
    expect(userGit(dev.worktree.path, "status", "--porcelain", "--branch")).toBe(`## ${branch("t1", 1)}`);
  });

  test("once: a repeat leaves the agent's files alone and keeps the first base", async () => {
    const { base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "src/b.txt": "in progress\n" });
    expect(await dev.open("t1", 1, "0".repeat(40))).toEqual({ branch: branch("t1", 1), base, conflict: [], discarded: [], repeated: true });
    expect(read(dev, "src/b.txt")).toBe("in progress\n");
  });

  test("after another task: what was left is saved on that one's branch", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "half.txt": "half\n", "keep.log": "ignored files stay\n" });
    await dev.open("t2", 1, base);
    expect(existsSync(path.join(dev.worktree.path, "half.txt"))).toBe(false);
    expect(read(dev, "keep.log")).toBe("ignored files stay\n");
    expect(repo.git("show", `${branch("t1", 1)}:half.txt`)).toBe("half");
    expect(repo.git("log", "-1", "--format=%an", branch("t1", 1))).toBe("dev-0");
  });

  test("in the middle of the agent's own merge or with stale locks", async () => {
    const { base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    for (const name of ["index.lock", "HEAD.lock", "MERGE_MSG"]) writeFileSync(path.join(dev.worktree.gitDir, name), "");
    expect(await dev.open("t2", 1, base)).toMatchObject({ repeated: false, conflict: [] });
  });
});

describe("[git.attempt.prior] earlier work goes on", () => {
  test("in another seat's worktree, with what was merged meanwhile", async () => {
    const { repo, base, seat } = await makeKit();
    const [one, two] = [await seat("dev-0"), await seat("dev-1")];
    await one.open("t1", 1, base);
    one.write({ "mine.txt": "mine\n" });
    const prior = await one.sha("t1", 1, base);
    await two.open("t2", 1, base);
    two.write({ "other.txt": "other\n" });
    const merged = await two.merge("t2", 1, await two.sha("t2", 1, base), base);
    if (merged.kind !== "merged") throw new Error(merged.kind);
    const opened = await two.open("t1", 2, merged.sha, prior);
    expect(opened).toMatchObject({ base: merged.sha, conflict: [] });
    expect([read(two, "mine.txt"), read(two, "other.txt")]).toEqual(["mine\n", "other\n"]);
    two.write({ "more.txt": "more\n" });
    const sha = await two.sha("t1", 2, merged.sha);
    expect(repo.git("diff", "--name-only", merged.sha, sha)).toBe("mine.txt\nmore.txt");
  });

  test("and a conflict stays in the files, until the next commit has both parents", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "src/b.txt": "mine\n" });
    const prior = await dev.sha("t1", 1, base);
    const other = await seat("dev-1");
    await other.open("t2", 1, base);
    other.write({ "src/b.txt": "other\n" });
    const merged = await other.merge("t2", 1, await other.sha("t2", 1, base), base);
    if (merged.kind !== "merged") throw new Error(merged.kind);
    expect(await dev.merge("t1", 1, prior, merged.sha)).toEqual({ kind: "conflict", paths: ["src/b.txt"] });

    const opened = await dev.open("t1", 2, merged.sha, prior, true);
    expect(opened.conflict).toEqual(["src/b.txt"]);
    expect(read(dev, "src/b.txt")).toMatch(/<{7}[\s\S]*mine\n[\s\S]*={7}\nother\n>{7}/);
    expect(await dev.open("t1", 2, merged.sha, prior, true)).toMatchObject({ repeated: true, conflict: ["src/b.txt"] });
    dev.write({ "src/b.txt": "both\n" });
    const sha = await dev.sha("t1", 2, merged.sha);
    expect(repo.git("log", "-1", "--format=%P", sha)).toBe(`${prior} ${merged.sha}`);
    expect(await dev.merge("t1", 2, sha, merged.sha)).toMatchObject({ kind: "merged" });
    expect(repo.git("show", `skep/${SWARM}:src/b.txt`)).toBe("both");
  });

  test("an aborted merge of the base is made up for, or opened again when it conflicts", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "src/a.txt": TEMPLATE["src/a.txt"].replace("line 1\n", "mine\n"), "src/b.txt": "mine\n" });
    const prior = await dev.sha("t1", 1, base);
    const tip = repo.commit({ "src/a.txt": TEMPLATE["src/a.txt"].replace("line 20\n", "theirs\n"), "src/b.txt": "theirs\n" });
    await dev.open("t1", 2, tip, prior, true);
    userGit(dev.worktree.path, "merge", "--abort");
    expect(await dev.commit("t1", 2, tip)).toEqual({ kind: "conflict", paths: ["src/b.txt"] });
    expect(read(dev, "src/b.txt")).toMatch(/^<{7}/);
    dev.write({ "src/b.txt": "theirs\n" });
    const sha = await dev.sha("t1", 2, tip);
    expect(repo.git("diff", "--name-only", tip, sha)).toBe("src/a.txt");

    const clean = repo.commit({ "src/b.txt": "theirs again\n" });
    await dev.open("t1", 3, clean, sha, true);
    userGit(dev.worktree.path, "reset", "-q", "--hard", sha);
    const last = await dev.sha("t1", 3, clean);
    expect(repo.git("diff", "--name-only", clean, last)).toBe("src/a.txt");
    expect(read(dev, "src/b.txt")).toBe("theirs again\n");
  });

  test.each([true, false])("an attempt that ended among its conflicts tells the next one where the markers are (%s)", async (keep) => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "src/b.txt": "mine\n" });
    const prior = await dev.sha("t1", 1, base);
    const tip = repo.commit({ "src/b.txt": "theirs\n" });
    await dev.open("t1", 2, tip, prior, keep);
    const saved = await saveAttempt(repo, dev.worktree, { swarm: SWARM, task: id.task("t1"), attempt: 2, ...dev.who });
    expect(await dev.open("t1", 3, tip, saved, keep)).toMatchObject({ conflict: ["src/b.txt"] });
  });
});

describe("[git.attempt.fold] unless asked for, earlier commits do not live on", () => {
  test("the work comes as changes on the tip, conflicts in the files", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "x.txt": "x\n", "secret.txt": "s\n", "src/b.txt": "mine\n" });
    const prior = await dev.sha("t1", 1, base);
    const tip = repo.commit({ "src/b.txt": "theirs\n", "README.md": "theirs\n" });
    expect(await dev.open("t1", 2, tip, prior)).toMatchObject({ base: tip, conflict: ["src/b.txt"] });
    expect(read(dev, "src/b.txt")).toMatch(/^<{7}/);
    expect(userGit(dev.worktree.path, "status", "--porcelain")).toBe(" M src/b.txt\n?? secret.txt\n?? x.txt");
    dev.write({ "src/b.txt": "both\n" });
    rmSync(path.join(dev.worktree.path, "secret.txt"));
    const sha = await dev.sha("t1", 2, tip);
    expect(repo.git("rev-list", `${tip}..${sha}`)).toBe(sha);
    expect(repo.git("diff", "--name-only", tip, sha)).toBe("src/b.txt\nx.txt");
  });
});

test("[git.attempt.save] the work of a lapsed attempt is saved once, also after its worktree moved on; none is null", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  const save = (attempt: number) => saveAttempt(repo, dev.worktree, { swarm: SWARM, task: id.task("t1"), attempt, ...dev.who });
  expect(await save(1)).toBeNull();
  dev.write({ "half.txt": "half\n" });
  const saved = await save(1);
  expect(repo.git("show", `${saved}:half.txt`)).toBe("half");
  expect(await save(1)).toBe(saved);
  await dev.open("t2", 1, base);
  expect(await save(1)).toBe(saved);
  expect(await save(7)).toBeNull();
  expect(await listBackups(repo, SWARM)).toEqual([]);
});

test("[git.untouched] a whole attempt leaves the user's checkout, index, HEAD and stash byte for byte", async () => {
  const { repo, base, seat } = await makeKit();
  repo.write({ "src/b.txt": "stashed\n" });
  repo.git("stash", "-q");
  repo.write({ "src/a.txt": "dirty\n", "untracked.txt": "u\n", "staged.txt": "s\n" });
  repo.git("add", "staged.txt");
  const before = checkoutState(repo);
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write({ "src/b.txt": "work\n" });
  const merged = await dev.merge("t1", 1, await dev.sha("t1", 1, base), base);
  if (merged.kind !== "merged") throw new Error(merged.kind);
  await dev.open("t2", 1, merged.sha);
  expect(read(dev, "src/b.txt")).toBe("work\n");
  expect(existsSync(path.join(dev.worktree.path, "untracked.txt"))).toBe(false);
  expect(checkoutState(repo)).toEqual(before);
});
