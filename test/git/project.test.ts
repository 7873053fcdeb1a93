import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SkepError } from "../../src/base/errors.ts";
import { dirtyFiles, findProject, isOld } from "../../src/git/project.ts";
import { makeRepo, userGit } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

const find = (cwd: string, env: Record<string, string> = {}, explicit?: string) => findProject({ cwd, env, explicit });
async function refusal(promise: Promise<unknown>): Promise<SkepError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SkepError)) throw new Error(`expected a typed refusal, got ${String(error)}`);
  return error;
}
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("[git.project] the project is the main worktree", () => {
  test("of the working folder, a monorepo's subfolder, a linked worktree, or the git folder itself", async () => {
    const repo = makeRepo();
    mkdirSync(path.join(repo.root, "packages/a"), { recursive: true });
    const linked = path.join(tempDir(), "linked");
    repo.git("worktree", "add", "-q", "--detach", linked);
    const link = path.join(tempDir(), "link");
    symlinkSync(repo.root, link);
    for (const cwd of [repo.root, path.join(repo.root, "packages/a"), linked, path.join(linked, "src"), repo.commonDir, link]) {
      expect(await find(cwd), cwd).toEqual({ root: repo.root, commonDir: repo.commonDir, head: repo.base, branch: "main", shallow: false });
    }
  });

  test("given by flag before variable before folder", async () => {
    const [a, b, c, d] = [makeRepo(), makeRepo(), makeRepo(), makeRepo()].map((repo) => repo.root) as [string, string, string, string];
    const env = { SKEP_PROJECT: b, CLAUDE_PROJECT_DIR: c };
    expect((await find(d, env, a)).root).toBe(a);
    expect((await find(d, env)).root).toBe(b);
    expect((await find(d, { CLAUDE_PROJECT_DIR: c })).root).toBe(c);
    expect((await find(d)).root).toBe(d);
    expect((await find(d, {}, path.relative(d, a))).root).toBe(a);
  });

  test("of a submodule is the submodule", async () => {
    const [outer, inner] = [makeRepo(), makeRepo()];
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.root, "sub");
    expect((await find(path.join(outer.root, "sub/src"))).root).toBe(path.join(outer.root, "sub"));
  });

  test("also detached or shallow", async () => {
    const repo = makeRepo();
    repo.commit({ "c.txt": "c\n" });
    repo.git("checkout", "-q", "--detach");
    expect(await find(repo.root)).toMatchObject({ branch: null, shallow: false });
    const clone = path.join(tempDir(), "clone");
    userGit(tempDir(), "clone", "-q", "--depth=1", `file://${repo.root}`, clone);
    expect(await find(clone)).toMatchObject({ root: realpathSync(clone), shallow: true });
  });
});

describe("[git.project.refused] what cannot be a project is refused with the next command", () => {
  test("no such folder", async () => {
    expect(await refusal(find("/no/such/folder"))).toMatchObject({ code: "NO_PROJECT", next: expect.stringContaining("--project") });
  });
  test("no repository", async () => {
    expect(await refusal(find(tempDir()))).toMatchObject({ code: "NO_PROJECT", next: expect.stringContaining("git init") });
  });
  test("no commit", async () => {
    const dir = tempDir();
    userGit(dir, "init", "-q");
    expect(await refusal(find(dir))).toMatchObject({ code: "NO_COMMIT", next: expect.stringContaining("git commit") });
  });
  test("bare, and a worktree of a bare one", async () => {
    const repo = makeRepo();
    const bare = path.join(tempDir(), "bare.git");
    userGit(tempDir(), "clone", "-q", "--bare", repo.root, bare);
    const linked = path.join(tempDir(), "linked");
    userGit(bare, "worktree", "add", "-q", linked);
    for (const dir of [bare, linked]) {
      expect(await refusal(find(dir)), dir).toMatchObject({ code: "BARE_REPOSITORY", next: expect.stringContaining("git clone") });
    }
  });
  test("no git", async () => {
    vi.stubEnv("PATH", tempDir());
    expect(await refusal(find(tempDir()))).toMatchObject({ code: "NO_GIT", next: expect.stringContaining("install git") });
  });
  test("an old git", async () => {
    const bin = tempDir();
    writeFileSync(path.join(bin, "git"), "#!/bin/sh\necho git version 2.37.1\n", { mode: 0o755 });
    vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
    expect(await refusal(find(tempDir()))).toMatchObject({ code: "GIT_TOO_OLD", next: expect.stringContaining("install a newer git") });
    expect([isOld(2, 37), isOld(1, 99), isOld(2, 38), isOld(3, 0)]).toEqual([true, true, false, false]);
  });
});

test("[git.names] dirty files are named whole, whatever their names", async () => {
  const repo = makeRepo();
  const names = [
    'a "quoted".txt',
    "line\nbreak.txt",
    "`backtick`$(x).txt",
    "tab\tname.txt",
    "ünïcödé ☃.txt",
    " space ",
    "-dash",
    "back\\slash",
  ];
  repo.write(Object.fromEntries(names.map((name) => [name, "x"])));
  repo.write({ "src/b.txt": "changed\n", "new/one.txt": "1", "new/two.txt": "2" });
  repo.git("mv", "README.md", "READ.md");
  expect([...(await dirtyFiles(repo.root))].sort()).toEqual([...names, "README.md", "READ.md", "src/b.txt", "new/"].sort());
  expect(await dirtyFiles(repo.root, true)).toEqual(expect.arrayContaining(["new/one.txt", "new/two.txt"]));
});
