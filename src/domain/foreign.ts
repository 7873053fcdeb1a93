/**
 * Text from people, agents, files and programs inside a prompt: always framed as data. Each line of a block begins with
 * `| `, so that an excerpt stays marked and no closing tag can be forged.
 */

import { quote } from "../base/errors.ts";

/** Line breaks of every kind: one that only some readers honour could smuggle in a line without its frame. */
const BREAKS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** Controls, bidirectional overrides and zero-width marks, which show one text and say another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const HIDDEN = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;

/** What a model pays for a text, near enough. */
export const tokens = (text: string): number => Math.ceil(byteLength(text) / 4);

/** Controls and hidden marks as they are written in JSON. */
export const visible = (text: string): string => text.replace(HIDDEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

const linesOf = (text: string): readonly string[] =>
  text
    .trim()
    .split(BREAKS)
    .map((line) => visible(line).trimEnd());

/** A block of foreign text, every line marked. Empty text gives no line. */
export function framed(text: string, max = Number.POSITIVE_INFINITY, rest = ""): string {
  if (text.trim() === "") return "";
  const cut = cutBytes(text.trim(), max);
  const block = linesOf(cut).map((line) => (line === "" ? "|" : `| ${line}`));
  if (cut.length < text.trim().length) block.push(`[cut: ${byteLength(text.trim()) - byteLength(cut)} bytes${rest && `. ${rest}`}]`);
  return block.join("\n");
}

/** Foreign text as part of one line: breaks become spaces, the end is cut. */
export function inline(text: string, max = 240): string {
  const line = linesOf(text).join(" ").replace(/\s+/g, " ").trim();
  const cut = cutBytes(line, max);
  return cut.length < line.length ? `${cut.trimEnd()}…` : line;
}

/** The longest beginning of `text` within `max` bytes that does not split a character. */
export function cutBytes(text: string, max: number): string {
  if (byteLength(text) <= max) return text;
  let size = 0;
  let end = 0;
  for (const sign of text) {
    size += byteLength(sign);
    if (size > max) break;
    end += sign.length;
  }
  return text.slice(0, end);
}

/** A file name inside a sentence; odd ones are quoted so that they cannot pretend to be the sentence. */
export const fileName = (path: string): string => (/^[\w./@+[\]*?{},!()-]+$/.test(path) ? path : quote(path, 200));

/** `a, b, c and 4 more` */
export function listed(items: readonly string[], max: number, more = ""): string {
  if (items.length <= max) return items.join(", ");
  return `${items.slice(0, max).join(", ")} and ${items.length - max} more${more && ` (${more})`}`;
}

export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
