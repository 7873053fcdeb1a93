/** How many files this user's programs watch, and how many the kernel lets them: both are limits of a user, not of a program. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";

export interface Inotify {
  readonly instances: number;
  readonly maxInstances: number;
  readonly watches: number;
  readonly maxWatches: number;
}

/** null: a system that counts otherwise. Programs of other users cannot be looked into, and do not count. */
export function readInotify(proc = "/proc"): Inotify | null {
  const limits = path.join(proc, "sys/fs/inotify");
  const maxInstances = numberIn(path.join(limits, "max_user_instances"));
  const maxWatches = numberIn(path.join(limits, "max_user_watches"));
  if (maxInstances === null || maxWatches === null) return null;
  let [instances, watches] = [0, 0];
  for (const pid of namesIn(proc).filter((name) => /^\d+$/.test(name))) {
    for (const fd of namesIn(path.join(proc, pid, "fd"))) {
      if (linkAt(path.join(proc, pid, "fd", fd)) !== "anon_inode:inotify") continue;
      instances += 1;
      watches += textIn(path.join(proc, pid, "fdinfo", fd)).match(/^inotify wd:/gm)?.length ?? 0;
    }
  }
  return { instances, maxInstances, watches, maxWatches };
}

function numberIn(file: string): number | null {
  const text = textIn(file).trim();
  return /^\d+$/.test(text) ? Number(text) : null;
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // ended meanwhile, or no such thing here
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // ended meanwhile, or another user's
  }
}

function linkAt(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return ""; // closed meanwhile
  }
}
