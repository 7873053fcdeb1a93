/** Which repository skep works on, and whether it can. */
import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import { quote, SkepError } from "../base/errors.ts";
import type { EnvSource } from "../proc/env.ts";
import { git, gitLine, type Repo, splitZ, type Worktree } from "./git.ts";
import { commitOf } from "./refs.ts";

export interface Project extends Repo {
  /** Commit the main worktree has checked out. */
  readonly head: string;
  /** Branch of the main worktree; null when detached. */
  readonly branch: string | null;
  readonly shallow: boolean;
}

export interface ProjectHints {
  /** `--project`. */
  readonly explicit?: string | undefined;
  readonly env: EnvSource;
  readonly cwd: string;
}

/** Needed: `merge-tree --write-tree`. */
const OLDEST_GIT = [2, 38] as const;

/**
 * The repository around the first of: `explicit`, SKEP_PROJECT, CLAUDE_PROJECT_DIR, the working folder. From a subfolder or a
 * linked worktree it is the main worktree: a monorepo is one project.
 */
export async function findProject(hints: ProjectHints): Promise<Project> {
  const given = hints.explicit || hints.env.SKEP_PROJECT || hints.env.CLAUDE_PROJECT_DIR || hints.cwd;
  const start = path.resolve(hints.cwd, given);
  if (!statSync(start, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SkepError("NO_PROJECT", `${quote(start)} is not a folder`, "start skep inside a git repository, or give one with --project");
  }
  await requireGit(start);
  const repo = await findRepo(start);
  const head = await commitOf(repo.root, "HEAD");
  if (!head) {
    throw new SkepError("NO_COMMIT", `${quote(repo.root)} has no commit to start from`, 'git commit --allow-empty -m "Start"');
  }
  const branch = await git(repo.root, ["symbolic-ref", "--quiet", "HEAD"], { ok: [0, 1] });
  const shallow = await gitLine(repo.root, ["rev-parse", "--is-shallow-repository"]);
  return { ...repo, head, branch: branch.code === 0 ? branch.out.trim().replace(/^refs\/heads\//, "") : null, shallow: shallow === "true" };
}

async function requireGit(cwd: string): Promise<void> {
  const { said, old } = await gitVersion(cwd);
  if (old) throw new SkepError("GIT_TOO_OLD", `git is ${quote(said)}; skep needs 2.38 or newer`, "install a newer git, then try again");
}

/** What git calls itself, and whether that is too old. */
export async function gitVersion(cwd: string): Promise<{ readonly said: string; readonly old: boolean }> {
  const said = await gitLine(cwd, ["version"]);
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(said) ?? [];
  return { said, old: isOld(Number(major), Number(minor)) };
}

export const isOld = (major: number, minor: number): boolean => major < OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor < OLDEST_GIT[1]);

const REV_PARSE = ["rev-parse", "--path-format=absolute"] as const;
const ASKED = ["--git-common-dir", "--git-dir", "--is-bare-repository"] as const;

async function oneByOne(start: string): Promise<readonly string[]> {
  const answers = [];
  for (const question of ASKED) answers.push((await git(start, [...REV_PARSE, question])).out.replace(/\n$/, ""));
  return answers;
}

async function findRepo(start: string): Promise<Repo> {
  const { code, out, err } = await git(start, [...REV_PARSE, ...ASKED], { ok: [0, 128] });
  if (code !== 0) throw noRepository(start, err);
  const lines = out.trimEnd().split("\n");
  // More lines than answers: a name holds a line break, and there is no -z here.
  const [common = "", own = "", bare] = lines.length === ASKED.length ? lines : await oneByOne(start);
  const commonDir = realpathSync(common);
  // In a linked worktree, or inside the git folder itself, the list of worktrees knows the main one; in the main worktree
  // (a submodule's too, where that list would name its git folder) git says it directly.
  const top = commonDir === realpathSync(own) ? await git(start, ["rev-parse", "--show-toplevel"], { ok: [0, 128] }) : null;
  if (top?.code === 0) return { root: realpathSync(top.out.replace(/\n$/, "")), commonDir };
  const [main = ""] = splitZ((await git(start, ["worktree", "list", "--porcelain", "-z"])).out.split("\0\0")[0] ?? "");
  const root = main.replace(/^worktree /, "");
  const isBare = bare === "true" || (await gitLine(commonDir, ["rev-parse", "--is-bare-repository"])) === "true";
  if (isBare || !statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SkepError(
      "BARE_REPOSITORY",
      `${quote(commonDir)} has no checkout of its own`,
      `git clone ${quote(commonDir)} and start skep in the clone`,
    );
  }
  return { root: realpathSync(root), commonDir };
}

function noRepository(start: string, err: string): SkepError {
  if (/dubious ownership/.test(err)) {
    const next = `git config --global --add safe.directory ${quote(start)}`;
    return new SkepError("NOT_YOUR_REPOSITORY", `git refuses ${quote(start)}: it belongs to another user`, next);
  }
  return new SkepError(
    "NO_PROJECT",
    `${quote(start)} is in no git repository`,
    "git init, or start skep in a repository (--project, SKEP_PROJECT)",
  );
}

/**
 * Names of the files of a checkout that differ from its commit; a wholly new folder counts as one name, ending in a slash,
 * unless `each` asks for its files.
 */
export async function dirtyFiles(place: string | Worktree, each = false): Promise<readonly string[]> {
  const args = [
    "status",
    "--porcelain=v1",
    "-z",
    "--no-renames",
    `--untracked-files=${each ? "all" : "normal"}`,
    "--ignore-submodules=none",
  ];
  return splitZ((await git(place, args)).out).map((entry) => entry.slice(3));
}
