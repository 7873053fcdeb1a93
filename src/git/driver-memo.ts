/**
 * Which drivers are configured, remembered for as long as no file that could say otherwise has changed: a worktree is asked
 * about many times a minute, and each question is a process. An agent can write these files, so the memory is of use only when
 * nothing can have slipped by: every file is known by inode, size and the times of its last change, which no program can set
 * back, and must have been at rest for a while; with an `include` it is not known which files count, and nothing is remembered.
 */
import { statSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../base/clock.ts";
import { Recent } from "../base/recent.ts";
import type { Worktree } from "./git.ts";

/** Longer than the grain of any file system's times: a second change within the grain would not show. */
const AT_REST_MS = 3_000;

const INCLUDE = /^include(if\..*)?\.path$/s;
/** Asked for together with the drivers. */
export const INCLUDES = "^include(if\\..*)?\\.path$";

/** By git folder of the worktree. */
const known = new Recent<{ readonly files: string; readonly drivers: readonly string[] }>(256);

/** Asks only when it has to. @param look all keys that name a driver or an include. */
export async function rememberedDrivers(
  { gitDir, commonDir }: Worktree,
  env: Readonly<Record<string, string>>,
  look: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  // Looked at before git reads them: what changes meanwhile looks different the next time.
  const now = systemClock.now();
  const stats = filesOf(gitDir, commonDir, env).map(stamp);
  const files = stats.map(({ text }) => text).join("\n");
  const found = known.get(gitDir);
  if (found?.files === files) return found.drivers;
  known.delete(gitDir);
  const keys = await look();
  const drivers = keys.filter((key) => !INCLUDE.test(key));
  const isSteady = drivers.length === keys.length && stats.every(({ changedAt }) => now - changedAt > AT_REST_MS);
  if (isSteady) known.set(gitDir, { files, drivers });
  return drivers;
}

/**
 * All files git reads settings from. That of a git installed elsewhere than in the usual place is missing: who can write
 * there can replace git itself.
 */
function filesOf(gitDir: string, commonDir: string, { HOME = "", XDG_CONFIG_HOME = "" }: Readonly<Record<string, string>>): string[] {
  return [
    path.join(commonDir, "config"),
    path.join(gitDir, "config.worktree"),
    path.join(HOME, ".gitconfig"),
    path.join(XDG_CONFIG_HOME || path.join(HOME, ".config"), "git", "config"),
    "/etc/gitconfig",
  ];
}

function stamp(file: string): { readonly text: string; readonly changedAt: number } {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (!stat) return { text: `${file} none`, changedAt: 0 };
  return { text: [file, stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(" "), changedAt: Number(stat.ctimeMs) };
}
