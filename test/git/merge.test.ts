import { describe, expect, test } from "vitest";
import { mergeMessage } from "../../src/git/merge.ts";
import { reviewCommit } from "../../src/git/review-commit.ts";
import { createSwarmBranch, foreignCommits, readTip } from "../../src/git/swarm-branch.ts";
import { id } from "../support/ids.ts";
import { makeRepo, userGit } from "../support/repo.ts";
import { makeKit, SWARM } from "./kit.ts";

describe("[git.branch] the integration branch", () => {
  test("is made at the base, and a repeat is no change", async () => {
    const repo = makeRepo();
    expect(await createSwarmBranch(repo, SWARM, repo.base)).toEqual({ tip: repo.base, repeated: false });
    expect(await createSwarmBranch(repo, SWARM, repo.base)).toEqual({ tip: repo.base, repeated: true });
    expect(await readTip(repo, SWARM)).toBe(repo.base);
  });
  test("is not taken over when it stands elsewhere", async () => {
    const repo = makeRepo();
    const old = repo.base;
    repo.git("branch", `skep/${SWARM}`);
    const base = repo.commit({ "x.txt": "x\n" });
    await expect(createSwarmBranch(repo, SWARM, base)).rejects.toMatchObject({
      code: "BRANCH_EXISTS",
      next: expect.stringContaining("git branch -m"),
    });
    expect(await readTip(repo, SWARM)).toBe(old);
  });
  test("cannot be made beside a branch called skep, and says how to rename that", async () => {
    const repo = makeRepo();
    repo.git("branch", "skep");
    await expect(createSwarmBranch(repo, SWARM, repo.base)).rejects.toMatchObject({
      code: "BRANCH_BLOCKED",
      next: expect.stringContaining("git branch -m skep"),
    });
  });
});

describe("[git.merge] approved work becomes one commit on the integration branch", () => {
  test("with its subject, trailers and people, and one parent", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "x.txt": "x\n" });
    const sha = await dev.sha("t1", 1, base);
    const merged = await dev.merge("t1", 1, sha, base);
    if (merged.kind !== "merged") throw new Error(merged.kind);
    expect(merged).toEqual({ kind: "merged", sha: await readTip(repo, SWARM), repeated: false });
    expect(repo.git("log", "-1", "--format=%P|%an <%ae>|%cn|%s", merged.sha)).toBe(
      `${base}|dev-0 <dev-0@skep.invalid>|Ursula User|Title of t1`,
    );
    expect(repo.git("log", "-1", "--format=%(trailers:only,unfold)", merged.sha)).toBe(
      `Skep-Swarm: ${SWARM}\nSkep-Task: t1\nSkep-Attempt: 1\nSkep-Commit: ${sha}\n`,
    );
    expect(repo.git("rev-parse", "main")).toBe(base);
  });

  test("side by side with what was merged before", async () => {
    const { repo, base, seat } = await makeKit();
    const [one, two] = [await seat("dev-0"), await seat("dev-1")];
    await one.open("t1", 1, base);
    await two.open("t2", 1, base);
    one.write({ "one.txt": "1\n" });
    two.write({ "two.txt": "2\n" });
    const first = await one.merge("t1", 1, await one.sha("t1", 1, base), base);
    if (first.kind !== "merged") throw new Error(first.kind);
    const second = await two.merge("t2", 1, await two.sha("t2", 1, base), first.sha);
    expect(second.kind).toBe("merged");
    expect(repo.git("ls-tree", "--name-only", `skep/${SWARM}`)).toBe(".gitignore\nREADME.md\none.txt\nsrc\ntwo.txt");
  });

  test("a title of several lines, with quotes or beginning like an option is only a subject", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "x.txt": "x\n" });
    const sha = await dev.sha("t1", 1, base);
    const { mergeWork } = await import("../../src/git/merge.ts");
    const title = "--template=`id` $(id)\n\nSkep-Task: forged 'x' \"y\"";
    const merged = await mergeWork(repo, { swarm: SWARM, task: id.task("t1"), attempt: 1, sha, tip: base, title, ...dev.who });
    if (merged.kind !== "merged") throw new Error(merged.kind);
    expect(repo.git("log", "-1", "--format=%s", merged.sha)).toBe("--template=`id` $(id) Skep-Task: forged 'x' \"y\"");
    expect(repo.git("log", "-1", "--format=%(trailers:key=Skep-Task,valueonly)", merged.sha)).toBe("t1\n");
  });
});

test("[git.merge.repeat] a repeat after a crash finds its own commit, also under later merges' feet", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write({ "x.txt": "x\n" });
  const sha = await dev.sha("t1", 1, base);
  const [a, b] = await Promise.all([dev.merge("t1", 1, sha, base), dev.merge("t1", 1, sha, base)]);
  expect([a, b]).toEqual([
    { kind: "merged", sha: await readTip(repo, SWARM), repeated: false },
    { kind: "merged", sha: await readTip(repo, SWARM), repeated: true },
  ]);
  expect(repo.git("rev-list", "--count", `${base}..skep/${SWARM}`)).toBe("1");
});

describe("[git.merge.foreign] a branch that does not stand where skep left it is not built upon", () => {
  test("a commit of somebody else's, even with forged trailers", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "x.txt": "x\n" });
    const sha = await dev.sha("t1", 1, base);
    const message = mergeMessage({ swarm: SWARM, task: id.task("t1"), attempt: 1, sha, title: "Title of t1" });
    userGit(dev.worktree.path, "checkout", "-q", "--detach", base);
    dev.write({ "x.txt": "x\n", "backdoor.txt": "b\n" });
    userGit(dev.worktree.path, "add", "-A");
    userGit(dev.worktree.path, "-c", "user.name=dev-0", "-c", "user.email=dev-0@skep.invalid", "commit", "-q", "-m", message);
    const forged = userGit(dev.worktree.path, "rev-parse", "HEAD");
    repo.git("update-ref", `refs/heads/skep/${SWARM}`, forged);
    expect(await dev.merge("t1", 1, sha, base)).toEqual({ kind: "foreign", tip: forged });
    expect(await foreignCommits(repo, SWARM, base)).toEqual({
      tip: forged,
      commits: [{ sha: forged, author: "dev-0", subject: "Title of t1" }],
    });
  });

  test("a branch moved back or deleted", async () => {
    const { repo, base, seat } = await makeKit();
    const dev = await seat("dev-0");
    await dev.open("t1", 1, base);
    dev.write({ "x.txt": "x\n" });
    const sha = await dev.sha("t1", 1, base);
    repo.git("update-ref", "-d", `refs/heads/skep/${SWARM}`);
    expect(await dev.merge("t1", 1, sha, base)).toEqual({ kind: "foreign", tip: null });
    expect(await foreignCommits(repo, SWARM, base)).toEqual({ tip: null, commits: [] });
    await createSwarmBranch(repo, SWARM, base);
    expect(await foreignCommits(repo, SWARM, base)).toBeNull();
  });
});

test("[git.review-commit] a reviewer's commit has the submitted files, one parent, and nothing of the author", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write({ "x.txt": "x\n" });
  const sha = await dev.sha("t1", 1, base);
  const order = { task: id.task("t1"), base, sha };
  const review = await reviewCommit(repo, order);
  expect(await reviewCommit(repo, order)).toBe(review);
  expect(repo.git("log", "-1", "--format=%P %T %an %cn %B", review)).toBe(
    `${base} ${repo.git("rev-parse", `${sha}^{tree}`)} skep skep review t1\n`,
  );
});
