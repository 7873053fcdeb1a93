/**
 * A git call that starts a program of the user's: a process group of its own with a time limit, ended as a whole. Git alone
 * would leave a signing program that waits for a passphrase behind.
 */
import { quote, SkepError } from "../base/errors.ts";
import { type RunOptions, run } from "../proc/run.ts";
import type { GitOutput } from "./git.ts";

export async function boundedCall(args: readonly string[], options: RunOptions): Promise<GitOutput> {
  const { outcome, code, stdout, stderr, problem } = await run(["git", ...args], options);
  switch (outcome) {
    case "exited":
      return { code: code ?? 1, out: stdout, err: stderr };
    case "aborted":
      options.signal?.throwIfAborted();
      throw new Error(`git ${args[0]} was ended`);
    case "timed_out": {
      const seconds = Math.ceil(options.timeoutMs / 1000);
      throw new SkepError("GIT_TIMEOUT", `git ${args[0]} had not ended after ${seconds} s and was ended`, "try again", { retryable: true });
    }
    case "killed":
      throw new SkepError("GIT_FAILED", `git ${args[0]} was killed from outside`, "the same call again", { retryable: true });
    case "not_started":
      throw new SkepError("GIT_FAILED", `git ${args[0]} could not run: ${quote(problem)}`, "run that git command by hand to see more");
    default: {
      const never: never = outcome;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}
