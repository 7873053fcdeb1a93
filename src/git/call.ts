/** One call of git, started by this process: silence and length of the answer are bounded, and no exit code is a failure. */
import { type SimpleGitOptions, simpleGit } from "simple-git";
import { describeError, quote, SkepError } from "../base/errors.ts";

export interface GitCall {
  readonly cwd: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Longest silence of git. */
  readonly quietMs?: number;
}
export interface GitOutput {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const QUIET_MS = 120_000;
const MAX_OUTPUT = 64 * 1024 * 1024;
/** Closes stdin: simple-git leaves it open for an empty text or none, and a call that reads it would wait for ever. */
const NOTHING = Buffer.alloc(0);

export async function callHere({ cwd, args, env, input, quietMs = QUIET_MS }: GitCall, signal?: AbortSignal): Promise<GitOutput> {
  const tooMuch = new AbortController();
  let code: number | null = null;
  let err = "";
  const settings: Partial<SimpleGitOptions> = {
    abort: signal ? AbortSignal.any([signal, tooMuch.signal]) : tooMuch.signal,
    timeout: { block: quietMs },
    // Only "close" tells that all output has arrived; the default counts 50 ms from "exit".
    completion: { onClose: true, onExit: false },
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith("GIT_")),
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeFilter: true,
      allowUnsafeMergeDriver: true,
    },
    errors(_error, result) {
      code = result.exitCode;
      err = Buffer.concat(result.stdErr).toString("utf8");
      return undefined; // what an exit code means is for the caller to say
    },
    input: () => input || NOTHING,
  };
  let out: string;
  try {
    const tool = simpleGit(cwd, settings)
      .env(env)
      .outputHandler((_command, stdout) => watchOutput(stdout, tooMuch));
    out = await tool.raw([...args]);
  } catch (error) {
    throw new SkepError(
      "GIT_FAILED",
      `git ${args[0]} could not run: ${quote(describeError(error))}`,
      "run that git command by hand to see more, then the same call again",
      { cause: error },
    );
  }
  if (tooMuch.signal.aborted) {
    throw new SkepError("GIT_OUTPUT_TOO_LARGE", `git ${args[0]} answered more than ${MAX_OUTPUT >> 20} MiB`, "ask for fewer files");
  }
  signal?.throwIfAborted();
  if (/^Error: spawn \S+ ENOENT/.test(err)) {
    throw new SkepError("NO_GIT", "git is not installed or not on PATH", "install git 2.38 or newer, then try again");
  }
  if (code === null) {
    throw new SkepError("GIT_TIMEOUT", `git ${args[0]} said nothing for too long and was ended`, "try again", { retryable: true });
  }
  return { code, out, err };
}

/**
 * Bounds the answer. The empty chunk tells simple-git that output has begun: for a call that prints nothing it would
 * otherwise wait another 50 ms after the end, and most calls that write print nothing.
 */
function watchOutput(stdout: NodeJS.ReadableStream, tooMuch: AbortController): void {
  let size = 0;
  stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_OUTPUT) tooMuch.abort();
  });
  queueMicrotask(() => stdout.emit("data", Buffer.alloc(0)));
}
