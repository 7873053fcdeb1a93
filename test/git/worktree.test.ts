import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { listBackups } from "../../src/git/backup.ts";
import { resetWorktree } from "../../src/git/seat-state.ts";
import { ensureWorktree, findWorktree, listWorktrees, removeWorktree } from "../../src/git/worktree.ts";
import { makeRepo, userGit, writeFiles } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { makeKit, SWARM } from "./kit.ts";

const place = (): string => path.join(tempDir(), SWARM, "dev-0");

describe("[git.worktree] a seat's worktree", () => {
  test("is made once, found again, also through a link, and removed", async () => {
    const repo = makeRepo();
    const folder = place();
    expect(findWorktree(repo, folder)).toBeNull();
    const first = await ensureWorktree(repo, folder, repo.base);
    expect(first).toMatchObject({ made: true, setAside: null, worktree: { path: folder } });
    expect(await ensureWorktree(repo, folder, repo.base)).toEqual({ ...first, made: false });
    const link = path.join(tempDir(), "link");
    symlinkSync(path.dirname(path.dirname(folder)), link);
    expect(findWorktree(repo, path.join(link, SWARM, "dev-0"))).toEqual(first.worktree);
    expect(await listWorktrees(repo)).toEqual([
      { path: repo.root, head: repo.base, ref: "refs/heads/main" },
      { path: folder, head: repo.base, ref: null },
    ]);
    await removeWorktree(repo, first.worktree);
    expect([existsSync(folder), findWorktree(repo, folder)]).toEqual([false, null]);
    await removeWorktree(repo, first.worktree);
  });

  test("of the same seat name in two swarms are two, made at the same time", async () => {
    const repo = makeRepo();
    const folders = [place(), place(), place(), place()];
    const made = await Promise.all(folders.map((folder) => ensureWorktree(repo, folder, repo.base)));
    expect(new Set(made.map(({ worktree }) => worktree.gitDir)).size).toBe(4);
    for (const [index, folder] of folders.entries()) expect(findWorktree(repo, folder)).toEqual(made[index]?.worktree);
  });
});

describe("[git.worktree.repair] what a crash or an agent did to it is made good", () => {
  test("half-made: made anew", async () => {
    const repo = makeRepo();
    const folder = place();
    const { worktree } = await ensureWorktree(repo, folder, repo.base);
    writeFileSync(path.join(worktree.gitDir, "locked"), "initializing");
    rmSync(path.join(folder, "src"), { recursive: true });
    expect(await ensureWorktree(repo, folder, repo.base)).toMatchObject({ made: true, setAside: null });
    expect(existsSync(path.join(folder, "src/a.txt"))).toBe(true);
  });

  test("its making killed at any moment: made anew", async () => {
    const repo = makeRepo();
    repo.commit(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`many/${i}.txt`, `${i}\n`])));
    const head = repo.git("rev-parse", "HEAD");
    for (const wait of ["admin", "first file"]) {
      const folder = place();
      mkdirSync(path.dirname(folder), { recursive: true });
      const child = spawn("git", ["worktree", "add", "--detach", folder, head], { cwd: repo.root, stdio: "ignore" });
      const gone = new Promise((resolve) => child.once("exit", resolve));
      await until(() => existsSync(wait === "admin" ? folder : path.join(folder, "many")) || child.exitCode !== null);
      child.kill("SIGKILL");
      await gone;
      const { worktree } = await until(() => ensureWorktree(repo, folder, head));
      expect(userGit(folder, "status", "--porcelain")).toBe("");
      await removeWorktree(repo, worktree);
    }
  });

  test("killed in its first instants, when every git worktree command of the repository fails: made anew", async () => {
    const repo = makeRepo();
    const folder = place();
    const { worktree } = await ensureWorktree(repo, folder, repo.base);
    for (const name of ["src", "README.md", ".gitignore"]) rmSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(worktree.gitDir, "locked"), "initializing");
    writeFileSync(path.join(worktree.gitDir, "commondir"), "");
    expect(() => repo.git("worktree", "list")).toThrow();
    expect(await ensureWorktree(repo, folder, repo.base)).toMatchObject({ made: true, setAside: null });
    expect(userGit(folder, "status", "--porcelain")).toBe("");
  });

  test("its folder deleted: made anew", async () => {
    const repo = makeRepo();
    const folder = place();
    await ensureWorktree(repo, folder, repo.base);
    rmSync(folder, { recursive: true });
    expect(await ensureWorktree(repo, folder, repo.base)).toMatchObject({ made: true, setAside: null });
  });

  test("its git entry gone or a stranger's folder in the way: moved aside, never deleted", async () => {
    const repo = makeRepo();
    const folder = place();
    writeFiles(folder, { "precious.txt": "p\n" });
    const { setAside } = await ensureWorktree(repo, folder, repo.base);
    expect(readFileSync(path.join(setAside ?? "", "precious.txt"), "utf8")).toBe("p\n");
    expect(existsSync(path.join(folder, "src/a.txt"))).toBe(true);
  });

  test("its .git replaced by a repository: that one moved aside, the link mended", async () => {
    const repo = makeRepo();
    const folder = place();
    const { worktree } = await ensureWorktree(repo, folder, repo.base);
    rmSync(path.join(folder, ".git"));
    userGit(folder, "init", "-q");
    const again = await ensureWorktree(repo, folder, repo.base);
    expect(again).toMatchObject({ made: false, worktree });
    expect(readdirSync(again.setAside ?? "")).toContain("HEAD");
    expect(userGit(folder, "rev-parse", "HEAD")).toBe(repo.base);
  });

  test("and a worktree of the user's that is not there right now is not forgotten", async () => {
    const repo = makeRepo();
    const users = path.join(tempDir(), "users");
    repo.git("worktree", "add", "-q", "--detach", users);
    renameSync(users, `${users}-unmounted`);
    const folder = place();
    await ensureWorktree(repo, folder, repo.base);
    rmSync(folder, { recursive: true });
    await ensureWorktree(repo, folder, repo.base);
    expect((await listWorktrees(repo)).map((one) => one.path)).toContain(users);
  });
});

describe("[git.seat.reset] a seat that may only look starts clean", () => {
  test("what it changed is named and kept on a backup ref; prepared files stay", async () => {
    const { repo, base, seat } = await makeKit();
    const { worktree } = await seat("reviewer-0");
    expect(await resetWorktree(worktree, SWARM, base)).toEqual([]);
    writeFiles(worktree.path, { "src/b.txt": "edited\n", "new.txt": "n\n", "node_modules/x.js": "prepared\n" });
    expect(await resetWorktree(worktree, SWARM, base)).toEqual(["new.txt", "src/b.txt"]);
    expect(userGit(worktree.path, "status", "--porcelain")).toBe("");
    expect(existsSync(path.join(worktree.path, "node_modules/x.js"))).toBe(true);
    const [backup] = await listBackups(repo, SWARM);
    expect(repo.git("show", `${backup?.ref}:new.txt`)).toBe("n");
  });

  test("its own commits are kept; going to another commit of skep's is no change", async () => {
    const { repo, base, seat } = await makeKit();
    const { worktree } = await seat("queen-0");
    await resetWorktree(worktree, SWARM, base);
    const next = repo.commit({ "x.txt": "x\n" });
    expect(await resetWorktree(worktree, SWARM, next)).toEqual([]);
    expect(await listBackups(repo, SWARM)).toEqual([]);
    userGit(worktree.path, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-q", "--allow-empty", "-m", "sly");
    const sly = userGit(worktree.path, "rev-parse", "HEAD");
    expect(await resetWorktree(worktree, SWARM, base)).toEqual([]);
    expect((await listBackups(repo, SWARM)).map((backup) => backup.sha)).toEqual([sly]);
    expect(userGit(worktree.path, "rev-parse", "HEAD")).toBe(base);
  });
});
