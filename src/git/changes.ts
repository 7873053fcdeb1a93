/** Which files a commit changed against its base, in a form hostile names survive. */
import { git, splitZ } from "./git.ts";
import { lasting } from "./lasting.ts";

export interface ChangedFile {
  readonly path: string;
  /** null for a binary file. */
  readonly additions: number | null;
  readonly deletions: number | null;
}

/** A longer list is asked for again: few submissions have one, and many would be kept. */
const MOST_KEPT = 32;

/** Sorted by path; a rename is the old path gone and the new one added, so that both are seen. */
export const changedFiles = (place: string, base: string, sha: string): Promise<readonly ChangedFile[]> =>
  lasting(
    `files ${place}`,
    [base, sha],
    () => filesBetween(place, base, sha),
    (files) => files.length <= MOST_KEPT,
  );

async function filesBetween(place: string, base: string, sha: string): Promise<readonly ChangedFile[]> {
  const args = ["diff-tree", "-r", "-z", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv", base, sha];
  return splitZ((await git(place, args)).out).map((entry) => {
    const [additions = "-", deletions = "-", ...name] = entry.split("\t");
    return { path: name.join("\t"), additions: count(additions), deletions: count(deletions) };
  });
}

const count = (text: string): number | null => (text === "-" ? null : Number(text));

export async function changedPaths(place: string, base: string, sha: string): Promise<readonly string[]> {
  return (await changedFiles(place, base, sha)).map((file) => file.path);
}
