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

export async function readPatch(place: string, base: string, sha: string, options: PatchOptions): Promise<readonly FilePatch[]> {
  const shared = ["diff-tree", "-r", "--no-ext-diff", "--no-textconv", options.renames ? "--find-renames" : "--no-renames"];
  const raw = splitZ((await git(place, [...shared, "--raw", "-z", base, sha])).out);
  const patch = await git(place, [...shared, "--patch", "--no-color", "--full-index", `--unified=${options.context}`, base, sha]);
  // Inside a hunk every line begins with its sign, so a line that begins so starts a file.
  const sections = patch.out.split(/^(?=diff --git )/m).filter((section) => section !== "");
  const files: FilePatch[] = [];
  for (let i = 0, at = 0; i < raw.length; ) {
    const letter = (raw[i] ?? "").split(" ").at(-1)?.[0] ?? "M";
    const isMove = letter === "R" || letter === "C";
    const from = isMove ? (raw[i + 1] ?? "") : null;
    const name = raw[i + (isMove ? 2 : 1)] ?? "";
    i += isMove ? 3 : 2;
    // A file that became a link, or the like, is shown as one gone and one new.
    const own = sections.slice(at, at + (letter === "T" ? 2 : 1));
    at += letter === "T" ? 2 : 1;
    files.push(toFile(name, from, statusOf(letter), own));
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
