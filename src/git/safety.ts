/**
 * What keeps a repository's own configuration from running programs or changing answers under skep. Everything goes
 * through GIT_CONFIG_* variables: they win over every config file, and no name or value needs quoting.
 */
import { cleanEnv, type EnvSource } from "../proc/env.ts";

export type Setting = readonly [key: string, value: string];

const FIXED: readonly Setting[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["commit.gpgSign", "false"],
  ["tag.gpgSign", "false"],
  ["log.showSignature", "false"],
  ["merge.verifySignatures", "false"],
  // No work behind skep's back in a repository that is the user's.
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
  ["rerere.enabled", "false"],
  ["merge.autoStash", "false"],
  ["branch.autoSetupMerge", "false"],
  // Worktrees are found again by the absolute path git noted.
  ["worktree.useRelativePaths", "false"],
  // Answers that do not depend on taste.
  ["merge.conflictStyle", "zdiff3"],
  ["merge.renames", "true"],
  ["merge.directoryRenames", "conflict"],
  ["merge.log", "false"],
  ["diff.noprefix", "false"],
  ["diff.mnemonicPrefix", "false"],
  ["core.quotePath", "false"],
  ["core.safecrlf", "false"],
  ["i18n.commitEncoding", "UTF-8"],
  ["i18n.logOutputEncoding", "UTF-8"],
  // Several processes write refs: wait for a lock instead of failing on it.
  ["core.filesRefLockTimeout", "5000"],
  ["core.packedRefsTimeout", "5000"],
];

/** Config keys that name a program git would run on file contents. */
export const DRIVERS = "^(filter\\..*\\.(clean|smudge|process|required)|merge\\..*\\.driver)$";

/** What a merge driver becomes: git's own three-way merge. An empty or failing one would silently keep one side. */
const TEXT_MERGE = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B";

/** Settings that take the programs behind `keys` out of play. */
export function withoutDrivers(keys: readonly string[]): readonly Setting[] {
  const settings: Setting[] = [];
  for (const key of keys) {
    if (key.endsWith(".driver")) settings.push([key, TEXT_MERGE]);
    else settings.push([key, key.endsWith(".required") ? "false" : ""]);
  }
  return settings;
}

/** Settings as the variables git reads them from, counted on from `first`. */
const numbered = (settings: readonly Setting[], first: number): Record<string, string> =>
  Object.fromEntries(
    settings.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${first + index}`, key],
      [`GIT_CONFIG_VALUE_${first + index}`, value],
    ]),
  );

/** Made once: every call to git carries them, and making them would be a tenth of what a short one costs. */
const ALWAYS = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  // A mere look at the user's checkout must not rewrite its index.
  GIT_OPTIONAL_LOCKS: "0",
  ...numbered(FIXED, 0),
};

/** The whole environment of a git call. */
export function gitEnv(
  source: EnvSource,
  more: readonly Setting[] = [],
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const env = Object.assign({}, extra, ALWAYS, numbered(more, FIXED.length), { GIT_CONFIG_COUNT: String(FIXED.length + more.length) });
  return cleanEnv(source, env, ["XDG_CONFIG_HOME"]);
}

/**
 * Subcommands that never run a driver; any other call looks up which drivers are configured, and switches them off. One that
 * writes an index is none of these: git cleans files whose time is too close to the index to be trusted.
 */
export const PLUMBING: ReadonlySet<string> = new Set([
  "cat-file",
  "commit-tree",
  "config",
  "diff-tree",
  "for-each-ref",
  "ls-tree",
  "merge-base",
  "rev-list",
  "rev-parse",
  "symbolic-ref",
  "update-ref",
  "version",
]);
