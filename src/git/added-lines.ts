/** Lines a change brings in, for checks that look at what is new and not at what was there. */
import { git } from "./git.ts";
import { mergeTrees } from "./merge-trees.ts";
import { readPatch } from "./patch.ts";

export interface AddedLine {
  readonly path: string;
  /** Line number in `commit`. */
  readonly line: number;
  readonly text: string;
  readonly commit: string;
}

/** What `sha` has and `base` has not. */
export async function addedLines(place: string, base: string, sha: string, commit = sha): Promise<readonly AddedLine[]> {
  const added: AddedLine[] = [];
  for (const file of await readPatch(place, base, sha, { context: 0, renames: false })) {
    for (const hunk of file.hunks) {
      let line = hunk.newStart;
      for (const text of hunk.lines) {
        if (!text.startsWith("+")) continue;
        added.push({ path: file.path, line, text: text.slice(1), commit });
        line += 1;
      }
    }
  }
  return added;
}

/**
 * What any commit of `base..sha` brought in, also what a later one took out again: it stays in the history that is kept.
 * First the whole change, then each commit, so the same line can come more than once. Of a merge only what its author wrote
 * counts, not what came from the other side.
 *
 * @param whole what `addedLines` says of the whole change.
 */
export async function addedLinesInRange(
  place: string,
  base: string,
  sha: string,
  whole: readonly AddedLine[],
): Promise<readonly AddedLine[]> {
  const lists = [whole];
  const { out } = await git(place, ["rev-list", "--parents", `${base}..${sha}`]);
  for (const row of out.split("\n").filter((text) => text !== "")) {
    const [commit = "", first = emptyTree(sha), second] = row.split(" ");
    const before = second === undefined ? first : (await mergeTrees(place, first, second)).tree;
    if (before !== base || commit !== sha) lists.push(await addedLines(place, before, commit, commit));
  }
  return lists.flat();
}

/** The tree without entries, which every repository knows; its name depends on the hash the repository uses. */
const emptyTree = (sha: string): string =>
  sha.length > 40 ? "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321" : "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The lines git puts around the sides of a conflict. A row of `=` alone is no sign: it underlines headings. */
export const CONFLICT_MARKER = /^(<{7}|\|{7}|>{7})( |$)/;

export async function filesWithMarkers(place: string, base: string, sha: string): Promise<readonly string[]> {
  const lines = await addedLines(place, base, sha);
  return [...new Set(lines.filter((line) => CONFLICT_MARKER.test(line.text)).map((line) => line.path))];
}
