/** A submission to check: commits on top of the template repository, checked out in it. */
import type { CheckResult, Submission } from "../../src/checks/check.ts";
import { CHECKS } from "../../src/checks/index.ts";
import { type CheckOrder, runChecks } from "../../src/checks/run-checks.ts";
import { changedPaths } from "../../src/git/changes.ts";
import { cleanEnv } from "../../src/proc/env.ts";
import { makeRepo, type TestRepo } from "../support/repo.ts";

/** One commit per set of files; the last is what was submitted. */
export async function submit(...commits: readonly Readonly<Record<string, string>>[]): Promise<{ repo: TestRepo; change: Submission }> {
  const repo = makeRepo();
  for (const files of commits.filter((one) => Object.keys(one).length > 0)) repo.commit(files);
  const sha = repo.git("rev-parse", "HEAD");
  const change: Submission = {
    task: "t1",
    worktree: repo.root,
    base: repo.base,
    sha,
    paths: await changedPaths(repo.commonDir, repo.base, sha),
    files: ["**"],
    env: cleanEnv(process.env),
    signal: new AbortController().signal,
    tip: repo.base,
    async place(commit) {
      repo.git("checkout", "--quiet", "--force", "--detach", commit);
      repo.git("clean", "-ffdq");
    },
  };
  return { repo, change };
}

export async function check(change: Submission, name: string, options: unknown = {}): Promise<CheckResult> {
  const [result] = await runChecks(change, [{ check: name, options }] satisfies CheckOrder[], CHECKS);
  if (!result) throw new Error(`${name} gave no result`);
  return result;
}

export const places = ({ findings }: CheckResult): string[] => findings.map(({ file, line }) => `${file}:${line}`);
