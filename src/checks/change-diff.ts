/** What a submission changed, asked of git once however many checks want to know: each question is a process or two. */
import { type AddedLine, addedLines } from "../git/added-lines.ts";
import { type ChangedFile, changedFiles } from "../git/changes.ts";
import { type ChangedEntry, changedEntries } from "../git/entries.ts";

export interface ChangeDiff {
  /** Lines that are new. */
  added(): Promise<readonly AddedLine[]>;
  /** Kinds, modes and sizes. */
  entries(): Promise<readonly ChangedEntry[]>;
  /** How many lines, by file. */
  files(): Promise<readonly ChangedFile[]>;
}

export const diffOf = (worktree: string, base: string, sha: string): ChangeDiff => ({
  added: once(() => addedLines(worktree, base, sha)),
  entries: once(() => changedEntries(worktree, base, sha)),
  files: once(() => changedFiles(worktree, base, sha)),
});

/** A failure is not kept: the next check asks again, as if it were alone. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    if (answer) return answer;
    const asked = ask();
    answer = asked;
    asked.catch(() => {
      answer = null;
    });
    return asked;
  };
}
