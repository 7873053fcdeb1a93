/** Commits of skep's that stay: shown to the user's hooks and signed, as config says. Scratch commits are neither. */
import { SkepError } from "../base/errors.ts";
import type { CommitRules } from "../domain/commit-rules.ts";
import type { Repo } from "./git.ts";
import { hookedMessage, type MessageHook, messageHookOf } from "./hooks.ts";
import { type CommitText, commitTree } from "./save.ts";
import { type Signing, signingOf, unsigned } from "./signing.ts";

/** How they are made here and now; null: not at all. */
export interface Manner {
  /** Ends the programs of the user's that still run. */
  readonly signal?: AbortSignal;
  readonly signing: Signing | null;
  readonly hook: MessageHook | null;
}
export const PLAIN: Manner = { signing: null, hook: null };

export async function mannerOf(repo: Repo, { sign, hooks }: CommitRules, signal?: AbortSignal): Promise<Manner> {
  const [signing, hook] = await Promise.all([signingOf(repo.root, sign), messageHookOf(repo, hooks)]);
  return signing === null && hook === null ? PLAIN : { signing, hook, ...(signal ? { signal } : {}) };
}

/** Throws COMMIT_UNSIGNED or HOOK_REFUSED; no commit is made then. */
export async function ownCommit(
  repo: Repo,
  tree: string,
  parents: readonly string[],
  text: Omit<CommitText, "signing">,
  { signing, hook, signal }: Manner,
): Promise<string> {
  const message = hook === null ? text.message : await hookedMessage(repo, hook, text.message, trailersOf(text.message), signal);
  try {
    return await commitTree(repo.commonDir, tree, parents, { ...text, message, signing: signing && { ...signing, signal } });
  } catch (error) {
    signal?.throwIfAborted();
    if (signing === null || (error instanceof SkepError && error.code === "GIT_LOCKED")) throw error;
    throw unsigned(error);
  }
}

/** Whether a commit's message is the one skep would write, or what a hook may have made of it. */
export function isOwnMessage(text: string, message: string, { hook }: Manner): boolean {
  if (text.trim() === message) return true;
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trimEnd()));
  return hook !== null && trailersOf(message).every((line) => lines.has(line));
}

const trailersOf = (message: string): readonly string[] => message.split("\n").filter((line) => /^Skep-[A-Za-z]+: /.test(line));
