/** A repository whose configuration runs programs at every turn; under skep none of them runs. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openAttempt } from "../../src/git/attempt.ts";
import { commitWork } from "../../src/git/commit-work.ts";
import { git } from "../../src/git/git.ts";
import { seatPerson, userPerson } from "../../src/git/identity.ts";
import { mergeWork } from "../../src/git/merge.ts";
import { dirtyFiles } from "../../src/git/project.ts";
import { resetWorktree } from "../../src/git/seat-state.ts";
import { createSwarmBranch } from "../../src/git/swarm-branch.ts";
import { ensureWorktree } from "../../src/git/worktree.ts";
import { id } from "../support/ids.ts";
import { checkoutState, makeRepo, type TestRepo, writeFiles } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

const HOOKS = ["pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "post-checkout", "post-merge", "pre-merge-commit"];
const MORE_HOOKS = ["post-index-change", "reference-transaction", "post-rewrite", "pre-auto-gc"];

function booby(repo: TestRepo): { fired: () => string } {
  const log = path.join(tempDir(), "fired");
  const traps = tempDir();
  const trap = (key: string): string => {
    const file = path.join(traps, key.replace(/\W/g, "_"));
    writeFileSync(file, `#!/bin/sh\necho '${key}' "$*" >> '${log}'\ncat 2>/dev/null\nexit 0\n`, { mode: 0o755 });
    return file;
  };
  for (const hook of [...HOOKS, ...MORE_HOOKS]) {
    writeFileSync(path.join(repo.commonDir, "hooks", hook), `#!/bin/sh\necho ${hook} >> '${log}'\nexit 1\n`, { mode: 0o755 });
  }
  const trapped = ["core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command", "merge.evil.driver", "gpg.program"];
  const filters = ["filter.evil.clean", "filter.evil.smudge", "filter.odd = name.smudge", "filter.Long.process"];
  for (const key of [...trapped, ...filters]) repo.git("config", key, trap(key));
  repo.git("config", "filter.evil.required", "true");
  for (const key of ["commit.gpgSign", "rerere.enabled", "submodule.recurse"]) repo.git("config", key, "true");
  repo.git("config", "merge.ff", "only");
  return { fired: () => (existsSync(log) ? readFileSync(log, "utf8") : "") };
}

const [swarm, task, seat] = [id.swarm("s-1"), id.task("t1"), id.seat("dev-0")];

describe("[git.safe] nothing the repository configures runs", () => {
  test("through a whole attempt with a conflict, a commit, a diff and a merge", async () => {
    const repo = makeRepo();
    repo.commit({
      ".gitattributes": "*.txt filter=evil diff=evil merge=evil\n*.md filter=Long\n*.odd filter=odd\\040=\\040name\n",
      "x.odd": "odd\n",
    });
    const base = repo.git("rev-parse", "HEAD");
    const { fired } = booby(repo);
    const before = checkoutState(repo);
    const who = { author: seatPerson(seat), committer: await userPerson(repo.root) };
    await dirtyFiles(repo.root);
    await createSwarmBranch(repo, swarm, base);
    const { worktree } = await ensureWorktree(repo, path.join(tempDir(), "dev-0"), base);
    await openAttempt(repo, worktree, { swarm, task, attempt: 1, tip: base, prior: null, ...who });
    writeFiles(worktree.path, { "src/b.txt": "ours\n", "new.txt": "new\n" });
    const work = await commitWork(repo, worktree, { swarm, task, attempt: 1, base, title: "One", ...who });
    if (work.kind !== "committed") throw new Error(work.kind);
    const merged = await mergeWork(repo, { swarm, task, attempt: 1, sha: work.sha, tip: base, title: "One", ...who });
    expect(merged.kind).toBe("merged");
    // The same lines again from the same base: a conflict, which an evil driver would have swallowed.
    const second = await ensureWorktree(repo, path.join(tempDir(), "dev-1"), base);
    await openAttempt(repo, second.worktree, { swarm, task: id.task("t2"), attempt: 1, tip: base, prior: null, ...who });
    writeFiles(second.worktree.path, { "src/b.txt": "theirs\n" });
    const other = await commitWork(repo, second.worktree, { swarm, task: id.task("t2"), attempt: 1, base, title: "Two", ...who });
    if (other.kind !== "committed" || merged.kind !== "merged") throw new Error(other.kind);
    const order = { swarm, task: id.task("t2"), sha: other.sha, tip: merged.sha, title: "Two", ...who };
    expect(await mergeWork(repo, { ...order, attempt: 1 })).toEqual({ kind: "conflict", paths: ["src/b.txt"] });
    const again = await openAttempt(repo, second.worktree, { ...order, attempt: 2, prior: other.sha });
    expect(again.conflict).toEqual(["src/b.txt"]);
    expect(readFileSync(path.join(second.worktree.path, "src/b.txt"), "utf8")).toMatch(/^<{7}.*\nours|^<{7}.*\ntheirs/);
    await resetWorktree(worktree, swarm, base);
    await git(worktree, ["status", "--porcelain"]);
    expect(fired()).toBe("");
    expect(readFileSync(path.join(worktree.path, "src/b.txt"), "utf8")).toBe("b\n");
    expect(checkoutState(repo)).toEqual(before);
  });

  test("and the traps are real: a plain git springs them", () => {
    const repo = makeRepo();
    repo.commit({ ".gitattributes": "*.txt filter=evil\n" });
    const { fired } = booby(repo);
    expect(() => repo.git("commit", "--allow-empty", "-m", "x")).toThrow();
    try {
      repo.git("checkout", "-q", "--", "src/b.txt");
    } catch {
      // the trap answers nonsense; that it ran at all is the point
    }
    expect(fired()).not.toBe("");
  });
});

test("[git.safe.environment] variables that redirect git are not passed on", async () => {
  const [repo, other] = [makeRepo(), makeRepo()];
  process.env.GIT_DIR = other.commonDir;
  process.env.GIT_INDEX_FILE = "/tmp/elsewhere";
  try {
    repo.commit({ "only-here.txt": "x" });
    expect((await git(repo.root, ["ls-files"])).out).toContain("only-here.txt");
  } finally {
    delete process.env.GIT_DIR;
    delete process.env.GIT_INDEX_FILE;
  }
});
