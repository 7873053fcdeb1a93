import type { ChangeDiff } from "./change-diff.ts";

/** One submitted commit, in a clean worktree at that commit. */
export interface Submission {
  readonly task: string;
  /** Absolute path of the check worktree, checked out at `sha`. */
  readonly worktree: string;
  readonly base: string;
  readonly sha: string;
  /** Tip of the integration branch as skep recorded it. */
  readonly tip: string;
  /** Paths changed between `base` and `sha`, repository-relative, forward slashes, unquoted. */
  readonly paths: readonly string[];
  /** The task's owned files: globs; `docs/` means everything below. */
  readonly files: readonly string[];
  /** Allow-listed environment for programs a check starts. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /**
   * Brings the worktree to a commit, clean and prepared as for the submission. Whoever goes elsewhere goes back to `sha`,
   * whatever happens meanwhile.
   */
  place(sha: string): Promise<void>;
}

/** What a check is given. */
export interface Change extends Submission {
  /** The same for all checks of one run. */
  readonly diff: ChangeDiff;
}

export interface Finding {
  readonly check: string;
  readonly file: string | null;
  readonly line: number | null;
  /** What is wrong. Foreign text in it is quoted and cut. */
  readonly message: string;
  /** What the author does about it, one sentence. */
  readonly fix: string;
  readonly blocks: boolean;
}

/** A number a check took; the next attempt and the log are told. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  /** What it had to be: `at most 10`, `more than 12.5 of the base`. */
  readonly wanted: string;
}

/** One check's answer. A check that cannot run answers with a blocking finding, never with a pass. */
export interface CheckResult {
  readonly check: string;
  readonly findings: readonly Finding[];
  /** Hash of what the check looked at: same hash, same answer. */
  readonly input: string;
  readonly ms: number;
  /** Captured output, at most 16 KiB, tail kept; empty where a check prints nothing. */
  readonly output: string;
  readonly measured?: readonly Measured[];
}

/**
 * One mechanical gate: a value per file, listed in `checks/index.ts`. `Options` is what config or a role gives it,
 * already validated by `options` (a zod schema; errors name file and line at load time).
 */
export interface Check<Options = unknown> {
  readonly id: string;
  readonly summary: string;
  readonly options: { parse(value: unknown): Options };
  /** It starts programs of the submission; such checks run after all others. */
  readonly runsPrograms?: boolean;
  /** Longest run with these options; two minutes when absent. */
  limitMs?(options: Options): number;
  run(change: Change, options: Options): Promise<CheckResult>;
}
