/**
 * What a resolved conflict lost: lines that either side had added since they parted and that the result does not have. A list
 * to look at: some of it may be gone for a good reason.
 */
import { type AddedLine, addedLines } from "./added-lines.ts";
import { git } from "./git.ts";
import { textAt } from "./tree.ts";

export interface Resolution {
  /** The work that conflicted. */
  readonly task: string;
  /** The merged work it met. */
  readonly merged: string;
  readonly result: string;
}
interface Lost {
  readonly path: string;
  readonly side: "task" | "merged";
  readonly text: string;
}

const MOST_LINES = 40;
const MOST_FILES = 200;
const LONGEST = 160;
const MOST_BYTES = 1 << 20;

/** At most forty lines, the task's first, and how many there are. */
export async function lostLines(place: string, { task, merged, result }: Resolution): Promise<{ lines: readonly Lost[]; total: number }> {
  const { out } = await git(place, ["merge-base", task, merged]);
  const base = out.trim();
  // A line may have moved to another file.
  const elsewhere = counts((await addedLines(place, base, result)).map(({ text }) => text));
  const lost: Lost[] = [];
  for (const [side, sha] of [
    ["task", task],
    ["merged", merged],
  ] as const) {
    const files = byPath(await addedLines(place, base, sha));
    for (const [path, lines] of [...files].slice(0, MOST_FILES)) {
      const here = counts(((await textAt(place, result, path, MOST_BYTES)) ?? "").split("\n"));
      lost.push(...missing(lines, here, elsewhere).map((text) => ({ path, side, text: text.slice(0, LONGEST) })));
    }
  }
  return { lines: lost.slice(0, MOST_LINES), total: lost.length };
}

function missing(lines: readonly string[], here: ReadonlyMap<string, number>, elsewhere: ReadonlyMap<string, number>): readonly string[] {
  const seen = new Map<string, number>();
  return lines.filter((line) => {
    const text = line.trim();
    if (!says(text)) return false;
    const nth = (seen.get(text) ?? 0) + 1;
    seen.set(text, nth);
    return nth > Math.max(here.get(text) ?? 0, elsewhere.get(text) ?? 0);
  });
}

/** A bracket alone is on every page. */
const says = (text: string): boolean => text.replace(/[^\p{L}\p{N}]/gu, "").length >= 3;

function byPath(lines: readonly AddedLine[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const { path, text } of lines) files.set(path, [...(files.get(path) ?? []), text]);
  return files;
}

function counts(lines: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of lines) found.set(line.trim(), (found.get(line.trim()) ?? 0) + 1);
  return found;
}
