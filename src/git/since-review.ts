/** What an author changed between two submissions of a task, without what was merged by others meanwhile. */
import { mergeTrees } from "./merge-trees.ts";
import { readPatch } from "./patch.ts";

export interface Submitted {
  readonly sha: string;
  /** Commit its attempt was opened on. */
  readonly base: string;
}
export interface ChangeSince {
  readonly path: string;
  /** Line and number of lines in the earlier one. */
  readonly oldLine: number;
  readonly removed: number;
  /** In the later one. */
  readonly line: number;
  readonly added: number;
}

/** A file in which git sees no lines is one change, at its first line. */
export async function changesSince(commonDir: string, before: Submitted, now: Submitted): Promise<readonly ChangeSince[]> {
  // With the later base brought in, both stand on the same merged work. Where that conflicts, its markers count as changed.
  const from = before.base === now.base ? before.sha : (await mergeTrees(commonDir, before.sha, now.base)).tree;
  const files = await readPatch(commonDir, from, now.sha, { context: 0, renames: false });
  return files.flatMap(({ path, hunks }) =>
    hunks.length === 0
      ? [{ path, oldLine: 1, removed: 0, line: 1, added: 0 }]
      : hunks.map(({ oldStart, newStart, lines }) => ({
          path,
          oldLine: oldStart,
          removed: lines.filter((line) => line.startsWith("-")).length,
          line: newStart,
          added: lines.filter((line) => line.startsWith("+")).length,
        })),
  );
}
