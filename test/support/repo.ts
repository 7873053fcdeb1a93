/** Real repositories for tests: one template per test file, copied for each test, which is faster than making them. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sha256 } from "../../src/base/ids.ts";
import type { Repo } from "../../src/git/git.ts";
import { tempDir } from "./temp.ts";

const ENV = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  LC_ALL: "C",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

/** git as a user would run it, hooks and all. */
export function userGit(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd, env: ENV, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 }).replace(
    /\n$/,
    "",
  );
}

export interface TestRepo extends Repo {
  /** The commit of the template. */
  readonly base: string;
  git(...args: string[]): string;
  write(files: Readonly<Record<string, string>>, under?: string): void;
  /** Writes, adds and commits in the main worktree; answers the commit. */
  commit(files: Readonly<Record<string, string>>, message?: string): string;
}

const LINES = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);
export const TEMPLATE = {
  "README.md": "# A project\n",
  "src/a.txt": `${LINES.join("\n")}\n`,
  "src/b.txt": "b\n",
  ".gitignore": "node_modules/\n*.log\n",
};

let template: string | null = null;

/** A repository on branch `main` with one commit. */
export function makeRepo(): TestRepo {
  if (template === null || !existsSync(template)) template = makeTemplate(); // files that share a process share this too, and each removes what it made
  const root = path.join(tempDir("repo"), "project");
  cpSync(template, root, { recursive: true });
  return repoAt(root);
}

export function repoAt(root: string): TestRepo {
  const git = (...args: string[]): string => userGit(root, ...args);
  const repo: TestRepo = {
    root,
    commonDir: path.join(root, ".git"),
    base: git("rev-parse", "HEAD"),
    git,
    write: (files, under = root) => writeFiles(under, files),
    commit(files, message = "change") {
      writeFiles(root, files);
      git("add", "-A");
      git("commit", "-q", "-m", message);
      return git("rev-parse", "HEAD");
    },
  };
  return repo;
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

function makeTemplate(): string {
  const root = tempDir("template");
  userGit(root, "init", "-q", "-b", "main");
  userGit(root, "config", "user.name", "Ursula User");
  userGit(root, "config", "user.email", "ursula@example.test");
  writeFiles(root, TEMPLATE);
  userGit(root, "add", "-A");
  userGit(root, "commit", "-q", "-m", "start");
  return root;
}

/** Everything about the user's checkout that skep must not change: files with their times, index, HEAD, branches, stash. */
export function checkoutState(repo: TestRepo): Record<string, string> {
  const state: Record<string, string> = {};
  const look = (dir: string): void => {
    for (const name of readdirSync(dir)) {
      const file = path.join(dir, name);
      if (file === repo.commonDir) continue;
      const stat = lstatSync(file);
      if (stat.isDirectory()) look(file);
      else {
        const content = stat.isSymbolicLink() ? readlinkSync(file) : sha256(readFileSync(file));
        state[path.relative(repo.root, file)] = `${content} ${stat.mode} ${stat.mtimeMs} ${stat.ino}`;
      }
    }
  };
  look(repo.root);
  for (const name of [
    "index",
    "HEAD",
    "ORIG_HEAD",
    "FETCH_HEAD",
    "MERGE_HEAD",
    "refs/stash",
    "logs/HEAD",
    "logs/refs/stash",
    "config",
    "info/exclude",
  ]) {
    const file = path.join(repo.commonDir, name);
    state[`.git/${name}`] = existsSync(file) ? sha256(readFileSync(file)) : "none";
  }
  state[".git/refs"] = repo.git(
    "for-each-ref",
    "--format=%(objectname) %(refname)",
    "refs/heads/main",
    "refs/tags",
    "refs/remotes",
    "refs/stash",
  );
  return state;
}
