/** A change of files that is shown before it is made. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describeError, quote, SkepError } from "../../base/errors.ts";
import { fileName, visible } from "../../domain/foreign.ts";

export type FileChange =
  | {
      readonly kind: "write";
      readonly path: string;
      /** null: there is no such file. */
      readonly before: string | null;
      /** null: the file goes. */
      readonly after: string | null;
      readonly executable?: boolean;
      /** So many folders above it go, too, from the inside out, when nothing else is in them. */
      readonly emptyFolders?: number;
    }
  | { readonly kind: "rename"; readonly path: string; readonly to: string };

/** Throws FILE_CHANGED, before anything is written, where a file is no longer what was shown; FILE_UNWRITABLE. */
export function perform(changes: readonly FileChange[]): void {
  refuseStale(changes);
  for (const change of changes) {
    try {
      make(change);
    } catch (error) {
      const why = `${quote(change.path, 300)} could not be changed: ${describeError(error)}`;
      throw new SkepError("FILE_UNWRITABLE", why, "mend that, then the same command; skep uninstall takes out what was written", {
        cause: error,
      });
    }
  }
}

function make(change: FileChange): void {
  if (change.kind === "rename") renameSync(change.path, change.to);
  else if (change.after === null) {
    rmSync(change.path);
    removeEmpty(path.dirname(change.path), change.emptyFolders ?? 0);
  } else {
    mkdirSync(path.dirname(change.path), { recursive: true });
    // In place: a file that is there keeps its mode and its links.
    writeFileSync(change.path, change.after, change.executable ? { mode: 0o755 } : {});
  }
}

function removeEmpty(folder: string, count: number): void {
  if (count === 0 || readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  removeEmpty(path.dirname(folder), count - 1);
}

/** While a person reads, or swarms are stopped, files go on changing. */
function refuseStale(changes: readonly FileChange[]): void {
  // Gone by the time a later change of the list comes to it.
  const freed = new Set<string>();
  for (const change of changes) {
    const { path: file } = change;
    const isAsShown =
      change.kind === "rename"
        ? isThere(file) && (freed.has(change.to) || !isThere(change.to))
        : textOf(file) === change.before || (change.before === null && freed.has(file));
    if (!isAsShown) {
      const which = change.kind === "rename" ? `${quote(file, 300)} or ${quote(change.to, 300)}` : quote(file, 300);
      throw new SkepError(
        "FILE_CHANGED",
        `${which} is not what it was a moment ago; nothing was written`,
        "look again with --dry-run, then the same command",
      );
    }
    if (change.kind === "rename" || change.after === null) freed.add(file);
  }
}

const isThere = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

/** null: there is none. What cannot be read as a file is no text that was shown. */
function textOf(file: string): string | null | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? null : undefined;
  }
}

export function changeText(change: FileChange): string {
  const file = fileName(change.path);
  if (change.kind === "rename") return `rename ${file}\n    to ${fileName(change.to)}`;
  const { before, after } = change;
  const head = before === null ? `create ${file}` : after === null ? `remove ${file}` : `change ${file}`;
  return [head, ...difference(lines(before), lines(after)).map(shownLine)].join("\n");
}

/** Only at the end of a line is a carriage return part of a line break. */
const shownLine = (line: string): string => visible(line).replace(/\r(?!$)/g, "\\r");

const lines = (text: string | null): readonly string[] => (text === null ? [] : text.replace(/\n$/, "").split("\n"));

/** One place changes at a time: what is the same at both ends is left out. */
function difference(before: readonly string[], after: readonly string[]): readonly string[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return [
    ...before.slice(start, before.length - end).map((line) => `- ${line}`),
    ...after.slice(start, after.length - end).map((line) => `+ ${line}`),
  ];
}
