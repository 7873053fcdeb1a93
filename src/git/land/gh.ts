/** The user's GitHub CLI: is it there, is it signed in, does a pull request exist, make one. Nothing else is asked of it. */
import { quote, SkepError } from "../../base/errors.ts";
import { cleanEnv } from "../../proc/env.ts";
import { type RunResult, run } from "../../proc/run.ts";
import type { Repo } from "../git.ts";
import { onlineEnv } from "../remote.ts";

const LIMIT_MS = 60_000;
const QUIET = { GH_PROMPT_DISABLED: "1", GH_NO_UPDATE_NOTIFIER: "1", GIT_TERMINAL_PROMPT: "0", NO_COLOR: "1" };

/** What is said to somebody who will do the rest by hand. */
export interface ByHand {
  readonly push: string;
  readonly create: string;
}

async function gh(repo: Repo, args: readonly string[], byHand: ByHand, input?: string): Promise<RunResult> {
  const env = cleanEnv(process.env, { ...onlineEnv(process.env), ...QUIET });
  const ended = await run(["gh", ...args], { cwd: repo.root, env, timeoutMs: LIMIT_MS, ...(input === undefined ? {} : { input }) });
  if (ended.outcome === "exited") return ended;
  if (ended.outcome === "not_started") {
    const why = `a pull request needs the GitHub CLI, and gh cannot be started: ${quote(ended.problem, 160)}`;
    throw new SkepError(
      "LAND_NO_GH",
      why,
      `install it (https://cli.github.com), then gh auth login; or ${byHand.push} and open it by hand`,
    );
  }
  throw new SkepError("LAND_GH_FAILED", `gh ${args[0]} ${args[1]} did not end`, "try again", { retryable: true });
}

/** Throws LAND_NO_GH, LAND_GH_SIGNED_OUT. */
export async function requireSignedIn(repo: Repo, byHand: ByHand): Promise<void> {
  const { code, output } = await gh(repo, ["auth", "status"], byHand);
  if (code === 0) return;
  const why = `gh is not signed in: ${quote(firstLine(output), 200)}`;
  throw new SkepError("LAND_GH_SIGNED_OUT", why, `gh auth login, then skep land again; or ${byHand.push} and open it by hand`);
}

/** The address of the open pull request of a branch, or null. */
export async function openPullRequest(repo: Repo, head: string, byHand: ByHand): Promise<string | null> {
  const { code, stdout, stderr } = await gh(repo, ["pr", "view", head, "--json", "url,state"], byHand);
  if (code !== 0) {
    if (/no (open )?pull requests? found/i.test(stderr)) return null;
    throw failed("whether there is a pull request could not be asked", stderr, byHand);
  }
  const { url, state } = parsed(stdout);
  if (state === null || url === null) throw failed("gh answered something unknown about the pull request", stdout, byHand);
  return state === "OPEN" ? url : null;
}

export interface PullRequest {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

export async function createPullRequest(repo: Repo, { head, base, title, body }: PullRequest, byHand: ByHand): Promise<string> {
  const args = ["pr", "create", "--head", head, "--base", base, "--title", title, "--body-file", "-"];
  const { code, stdout, stderr } = await gh(repo, args, byHand, body);
  if (code !== 0) throw failed(`${head} is pushed, but the pull request was not made`, stderr, byHand);
  const said = stdout.split("\n").findLast((line) => isAddress(line.trim()));
  const url = said?.trim() ?? (await openPullRequest(repo, head, byHand));
  if (url === null) throw failed("gh made a pull request and did not say where", stdout, byHand);
  return url;
}

function failed(what: string, said: string, { create }: ByHand): SkepError {
  return new SkepError("LAND_GH_FAILED", `${what}: ${quote(firstLine(said), 300)}`, create);
}

const firstLine = (text: string): string => text.split("\n").find((line) => line.trim() !== "") ?? "";
const isAddress = (text: string): boolean => /^https?:\/\/[\x21-\x7e]{1,500}$/.test(text);

function parsed(text: string): { readonly url: string | null; readonly state: string | null } {
  try {
    const { url, state } = JSON.parse(text) as { url?: unknown; state?: unknown };
    return { url: typeof url === "string" && isAddress(url) ? url : null, state: typeof state === "string" ? state : null };
  } catch {
    return { url: null, state: null }; // said by the caller, with what gh answered
  }
}
