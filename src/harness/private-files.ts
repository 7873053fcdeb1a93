/** The session's own folder: what an adapter puts there is the owner's alone, and written again it is the same. */
import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mintUuid } from "../base/ids.ts";
import type { PrivateFile } from "./harness.ts";

export function writePrivate(home: string, files: readonly PrivateFile[]): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  for (const file of files) {
    const place = path.join(home, file.path);
    if (path.relative(home, place).startsWith("..")) throw new Error(`${file.path} leaves the session's folder`);
    mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
    if ("linkTo" in file) {
      if (!exists(place)) symlinkSync(file.linkTo, place);
      continue;
    }
    // Beside it and renamed over it: a program that reads it sees the old or the new one.
    const draft = `${place}.${mintUuid()}`;
    writeFileSync(draft, file.text, { mode: file.executable ? 0o700 : 0o600, flag: "wx" });
    try {
      renameSync(draft, place);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }
}

/** Those of the files that are not there yet. */
export const missing = (home: string, files: readonly PrivateFile[]): readonly PrivateFile[] =>
  files.filter((file) => !exists(path.join(home, file.path)));

/** Takes files of ours out again; what the CLI itself keeps there stays. Folders that are empty then go too. */
export function removePrivate(home: string, files: readonly PrivateFile[]): void {
  const folders = new Set([home]);
  for (const file of files) {
    const place = path.join(home, file.path);
    rmSync(place, { force: true, recursive: true });
    for (let above = path.dirname(place); above.startsWith(`${home}${path.sep}`); above = path.dirname(above)) folders.add(above);
  }
  // The deepest first.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    if (exists(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

function exists(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}
