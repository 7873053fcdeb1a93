import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { listBackups } from "../../src/git/backup.ts";
import { attemptBranch } from "../../src/git/refs.ts";
import { id } from "../support/ids.ts";
import { checkoutState, makeRepo, userGit } from "../support/repo.ts";
import { makeKit, SWARM } from "./kit.ts";

const BRANCH = attemptBranch(SWARM, id.task("t1"), 1);

test("[git.commit] everything an agent left is committed, ignored files apart, and a repeat answers the same", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write({ "new.txt": "n\n", "src/a.txt": "changed\n", "debug.log": "ignored", "node_modules/x/index.js": "ignored" });
  rmSync(path.join(dev.worktree.path, "src/b.txt"));
  symlinkSync("/etc/passwd", path.join(dev.worktree.path, "link"));
  writeFileSync(path.join(dev.worktree.path, "bin"), Buffer.from([0, 1, 2]));
  const done = await dev.commit("t1", 1, base);
  expect(done).toMatchObject({
    kind: "committed",
    files: [
      { path: "bin", additions: null, deletions: null },
      { path: "link", additions: 1, deletions: 0 },
      { path: "new.txt", additions: 1, deletions: 0 },
      { path: "src/a.txt", additions: 1, deletions: 20 },
      { path: "src/b.txt", additions: 0, deletions: 1 },
    ],
    nested: [],
    unreadable: [],
  });
  expect(await dev.commit("t1", 1, base)).toEqual(done);
  expect(repo.git("log", "-1", "--format=%an %ae %cn %s", BRANCH)).toBe("dev-0 dev-0@skep.invalid Ursula User Title of t1");
  expect(userGit(dev.worktree.path, "status", "--porcelain", "--branch")).toBe(`## ${BRANCH}`);
});

test("[git.commit.empty] a submission without a change says so", async () => {
  const { base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  expect(await dev.commit("t1", 1, base)).toEqual({ kind: "empty", nested: [], unreadable: [] });
  dev.write({ "src/b.txt": "changed\n" });
  await dev.sha("t1", 1, base);
  dev.write({ "src/b.txt": "b\n" });
  expect(await dev.commit("t1", 1, base)).toMatchObject({ kind: "empty" });
});

test("[report.commit] of a task that may change nothing an empty submission is a commit of its own, and a repeat answers the same", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  const done = await dev.commit("t1", 1, base, true);
  expect(done).toMatchObject({ kind: "committed", files: [] });
  const { sha } = done as { sha: string };
  expect([repo.git("log", "-1", "--format=%P %s", sha), repo.git("rev-parse", BRANCH)]).toEqual([`${base} Title of t1`, sha]);
  expect(await dev.commit("t1", 1, base, true)).toEqual(done);
  const merged = await dev.merge("t1", 1, sha, base);
  expect(merged).toMatchObject({ kind: "merged" });
  expect(repo.git("diff", "--stat", base, (merged as { sha: string }).sha)).toBe("");
  dev.write({ "stray.txt": "x\n" });
  expect(await dev.commit("t1", 1, base, true)).toMatchObject({ files: [{ path: "stray.txt" }] });
});

test("[git.names.commit] hostile file names survive a commit", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  const names = [
    '"q".txt',
    "a\nb.txt",
    "`id`.txt",
    "$(id).txt",
    "t\tb.txt",
    "ünï☃.txt",
    "-rf",
    "*.txt",
    " s ",
    "b\\s",
    ":(glob)x",
    "{a,b}",
  ].sort();
  dev.write(Object.fromEntries(names.map((name) => [name, "x\n"])));
  const done = await dev.commit("t1", 1, base);
  if (done.kind !== "committed") throw new Error(done.kind);
  expect(done.files.map((file) => file.path).sort()).toEqual(names);
  expect(repo.git("ls-tree", "-r", "--name-only", "-z", done.sha).split("\0")).toEqual(expect.arrayContaining(names));
});

describe("[git.commit.moved-head] wherever an agent leaves HEAD, its work is on the attempt's branch and on the base", () => {
  test("its own commits count", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "one.txt": "1\n" });
    userGit(dev.worktree.path, "add", "-A");
    userGit(dev.worktree.path, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "-m", "mine");
    dev.write({ "two.txt": "2\n" });
    const sha = await dev.sha("t1", 1, base);
    expect(repo.git("diff", "--name-only", base, sha)).toBe("one.txt\ntwo.txt");
    expect(repo.git("rev-parse", BRANCH)).toBe(sha);
  });

  test("a branch of its own, a detached HEAD, and a HEAD pointed at the user's branch, which does not move", async () => {
    const { repo, base, seat } = await makeKit();
    const before = checkoutState(repo);
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    for (const [name, move] of [
      ["a.txt", ["checkout", "-q", "-b", "elsewhere"]],
      ["b.txt", ["checkout", "-q", "--detach"]],
      ["c.txt", ["symbolic-ref", "HEAD", "refs/heads/main"]],
    ] as const) {
      userGit(dev.worktree.path, ...move);
      dev.write({ [name]: "x\n" });
      const sha = await dev.sha("t1", 1, base);
      expect(repo.git("rev-parse", BRANCH), name).toBe(sha);
      expect(userGit(dev.worktree.path, "symbolic-ref", "--short", "HEAD")).toBe(BRANCH);
    }
    expect(repo.git("rev-parse", "main")).toBe(base);
    expect(checkoutState(repo)).toEqual(before);
  });

  test("a reset loses nothing: what the branch had is kept as a backup", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "one.txt": "1\n" });
    const first = await dev.sha("t1", 1, base);
    userGit(dev.worktree.path, "checkout", "-q", "--detach", base);
    dev.write({ "two.txt": "2\n" });
    const second = await dev.sha("t1", 1, base);
    expect(repo.git("diff", "--name-only", base, second)).toBe("two.txt");
    expect((await listBackups(repo, SWARM)).map((backup) => backup.sha)).toEqual([first]);
  });

  test("an empty history of its own", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    userGit(dev.worktree.path, "checkout", "-q", "--orphan", "fresh");
    userGit(dev.worktree.path, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "-m", "root");
    dev.write({ "x.txt": "x\n" });
    const sha = await dev.sha("t1", 1, base);
    expect(repo.git("rev-list", "--parents", "-1", sha)).toBe(`${sha} ${base}`);
    expect(repo.git("diff", "--name-only", base, sha)).toBe("x.txt");
  });
});

test("[git.commit.foreign-git-file] a .git file pointed at the user's repository does not lead skep there", async () => {
  const { repo, base, seat } = await makeKit();
  const before = checkoutState(repo);
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write({ ".git": `gitdir: ${repo.commonDir}\n`, "x.txt": "x\n" });
  await dev.sha("t1", 1, base);
  expect(checkoutState(repo)).toEqual(before);
  await dev.open("t1", 2, base, null);
  const again = await seat("dev-0");
  expect(readFileSync(path.join(again.worktree.path, ".git"), "utf8")).toBe(`gitdir: ${dev.worktree.gitDir}\n`);
});

test("[git.commit.foreign-common-dir] a commondir file that names another repository does not lead skep there", async () => {
  const { repo, base, seat } = await makeKit();
  const other = makeRepo();
  other.git("config", "user.name", "Mallory");
  const before = checkoutState(other);
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  writeFileSync(path.join(dev.worktree.gitDir, "commondir"), `${other.commonDir}\n`);
  dev.write({ "x.txt": "x\n" });
  const sha = await dev.sha("t1", 1, base);
  expect(repo.git("diff", "--name-only", base, sha)).toBe("x.txt");
  expect(checkoutState(other)).toEqual(before);
});

describe("[git.commit.nested] repositories inside the worktree", () => {
  test("are left out and named, with and without a commit of their own", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "x.txt": "x\n", "full/f.txt": "f", "bare/b.txt": "b" });
    const at = (name: string) => path.join(dev.worktree.path, name);
    userGit(at("full"), "init", "-q");
    userGit(at("full"), "add", "-A");
    userGit(at("full"), "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "-m", "inner");
    mkdirSync(at("empty"));
    userGit(at("empty"), "init", "-q");
    const done = await dev.commit("t1", 1, base);
    expect(done).toMatchObject({ kind: "committed", nested: ["full"] });
    if (done.kind === "committed") expect(repo.git("diff", "--name-only", base, done.sha)).toBe("bare/b.txt\nx.txt");
  });

  test("a real submodule stays as it is", async () => {
    const { repo, seat } = await makeKit();
    const inner = await makeKit();
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.repo.root, "sub");
    repo.git("commit", "-q", "-m", "sub");
    const base = repo.git("rev-parse", "HEAD");
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "x.txt": "x\n" });
    const done = await dev.commit("t1", 1, base);
    expect(done).toMatchObject({ kind: "committed", nested: [], files: [{ path: "x.txt" }] });
  });
});

test("[git.commit.lock] a lock left by a killed git does not stop a commit for ever", { timeout: 60_000 }, async () => {
  const { base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write({ "x.txt": "x\n" });
  writeFileSync(path.join(dev.worktree.gitDir, "index.lock"), "");
  expect(await dev.commit("t1", 1, base)).toMatchObject({ kind: "committed" });
});
