/** Files of the checkout that skep may edit: read as what they are, and only where they really stand in it. */
import { accessSync, constants, existsSync, lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { describeError, quote, SkepError } from "../../base/errors.ts";

/** A settings file is a page or two. */
const MAX_BYTES = 1024 * 1024;

export interface OwnFile {
  /** Below the root, with links followed: two names of one file are one. */
  readonly file: string;
  /** null: there is none. */
  readonly text: string | null;
}

/** Throws SETTINGS_OUTSIDE, SETTINGS_UNREADABLE. */
export function readOwn(root: string, name: string): OwnFile {
  const file = follow(root, name);
  const full = path.join(root, file);
  if (!existsSync(full)) return { file, text: null };
  const bytes = bytesOf(full, name);
  const text = bytes.toString("utf8");
  if (bytes.length > MAX_BYTES || !Buffer.from(text).equals(bytes))
    throw unreadable(name, `it is no text in UTF-8 of at most ${MAX_BYTES} bytes`);
  return { file, text };
}

export function unreadable(file: string, why: string): SkepError {
  const next = `correct ${file} and skep init again, or leave its client out (skep init --client names the others)`;
  return new SkepError("SETTINGS_UNREADABLE", `${quote(file)} cannot be edited safely: ${why}`, next);
}

/** Throws SETTINGS_UNREADABLE where a file that is to be changed, or the folder one is to come into or go from, is write-protected. */
export function requireWritable(root: string, file: string, goes = false): void {
  let at = path.join(root, goes ? path.dirname(file) : file);
  while (!existsSync(at)) at = path.dirname(at);
  try {
    accessSync(at, constants.W_OK);
  } catch (error) {
    const which = at === path.join(root, file) ? "it" : quote(path.relative(root, at) || root);
    throw unreadable(file, `${which} is write-protected (${describeError(error).split(":")[0]})`);
  }
}

function bytesOf(full: string, name: string): Buffer {
  try {
    return readFileSync(full);
  } catch (error) {
    throw unreadable(name, `it cannot be read (${describeError(error).split(":")[0]})`);
  }
}

/** A link may lead to another file of the checkout, nowhere else: what stands outside is not this project's. */
function follow(root: string, name: string): string {
  const inside = realpathSync(root);
  let at = name;
  while (at !== "." && !isThere(path.join(root, at))) at = path.dirname(at);
  if (at === ".") return name;
  const real = realOrNull(path.join(root, at));
  const kind = isLink(path.join(root, at))
    ? "it is a link that leads out of the repository, or nowhere"
    : "it stands outside of the repository";
  if (real === null || !real.startsWith(`${inside}${path.sep}`) || real.startsWith(path.join(inside, ".git") + path.sep))
    throw new SkepError(
      "SETTINGS_OUTSIDE",
      `${quote(at)} is not edited: ${kind}`,
      `replace the link by a file, or leave ${name} out with --client`,
    );
  const stat = statSync(real);
  if (at === name ? !stat.isFile() : !stat.isDirectory())
    throw unreadable(name, at === name ? "it is no file" : `${quote(at)} is no folder`);
  return path.join(path.relative(inside, real), path.relative(at, name));
}

const isLink = (file: string): boolean => lstatSync(file).isSymbolicLink();

/** A link to nothing is there, what would stand below a file is not. */
function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // something above it is no folder
  }
}

function realOrNull(file: string): string | null {
  try {
    return realpathSync(file);
  } catch {
    return null; // a link to nothing, or in a circle
  }
}
