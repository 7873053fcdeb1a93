/**
 * How a settings file of somebody else's is edited: text in, text out. One entry is put in by replacing one span, and the span is
 * kept, so that taking the entry out is the same step backwards. Everything else stays byte for byte.
 */
import { isDeepStrictEqual } from "node:util";

/** A key after another; `-` at the end is one more item of a list, as in JSON Patch. */
export type EntryPath = readonly [string, ...string[]];
export type EntryValue = string | number | boolean | readonly EntryValue[] | { readonly [key: string]: EntryValue };

/** `was` became `now`. */
export interface Span {
  readonly was: string;
  readonly now: string;
}
export interface Added extends Span {
  readonly text: string;
}

/** Each of its functions throws a SyntaxError that names the line when the text is none of this format. */
export interface Format {
  /** `other`: something else stands there. */
  find(text: string, path: EntryPath, value: EntryValue): "absent" | "same" | "other";
  /** @param fresh what a file that is made for the entry has beside it. */
  add(text: string, path: EntryPath, value: EntryValue, fresh?: Readonly<Record<string, EntryValue>>): Added;
  /** null: it does not stand there as it was put in, so it is not to be taken out. */
  remove(text: string, path: EntryPath, value: EntryValue, span: Span): string | null;
}

export const BOM = "\ufeff";
export const lineBreak = (text: string): "\r\n" | "\n" => (text.includes("\r\n") ? "\r\n" : "\n");

export function lookAt(root: unknown, path: EntryPath, value: EntryValue): "absent" | "same" | "other" {
  let at = root;
  for (const key of path) {
    if (key === "-") return Array.isArray(at) && at.some((item) => isDeepStrictEqual(item, value)) ? "same" : "absent";
    at = isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  if (at === undefined) return "absent";
  return isDeepStrictEqual(at, value) ? "same" : "other";
}

/** The span taken back where it stands exactly once; null where it does not. */
export function takeBack(text: string, { was, now }: Span): string | null {
  const at = text.indexOf(now);
  if (at < 0 || text.indexOf(now, at + 1) >= 0) return null;
  return text.slice(0, at) + was + text.slice(at + now.length);
}

/** Whether both say the same but for the entry, and for tables that hold nothing else. */
export const sameBut = (one: unknown, other: unknown, path: EntryPath, value: EntryValue): boolean =>
  isDeepStrictEqual(without(one, path, value), without(other, path, value));

function without(root: unknown, [key, ...rest]: readonly string[], value: EntryValue): unknown {
  if (key === undefined) return root;
  if (key === "-") {
    if (!Array.isArray(root)) return root;
    const at = root.findLastIndex((item) => isDeepStrictEqual(item, value));
    return at < 0 ? root : root.toSpliced(at, 1);
  }
  if (!isRecord(root) || !Object.hasOwn(root, key)) return root;
  const { [key]: inner, ...others } = root;
  const left = rest.length === 0 ? undefined : without(inner, rest, value);
  return left === undefined || isEmpty(left) ? others : { ...others, [key]: left };
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
