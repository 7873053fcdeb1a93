/** What a change does to tree entries themselves: kinds, modes and sizes of files, links and submodules. */
import { git, splitZ } from "./git.ts";

export type EntryKind = "file" | "executable" | "link" | "submodule";

export interface ChangedEntry {
  readonly path: string;
  /** null: it was not there. */
  readonly before: EntryKind | null;
  /** null: it is gone. */
  readonly after: EntryKind | null;
  /** Object name of what is there now. */
  readonly object: string;
  /** Bytes of what is there now; null for what is gone and for submodules. */
  readonly size: number | null;
}

const KINDS: Readonly<Record<string, EntryKind>> = { "100644": "file", "100755": "executable", "120000": "link", "160000": "submodule" };

/** Sorted by path; renames are one gone and one new. */
export async function changedEntries(place: string, base: string, sha: string): Promise<readonly ChangedEntry[]> {
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none", base, sha];
  const raw = splitZ((await git(place, args)).out);
  const entries: Omit<ChangedEntry, "size">[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [before = "", after = "", , object = ""] = (raw[at] ?? "").slice(1).split(" ");
    entries.push({ path: raw[at + 1] ?? "", before: KINDS[before] ?? null, after: KINDS[after] ?? null, object });
  }
  const sizes = await sizesOf(
    place,
    entries.filter(({ after }) => after !== null && after !== "submodule").map(({ object }) => object),
  );
  return entries.map((entry) => ({ ...entry, size: sizes.get(entry.object) ?? null }));
}

async function sizesOf(place: string, objects: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (objects.length === 0) return new Map();
  const { out } = await git(place, ["cat-file", "--batch-check=%(objectname) %(objectsize)"], { input: `${objects.join("\n")}\n` });
  const rows = out.split("\n").filter((row) => /^[0-9a-f]+ \d+$/.test(row));
  return new Map(rows.map((row) => [row.slice(0, row.indexOf(" ")), Number(row.slice(row.indexOf(" ") + 1))]));
}

/** The content of an object found above. */
export const contentOf = async (place: string, object: string): Promise<string> => (await git(place, ["cat-file", "blob", object])).out;
