/** What skep remembers about a worktree, and what ended git processes may have left in it. Kept in its git directory. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Worktree } from "./git.ts";

const record = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("attempt"),
    task: z.string(),
    attempt: z.number(),
    base: z.string(),
    start: z.string(),
    conflict: z.array(z.string()),
  }),
  /** Detached at a commit for a session that may not change anything. */
  z.object({ kind: z.literal("detached"), sha: z.string() }),
]);
export type WorktreeRecord = z.infer<typeof record>;

const fileOf = (worktree: Worktree): string => path.join(worktree.gitDir, "skep.json");

export function readRecord(worktree: Worktree): WorktreeRecord | null {
  try {
    return record.safeParse(JSON.parse(readFileSync(fileOf(worktree), "utf8"))).data ?? null;
  } catch {
    return null; // a new worktree, or a crash before the first record: both mean "nothing opened yet"
  }
}

export function writeRecord(worktree: Worktree, value: WorktreeRecord): void {
  const next = `${fileOf(worktree)}.next`;
  writeFileSync(next, JSON.stringify(value));
  renameSync(next, fileOf(worktree));
}

/** Commits that a merge in progress will get as further parents. */
export function mergeHeads(worktree: Worktree): readonly string[] {
  try {
    const text = readFileSync(path.join(worktree.gitDir, "MERGE_HEAD"), "utf8");
    return text.split("\n").filter((line) => /^[0-9a-f]{40,64}$/.test(line));
  } catch {
    return []; // no merge in progress
  }
}

/** Whether HEAD is this ref, as its file says; where it says something else, git may still know better. */
export function isHead(worktree: Worktree, ref: string): boolean {
  try {
    return readFileSync(path.join(worktree.gitDir, "HEAD"), "utf8") === `ref: ${ref}\n`;
  } catch {
    return false; // gone, or no file: git will say
  }
}

const IN_PROGRESS = [
  "MERGE_HEAD",
  "MERGE_MSG",
  "MERGE_MODE",
  "AUTO_MERGE",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "REBASE_HEAD",
  "BISECT_LOG",
  "BISECT_START",
  "rebase-merge",
  "rebase-apply",
  "sequencer",
];

/** Ends a merge, rebase or the like without touching a file of the worktree. */
export function endOperations(worktree: Worktree): void {
  for (const name of IN_PROGRESS) rmSync(path.join(worktree.gitDir, name), { recursive: true, force: true });
}

/** Locks of a git that was killed with its session. Only when no session works in the worktree. */
export function clearLocks(worktree: Worktree): void {
  for (const name of ["index.lock", "HEAD.lock"]) rmSync(path.join(worktree.gitDir, name), { force: true });
}
