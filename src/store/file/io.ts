/**
 * The few file operations whose order and outcome the store's promises rest on. Replaceable, so that the tests can tear
 * a write, fail a sync or stop between two steps; the product always runs `fileIo`.
 */
import { closeSync, fdatasync, fsync, linkSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { codeOf, storeFull } from "./faults.ts";

export interface FileIo {
  /** One write(2); the count may fall short when the disk is full. */
  write(fd: number, bytes: Uint8Array): number;
  fdatasync(fd: number): Promise<void>;
  fsync(fd: number): Promise<void>;
  link(from: string, to: string): void;
  rename(from: string, to: string): void;
}

export const fileIo: FileIo = {
  write: (fd, bytes) => writeSync(fd, bytes),
  fdatasync: promisify(fdatasync),
  fsync: promisify(fsync),
  link: linkSync,
  rename: renameSync,
};

/** Makes what was created, renamed or removed in `dir` durable. */
export const syncDir = (dir: string, io: FileIo): Promise<void> => syncFile(dir, io);

/** Makes what is in `file` durable, by whichever program it was written. */
export async function syncFile(file: string, io: FileIo): Promise<void> {
  const fd = openSync(file, "r");
  try {
    await io.fsync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A new file with all of `text`, on disk when this resolves (its name is not: sync the folder). Refuses an existing one. */
export async function writeNewFile(file: string, text: string, io: FileIo): Promise<void> {
  const fd = openSync(file, "wx", 0o600);
  try {
    const bytes = Buffer.from(text);
    // A full disk shows as a short count without an error; a torn file must never get its final name.
    if (io.write(fd, bytes) !== bytes.length) throw storeFull(file);
    await io.fsync(fd);
  } finally {
    closeSync(fd);
  }
}

/** True when `dir` is new; its name is durable then. The parent must exist. */
export async function makeDir(dir: string, io: FileIo): Promise<boolean> {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  await syncDir(path.dirname(dir), io);
  return true;
}
