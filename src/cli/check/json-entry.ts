/**
 * Puts one entry at the end of `hooks.PreToolUse` of a settings file, and takes it out so that the file is what it was, byte for
 * byte. How the text is written tells what was there before: what skep made itself stands close together, `{"PreToolUse": […]}`;
 * what was there and empty has a space on both sides.
 */
import { endOf, type JsonNode, lineAt, memberOf, memberValue, plainValue, readJson } from "./json-tree.ts";

type IsOurs = (value: unknown) => boolean;

/** A file that was not there before. */
const NEW_FILE = (entry: string): string => `{\n  "hooks": ${madeHooks(entry)}\n}\n`;
const madeHooks = (entry: string): string => `{${madeList(entry)}}`;
const madeList = (entry: string): string => `"PreToolUse": [${entry}]`;

/** Throws SyntaxError for what is no such file. */
export function addEntry(text: string | null, entry: string, isOurs: IsOurs): string {
  if (text === null) return NEW_FILE(entry);
  const root = expectType(text, readJson(text), "object", "it");
  const hooks = memberOf(root, "hooks");
  if (hooks === null) return append(text, root, `"hooks": ${madeHooks(entry)}`);
  const events = expectType(text, memberValue(hooks), "object", "hooks");
  const list = memberOf(events, "PreToolUse");
  if (list === null) return append(text, events, madeList(entry));
  const items = expectType(text, memberValue(list), "array", "hooks.PreToolUse");
  const known = items.children?.find((item) => isOurs(plainValue(item)));
  return known ? text.slice(0, known.offset) + entry + text.slice(endOf(known)) : append(text, items, entry);
}

/** The text without the entry; null: the file was made for it and goes. */
export function removeEntry(text: string, isOurs: IsOurs): string | null {
  const root = readJson(text);
  const hooks = memberOf(root, "hooks");
  const list = hooks && memberOf(memberValue(hooks), "PreToolUse");
  const items = list && memberValue(list);
  const item = items?.type === "array" ? items.children?.find((one) => isOurs(plainValue(one))) : undefined;
  if (!hooks || !list || !items || !item) return text;
  const entry = textOf(text, item);
  if (text === NEW_FILE(entry)) return null;
  if (textOf(text, memberValue(hooks)) === madeHooks(entry)) return cut(text, root, hooks);
  return textOf(text, list) === madeList(entry) ? cut(text, memberValue(hooks), list) : cut(text, items, item);
}

function expectType(text: string, node: JsonNode, type: "object" | "array", name: string): JsonNode {
  if (node.type === type) return node;
  throw new SyntaxError(`line ${lineAt(text, node.offset)}: ${name} is no ${type === "array" ? "list" : type}`);
}

const textOf = (text: string, node: JsonNode): string => text.slice(node.offset, endOf(node));

/** After the last child, on a line of its own where that one has one. */
function append(text: string, parent: JsonNode, child: string): string {
  const last = parent.children?.at(-1);
  if (!last) return `${text.slice(0, parent.offset + 1)} ${child} ${text.slice(parent.offset + 1)}`;
  const [, lead] = /(\r?\n[ \t]*)$/.exec(text.slice(0, last.offset)) ?? [];
  return `${text.slice(0, endOf(last))},${lead ?? " "}${child}${text.slice(endOf(last))}`;
}

function cut(text: string, parent: JsonNode, child: JsonNode): string {
  const children = parent.children ?? [];
  const at = children.indexOf(child);
  const [start, end] = [child.offset, endOf(child)];
  const before = children[at - 1];
  if (before && /^,\s*$/.test(text.slice(endOf(before), start))) return text.slice(0, endOf(before)) + text.slice(end);
  const after = children[at + 1];
  if (after) return text.slice(0, start) + text.slice(after.offset);
  const spaced = text.slice(parent.offset + 1, start) === " " && text[end] === " ";
  return spaced ? text.slice(0, start - 1) + text.slice(end + 1) : text.slice(0, start) + text.slice(end);
}
