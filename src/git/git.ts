/**
 * The one door to git. Every call of skep's goes through `git()`: no hooks, no monitors, no filters or drivers of the
 * repository's choosing, no prompts, an environment built from an allow-list, a time limit, a bounded answer.
 */
import { lstatSync } from "node:fs";
import { quote, SkepError } from "../base/errors.ts";
import { boundedCall } from "./bounded.ts";
import type { GitOutput } from "./call.ts";
import { INCLUDES, rememberedDrivers } from "./driver-memo.ts";
import { DRIVERS, gitEnv, PLUMBING, type Setting, withoutDrivers } from "./safety.ts";
import { callGit } from "./starter.ts";

export type { GitOutput };

/** A repository: its main worktree and the folder all its worktrees share. */
export interface Repo {
  readonly root: string;
  /** Absolute path of the common git directory. */
  readonly commonDir: string;
}

/**
 * A worktree skep made. Its git directory is named in every call, because the `.git` file inside is within reach of the
 * agent that works there and might point elsewhere.
 */
export interface Worktree {
  readonly path: string;
  readonly gitDir: string;
  readonly commonDir: string;
}

export interface GitOptions {
  /** Further variables, e.g. who the author is. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings that keep drivers out of this call, where the caller knows which there are; otherwise they are looked up. */
  readonly drivers?: readonly Setting[];
  /** Further settings of this call; they win over every file. */
  readonly settings?: readonly Setting[];
  readonly input?: string;
  /** Exit codes that are answers; any other throws. Default: 0. */
  readonly ok?: readonly number[];
  /** Longest silence of git. */
  readonly quietMs?: number;
  /** Longest time altogether, for a call that starts a program of the user's: git and all it started are ended then. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** @param place a folder to run in, or a worktree of skep's. */
export async function git(place: string | Worktree, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  if (typeof place !== "string") refuseLink(place);
  const cwd = typeof place === "string" ? place : place.path;
  const env = typeof place === "string" ? options.env : { ...options.env, ...fixed(place) };
  const known = options.drivers ?? (PLUMBING.has(args[0] ?? "") ? [] : null);
  const drivers = known ?? withoutDrivers(await driversAt(place, env, options.signal));
  const whole = gitEnv(process.env, [...drivers, ...(options.settings ?? [])], env);
  const { limitMs: timeoutMs, quietMs, signal, input } = options;
  const given = input === undefined ? {} : { input };
  const output = await (timeoutMs === undefined
    ? callGit({ cwd, args, env: whole, ...given, ...(quietMs === undefined ? {} : { quietMs }) }, signal)
    : boundedCall(args, { cwd, env: whole, timeoutMs, ...given, ...(signal ? { signal } : {}) }));
  if ((options.ok ?? [0]).includes(output.code)) return output;
  throw failure(args, output);
}

/**
 * Named for git, because files that say the same are within an agent's reach: `.git` in the worktree, and `commondir` in its
 * git directory, where a commit of an agent's needs to write.
 */
const fixed = ({ gitDir, commonDir, path: tree }: Worktree): Readonly<Record<string, string>> => ({
  GIT_DIR: gitDir,
  GIT_COMMON_DIR: commonDir,
  GIT_WORK_TREE: tree,
});

/** A link where a worktree was would lead git into another folder: the user's checkout, say. */
function refuseLink({ path: tree }: Worktree): void {
  if (lstatSync(tree, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  const what = `the worktree ${quote(tree, 300)} was replaced by a link, which is not followed`;
  throw new SkepError("WORKTREE_LINK", what, "try again: the link is put aside and the worktree made anew", { retryable: true });
}

/** The answer of a call as one trimmed line. */
export async function gitLine(place: string | Worktree, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await git(place, args, options)).out.trim();
}

/** The pieces of a NUL-separated answer: the only form in which file names survive whole. */
export function splitZ(text: string): string[] {
  const pieces = text.split("\0");
  if (pieces.at(-1) === "") pieces.pop();
  return pieces;
}

/** Only where the git folder is named is it known which files git reads. */
async function driversAt(place: string | Worktree, env: GitOptions["env"], signal: AbortSignal | undefined): Promise<readonly string[]> {
  const whole = gitEnv(process.env, [], env);
  if (typeof place === "string") return configured(place, DRIVERS, whole, signal);
  return rememberedDrivers(place, whole, () => configured(place.path, `${DRIVERS}|${INCLUDES}`, whole, signal));
}

async function configured(cwd: string, keys: string, env: Record<string, string>, signal: AbortSignal | undefined): Promise<string[]> {
  const args = ["config", "--null", "--name-only", "--get-regexp", keys];
  const output = await callGit({ cwd, args, env }, signal);
  // 1: nothing of the kind is configured.
  if (output.code === 0) return [...new Set(splitZ(output.out))];
  if (output.code === 1) return [];
  throw failure(args, output);
}

function failure(args: readonly string[], { code, err, out }: GitOutput): SkepError {
  const lines = (err || out).split("\n").filter((line) => line.trim() !== "");
  const said = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "";
  const message = `git ${args[0]} failed with exit code ${code}: ${quote(said.trim(), 300)}`;
  const locked = /\.lock['"]?: File exists|cannot lock ref|unable to lock|failed to read worktrees\//i.test(err);
  if (locked) return new SkepError("GIT_LOCKED", message, "end other git commands in this repository and try again", { retryable: true });
  return new SkepError("GIT_FAILED", message, "run that git command by hand to see more, then the same call again", {
    cause: new Error(err.slice(0, 4_000)),
  });
}
