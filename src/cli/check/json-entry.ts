/**
 * Puts one entry at the end of `hooks.PreToolUse` of a settings file, and takes it out so that the file is what it was, byte for
 * byte. How the text is written tells what was there before: what skep made itself stands close together, `{"PreToolUse": […]}`;
 * what was there and empty has a space on both sides.
 */
import { type JsonNode, memberOf, readJson } from "./json-tree.ts";

type IsOurs = (value: unknown) => boolean;

/** A file that was not there before. */
const NEW_FILE = (entry: string): string => `{\n  "hooks": ${madeHooks(entry)}\n}\n`;
const madeHooks = (entry: string): string => `{${madeList(entry)}}`;
const madeList = (entry: string): string => `"PreToolUse": [${entry}]`;

/** Throws SyntaxError for what is no such file. */
export function addEntry(text: string | null, entry: string, isOurs: IsOurs): string {
  if (text === null) return NEW_FILE(entry);
  const root = objectOr(readJson(text), "it");
  const hooks = memberOf(root, "hooks");
  if (hooks === null) return append(text, root, `"hooks": ${madeHooks(entry)}`);
  const list = memberOf(objectOr(hooks.node, "hooks"), "PreToolUse");
  if (list === null) return append(text, hooks.node, madeList(entry));
  if (list.node.items === null) throw new SyntaxError("hooks.PreToolUse is no list");
  const known = list.node.items.find(({ value }) => isOurs(value));
  return known ? text.slice(0, known.start) + entry + text.slice(known.end) : append(text, list.node, entry);
}

/** The text without the entry; null: the file was made for it and goes. */
export function removeEntry(text: string, isOurs: IsOurs): string | null {
  const root = readJson(text);
  const hooks = memberOf(root, "hooks");
  const list = hooks && memberOf(hooks.node, "PreToolUse");
  const item = list?.node.items?.find(({ value }) => isOurs(value));
  if (!hooks || !list || !item) return text;
  const entry = text.slice(item.start, item.end);
  if (text === NEW_FILE(entry)) return null;
  const madeAll = text.slice(hooks.node.start, hooks.node.end) === madeHooks(entry);
  if (madeAll) return cut(text, root, hooks.start, hooks.node.end);
  const made = text.slice(list.start, list.node.end) === madeList(entry);
  return made ? cut(text, hooks.node, list.start, list.node.end) : cut(text, list.node, item.start, item.end);
}

function objectOr(node: JsonNode, name: string): JsonNode {
  if (node.members === null) throw new SyntaxError(`${name} is no object`);
  return node;
}

interface Span {
  readonly start: number;
  readonly end: number;
}
const childrenOf = (node: JsonNode): readonly Span[] =>
  node.items ?? (node.members ?? []).map(({ start, node: { end } }) => ({ start, end }));

/** After the last child, on a line of its own where that one has one. */
function append(text: string, parent: JsonNode, child: string): string {
  const last = childrenOf(parent).at(-1);
  if (!last) return `${text.slice(0, parent.start + 1)} ${child} ${text.slice(parent.start + 1)}`;
  const [, lead] = /(\r?\n[ \t]*)$/.exec(text.slice(0, last.start)) ?? [];
  return `${text.slice(0, last.end)},${lead ?? " "}${child}${text.slice(last.end)}`;
}

function cut(text: string, parent: JsonNode, start: number, end: number): string {
  const children = childrenOf(parent);
  const at = children.findIndex((child) => child.start === start);
  const before = children[at - 1];
  if (before && /^,\s*$/.test(text.slice(before.end, start))) return text.slice(0, before.end) + text.slice(end);
  const after = children[at + 1];
  if (after) return text.slice(0, start) + text.slice(after.start);
  const spaced = text.slice(parent.start + 1, start) === " " && text[end] === " ";
  return spaced ? text.slice(0, start - 1) + text.slice(end + 1) : text.slice(0, start) + text.slice(end);
}
