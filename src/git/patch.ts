/** The differences between two commits as data: files, hunks, lines. Names come from NUL-separated lists, never from headers. */
import { git, splitZ } from "./git.ts";

export type FileStatus = "added" | "deleted" | "modified" | "renamed" | "type_changed";

export interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  /** What git shows behind the second @@: the function the hunk is in. */
  readonly context: string;
  /** Each with its sign: " ", "+", "-" or "\". */
  readonly lines: readonly string[];
}
export interface FilePatch {
  readonly path: string;
  /** Former path of a renamed file. */
  readonly from: string | null;
  readonly status: FileStatus;
  readonly binary: boolean;
  readonly hunks: readonly Hunk[];
  readonly additions: number;
  readonly deletions: number;
}

export interface PatchOptions {
  /** Unchanged lines around a change. */
  readonly context: number;
  /** Show a moved file as one file. */
  readonly renames: boolean;
}

/** A blob up to this size is looked into before it is believed to be binary. */
const LOOK_INTO_BYTES = 1 << 20;
const PATHS_PER_CALL = 500;

export async function readPatch(place: string, base: string, sha: string, options: PatchOptions): Promise<readonly FilePatch[]> {
  const files = await diffTree(place, base, sha, options);
  const shown = await unhide(
    place,
    base,
    sha,
    options,
    files.filter((file) => file.binary),
  );
  return files.map(({ blob: _blob, ...file }) => {
    const text = shown.get(file.path);
    return text ? { ...file, binary: false, hunks: text.hunks, additions: text.additions, deletions: text.deletions } : file;
  });
}

interface RawFile extends FilePatch {
  /** Object name of the new content; zeros when there is none. */
  readonly blob: string;
}

/**
 * A submission may bring a `.gitattributes` that calls its sources binary, and so hide them from checks and reviewer. What has
 * no NUL byte is shown, whatever it is called.
 */
async function unhide(
  place: string,
  base: string,
  sha: string,
  { context }: PatchOptions,
  binary: readonly RawFile[],
): Promise<ReadonlyMap<string, FilePatch>> {
  const present = binary.filter((file) => !/^0+$/.test(file.blob));
  if (present.length === 0) return new Map();
  const input = `${present.map((file) => file.blob).join("\n")}\n`;
  const sizes = (await git(place, ["cat-file", "--batch-check=%(objectsize)"], { input })).out.split("\n").map(Number);
  const small = present.filter((_file, index) => (sizes[index] ?? Number.NaN) <= LOOK_INTO_BYTES).map((file) => file.path);
  const shown = new Map<string, FilePatch>();
  for (let from = 0; from < small.length; from += PATHS_PER_CALL) {
    const only = small.slice(from, from + PATHS_PER_CALL);
    for (const file of await diffTree(place, base, sha, { context, renames: false, text: true, only })) {
      if (!file.hunks.some((hunk) => hunk.lines.some((line) => line.includes("\0")))) shown.set(file.path, file);
    }
  }
  return shown;
}

async function diffTree(
  place: string,
  base: string,
  sha: string,
  { context, renames, text = false, only = [] }: PatchOptions & { readonly text?: boolean; readonly only?: readonly string[] },
): Promise<readonly RawFile[]> {
  const shared = ["diff-tree", "-r", "--no-ext-diff", "--no-textconv", renames ? "--find-renames" : "--no-renames"];
  const what = [base, sha, ...(only.length > 0 ? ["--", ...only] : [])];
  const env = { GIT_LITERAL_PATHSPECS: "1" };
  const form = ["--patch", "--no-color", "--full-index", `--unified=${context}`, ...(text ? ["--text"] : [])];
  const [names, patch] = await Promise.all([
    git(place, [...shared, "--raw", "--no-abbrev", "-z", ...what], { env }),
    git(place, [...shared, ...form, ...what], { env }),
  ]);
  const raw = splitZ(names.out);
  // Inside a hunk every line begins with its sign, so a line that begins so starts a file.
  const sections = patch.out.split(/^(?=diff --git )/m).filter((section) => section !== "");
  const files: RawFile[] = [];
  for (let i = 0, at = 0; i < raw.length; ) {
    const fields = (raw[i] ?? "").split(" ");
    const letter = fields.at(-1)?.[0] ?? "M";
    const isMove = letter === "R" || letter === "C";
    const from = isMove ? (raw[i + 1] ?? "") : null;
    const name = raw[i + (isMove ? 2 : 1)] ?? "";
    i += isMove ? 3 : 2;
    // A file that became a link, or the like, is shown as one gone and one new.
    const own = sections.slice(at, at + (letter === "T" ? 2 : 1));
    at += letter === "T" ? 2 : 1;
    files.push({ ...toFile(name, from, statusOf(letter), own), blob: fields[3] ?? "" });
  }
  return files;
}

function toFile(path: string, from: string | null, status: FileStatus, sections: readonly string[]): FilePatch {
  const hunks = sections.flatMap(readHunks);
  const count = (sign: string): number => hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.startsWith(sign)).length, 0);
  const binary = hunks.length === 0 && sections.some((section) => /^(Binary files |GIT binary patch)/m.test(section));
  return { path, from, status, binary, hunks, additions: count("+"), deletions: count("-") };
}

function statusOf(letter: string): FileStatus {
  if (letter === "A" || letter === "C") return "added";
  if (letter === "D") return "deleted";
  if (letter === "R") return "renamed";
  return letter === "T" ? "type_changed" : "modified";
}

function readHunks(section: string): readonly Hunk[] {
  const hunks: { oldStart: number; newStart: number; context: string; lines: string[] }[] = [];
  const lines = section.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/s.exec(line);
    if (head) hunks.push({ oldStart: Number(head[1]), newStart: Number(head[2]), context: head[3] ?? "", lines: [] });
    else if (/^[ +\-\\]/.test(line)) hunks.at(-1)?.lines.push(line);
  }
  return hunks;
}
