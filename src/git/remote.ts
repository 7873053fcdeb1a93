/** Remotes of the user's: which one a branch belongs to, and the one push skep makes, when a person asks for it. */
import { quote, SkepError } from "../base/errors.ts";
import { NETWORK_VARIABLES } from "../proc/env.ts";
import { git, type Repo } from "./git.ts";
import { picked } from "./signing.ts";

export interface RemoteBranch {
  readonly remote: string;
  /** The name of the user's branch there. */
  readonly branch: string;
}

/** @param wanted a remote by name; null: the one the branch tracks, else `origin`. */
export async function remoteOf(repo: Repo, branch: string, wanted: string | null): Promise<RemoteBranch> {
  const known = (await git(repo.root, ["remote"])).out.split("\n").filter((name) => name !== "");
  const [tracked, merge] = await Promise.all([value(repo, `branch.${branch}.remote`), value(repo, `branch.${branch}.merge`)]);
  const remote = wanted ?? (known.includes(tracked) ? tracked : "origin");
  // A name that git would read as an option, e.g. --receive-pack=<program>, is never given to it.
  if (!known.includes(remote) || remote.startsWith("-")) {
    throw new SkepError("LAND_NO_REMOTE", `this repository has no remote ${quote(remote)} to push to`, "git remote add origin <url>");
  }
  const there = remote === tracked && merge.startsWith("refs/heads/") ? merge.slice("refs/heads/".length) : branch;
  return { remote, branch: there };
}

const value = async (repo: Repo, key: string): Promise<string> =>
  (await git(repo.root, ["config", "--get", key], { ok: [0, 1] })).out.replace(/\n$/, "");

/** What the user's credential helper, ssh agent and proxy need; a token only where they keep it in the environment. */
const ONLINE = [
  "SSH_AUTH_SOCK",
  "SSH_AGENT_PID",
  "DBUS_SESSION_BUS_ADDRESS",
  "XDG_RUNTIME_DIR",
  "XDG_DATA_HOME",
  "XDG_STATE_HOME",
  "XDG_CONFIG_HOME",
  "GH_CONFIG_DIR",
  "GH_HOST",
  "GH_TOKEN",
  "GITHUB_TOKEN",
  "GH_ENTERPRISE_TOKEN",
  "GITHUB_ENTERPRISE_TOKEN",
  ...NETWORK_VARIABLES,
];

export const onlineEnv = (source: Readonly<Record<string, string | undefined>>): Record<string, string> => picked(source, ONLINE);

/** Pushes exactly `sha`, never by force. Safe to repeat. */
export async function push(repo: Repo, remote: string, sha: string, branch: string): Promise<void> {
  const args = ["push", "--quiet", "--no-follow-tags", "--recurse-submodules=no", remote, `${sha}:refs/heads/${branch}`];
  const { code, err } = await git(repo.root, args, { env: onlineEnv(process.env), ok: [0, 1, 128] });
  if (code === 0) return;
  const why = `${quote(remote)} did not take ${branch}: ${quote(lastWords(err), 300)}`;
  throw new SkepError("LAND_PUSH_FAILED", why, `git push ${remote} ${sha.slice(0, 12)}:refs/heads/${branch}, to see more`, {
    retryable: true,
  });
}

/** What the far side says stands above git's own closing words. */
function lastWords(err: string): string {
  const lines = err.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("hint:"));
  return lines.find((line) => /^(fatal|remote|ssh)\b|rejected/i.test(line.trim()))?.trim() ?? lines.at(-1)?.trim() ?? "";
}
