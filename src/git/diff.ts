/** A submission as a reviewer reads it: a table of files, and pages of hunks that end between hunks. */
import { quote } from "../base/errors.ts";
import type { Repo } from "./git.ts";
import { type FilePatch, type FileStatus, type Hunk, readPatch } from "./patch.ts";

export interface DiffFile {
  readonly path: string;
  readonly from: string | null;
  readonly status: FileStatus;
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
  /** Lock files and the like: counted, not shown. */
  readonly generated: boolean;
}
export interface Diff {
  readonly files: readonly DiffFile[];
  /** Each at most `pageBytes`; empty when there is nothing to show. */
  readonly pages: readonly string[];
}

const PAGE_BYTES = 20_000;
const CONTEXT_LINES = 5;

const GENERATED = [
  /(^|\/)(package-lock|npm-shrinkwrap|composer|packages)\.(lock\.)?json$/,
  /(^|\/)(composer|[Cc]argo|[Gg]emfile|poetry|uv|[Pp]ipfile|yarn|bun|flake|mix|pubspec|[Pp]odfile|gradle)\.lockb?$/,
  /(^|\/)(pnpm-lock\.ya?ml|go\.sum|Package\.resolved|composer\.lock)$/,
  /\.min\.(js|css)$/,
  /\.(js|css)\.map$/,
];
export const isGenerated = (path: string): boolean => GENERATED.some((pattern) => pattern.test(path));

/** @param only show the hunks of these files alone; the table is always whole. */
export async function readDiff(
  repo: Repo,
  base: string,
  sha: string,
  { only, pageBytes = PAGE_BYTES }: { readonly only?: ReadonlySet<string>; readonly pageBytes?: number } = {},
): Promise<Diff> {
  const patches = await readPatch(repo.commonDir, base, sha, { context: CONTEXT_LINES, renames: true });
  const files = patches.map(({ hunks: _hunks, ...file }) => ({ ...file, generated: isGenerated(file.path) }));
  const shown = patches.filter((file) => !isGenerated(file.path) && (!only || only.has(file.path)));
  return { files, pages: toPages(shown, pageBytes) };
}

/** Exported for its test: pages of any patch, whatever its size. */
export function toPages(files: readonly FilePatch[], pageBytes: number): readonly string[] {
  const pages: string[] = [];
  let page = "";
  for (const file of files) {
    let title = titleOf(file, "");
    // Room for the title, which every page repeats, and for a hunk's own first line.
    const room = Math.max(pageBytes - bytes(titleOf(file, "continued, ")) - 200, 500);
    const pieces = file.hunks.length > 0 ? file.hunks.flatMap((hunk) => cut(hunk, room)).map(render) : [""];
    for (const piece of pieces) {
      if (page !== "" && bytes(page) + bytes(title) + bytes(piece) > pageBytes) {
        pages.push(page);
        page = "";
        if (title === "") title = titleOf(file, "continued, ");
      }
      page += title + piece;
      title = "";
    }
  }
  if (page !== "") pages.push(page);
  return pages;
}

const bytes = (text: string): number => Buffer.byteLength(text);

/** A name that could be taken for something else is shown quoted. */
export const showPath = (path: string): string => (/^[\w./@+-]+( [\w./@+-]+)*$/.test(path) && path.length <= 200 ? path : quote(path, 200));

function titleOf(file: FilePatch, mark: string): string {
  const from = file.from === null ? "" : ` from ${showPath(file.from)}`;
  const what = file.binary ? "binary" : `+${file.additions} -${file.deletions}`;
  return `=== ${showPath(file.path)} (${mark}${file.status.replace("_", " ")}${from}, ${what})\n`;
}

function render(hunk: Hunk): string {
  const old = hunk.lines.filter((line) => /^[ -]/.test(line)).length;
  const now = hunk.lines.filter((line) => /^[ +]/.test(line)).length;
  const context = hunk.context ? ` ${hunk.context.slice(0, 120)}` : "";
  return `@@ -${hunk.oldStart},${old} +${hunk.newStart},${now} @@${context}\n${hunk.lines.join("\n")}\n`;
}

/** A hunk too large for a page becomes several, each with its own right line numbers; a line too long is cut and says so. */
function cut(hunk: Hunk, room: number): readonly Hunk[] {
  const parts: Hunk[] = [];
  let [oldStart, newStart, lines, size] = [hunk.oldStart, hunk.newStart, [] as string[], 0];
  const close = (): void => {
    if (lines.length === 0) return;
    parts.push({ oldStart, newStart, context: hunk.context, lines });
    oldStart += lines.filter((line) => /^[ -]/.test(line)).length;
    newStart += lines.filter((line) => /^[ +]/.test(line)).length;
    [lines, size] = [[], 0];
  };
  for (const line of hunk.lines) {
    const shown = bytes(line) > room / 2 ? `${line.slice(0, Math.floor(room / 8))}… [line of ${bytes(line)} bytes cut]` : line;
    if (size + bytes(shown) + 1 > room) close();
    lines.push(shown);
    size += bytes(shown) + 1;
  }
  close();
  return parts;
}
