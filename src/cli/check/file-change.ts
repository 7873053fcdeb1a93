/** A change of files that is shown before it is made. */
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

export type FileChange =
  | {
      readonly kind: "write";
      readonly path: string;
      /** null: there is no such file. */
      readonly before: string | null;
      /** null: the file goes. */
      readonly after: string | null;
      readonly executable?: boolean;
      /** The folder goes, too, when nothing else is in it. */
      readonly emptyFolder?: boolean;
    }
  | { readonly kind: "rename"; readonly path: string; readonly to: string };

export function perform(changes: readonly FileChange[]): void {
  for (const change of changes) {
    if (change.kind === "rename") renameSync(change.path, change.to);
    else if (change.after === null) {
      rmSync(change.path);
      const folder = path.dirname(change.path);
      if (change.emptyFolder && readdirSync(folder).length === 0) rmdirSync(folder);
    } else {
      mkdirSync(path.dirname(change.path), { recursive: true });
      // In place: a file that is there keeps its mode and its links.
      writeFileSync(change.path, change.after, change.executable ? { mode: 0o755 } : {});
    }
  }
}

export function changeText(change: FileChange): string {
  if (change.kind === "rename") return `rename ${change.path}\n    to ${change.to}`;
  const { path: file, before, after } = change;
  const head = before === null ? `create ${file}` : after === null ? `remove ${file}` : `change ${file}`;
  return [head, ...difference(lines(before), lines(after))].join("\n");
}

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
