/** An entry in JSON with comments. What is there is never written anew: only where it stands is looked up. */
import { commaAfter, endOf, type JsonNode, lineAt, memberOf, memberValue, plainValue, readJson } from "../check/json-tree.ts";
import { type EntryPath, type EntryValue, type Format, lineBreak, lookAt, sameBut, takeBack } from "./format.ts";

export const json: Format = {
  find: (text, path, value) => (text.trim() === "" ? "absent" : lookAt(plainValue(read(text)), path, value)),

  add(text, path, value, fresh = {}) {
    if (text.trim() === "") {
      const now = `${pretty({ ...fresh, ...(nest(path, value) as object) }, "  ")}\n`;
      return { text: text + now, was: "", now };
    }
    const { at, was, now } = insertion(text, path, value);
    const added = text.slice(0, at) + now + text.slice(at + was.length);
    // A key that stands twice, for one, would hide what was put in.
    if (this.find(added, path, value) !== "same") throw new SyntaxError(`line ${lineAt(text, at)}: an entry there would not be seen`);
    return { text: added, was, now };
  },

  remove(text, path, value, span) {
    if (this.find(text, path, value) !== "same") return null;
    const exact = takeBack(text, span);
    // Nothing is left: the whole file is as it was made for the entry.
    if (exact !== null && (exact.trim() === "" || isWithout(exact, text, path, value))) return exact;
    const loose = cut(text, path, value);
    return isWithout(loose, text, path, value) ? loose : null;
  },
};

function isWithout(text: string, before: string, path: EntryPath, value: EntryValue): boolean {
  try {
    const left = plainValue(read(text));
    return lookAt(left, path, value) === "absent" && sameBut(left, plainValue(read(before)), path, value);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The entry with the tables it needs. */
const nest = (path: readonly string[], value: EntryValue): EntryValue =>
  path.reduceRight<EntryValue>((inner, key) => (key === "-" ? [inner] : { [key]: inner }), value);

/** As people write it: lists of words on one line. No string holds a line break of its own. */
const pretty = (value: EntryValue, unit: string | undefined): string =>
  JSON.stringify(value, null, unit).replaceAll(
    /\[\n\s*("(?:[^"\\]|\\.)*"(?:,\n\s*"(?:[^"\\]|\\.)*")*)\n\s*\]/g,
    (_, words: string) => `[${words.replaceAll(/,\n\s*/g, ", ")}]`,
  );

function read(text: string): JsonNode {
  const root = readJson(text);
  if (root.type !== "object") throw new SyntaxError("line 1: it is no object");
  return root;
}

const inside = (node: JsonNode, key: string): JsonNode | undefined => {
  const member = memberOf(node, key);
  return member === null ? undefined : memberValue(member);
};

interface Insertion {
  readonly at: number;
  readonly was: string;
  readonly now: string;
}

function insertion(text: string, path: EntryPath, value: EntryValue): Insertion {
  const root = read(text);
  let parent = root;
  let rest: readonly string[] = path;
  for (let child = inside(parent, rest[0] ?? ""); rest.length > 1 && child; child = inside(parent, rest[0] ?? "")) {
    const wanted = rest[1] === "-" ? "array" : "object";
    if (child.type !== wanted) throw new SyntaxError(`line ${lineAt(text, child.offset)}: ${rest[0]} is no ${wanted}`);
    parent = child;
    rest = rest.slice(1);
  }
  const [key = "", ...inner] = rest;
  const child = (indent: string, unit: string | undefined): string => {
    const written = pretty(nest(inner, value), unit).replaceAll("\n", `${lineBreak(text)}${indent}`);
    return key === "-" ? written : `${JSON.stringify(key)}: ${written}`;
  };
  const unit = leadOf(text, root.children?.[0])?.replace(/^\r?\n/, "") || "  ";
  return parent.children?.length ? afterLast(text, parent, child, unit) : intoEmpty(text, parent, child, unit);
}

type Child = (indent: string, unit: string | undefined) => string;

/** The line break and the white space before a node that begins a line. */
const leadOf = (text: string, node: JsonNode | undefined): string | null =>
  node === undefined ? null : (/(\r?\n[ \t]*)$/.exec(text.slice(0, node.offset))?.[1] ?? null);

/** After the last child and the comment on its line; on a line of its own where that one has one. */
function afterLast(text: string, parent: JsonNode, child: Child, unit: string): Insertion {
  const last = parent.children?.at(-1) as JsonNode;
  const lead = leadOf(text, last);
  const at = endOf(last);
  const comma = commaAfter(text, at);
  const upTo = comma ?? at;
  const comment = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/(?=[ \t]*\r?\n))/.exec(text.slice(upTo))?.[0] ?? "";
  const begin = lead ?? (comment === "" ? " " : lineBreak(text));
  const written = lead === null ? child("", undefined) : child(lead.replace(/^\r?\n/, ""), unit);
  return {
    at,
    was: text.slice(at, upTo + comment.length),
    now: `${comma === null ? "," : text.slice(at, comma)}${comment}${begin}${written}`,
  };
}

function intoEmpty(text: string, parent: JsonNode, child: Child, unit: string): Insertion {
  const at = parent.offset + 1;
  const was = text.slice(at, endOf(parent) - 1);
  const [, base = ""] = /(?:^|\n)([ \t]*)[^\n]*$/.exec(text.slice(0, parent.offset)) ?? [];
  const eol = lineBreak(text);
  return { at, was, now: `${was.trimEnd()}${eol}${base}${unit}${child(base + unit, unit)}${eol}${base}` };
}

/** For a file that was changed around the entry: the member or item goes with its comma, comments beside it stay. */
function cut(text: string, path: EntryPath, value: EntryValue): string {
  const parent = path.slice(0, -1).reduce<JsonNode | undefined>((at, key) => at && inside(at, key), read(text));
  const children = parent?.children ?? [];
  const at = children.findLastIndex((child) => (path.at(-1) === "-" ? isItem(child, value) : child.children?.[0]?.value === path.at(-1)));
  const own = children[at];
  if (!own) return text;
  const end = endOf(own);
  const before = children[at - 1];
  const ownComma = commaAfter(text, end);
  const comma = ownComma ?? (before ? commaAfter(text, endOf(before)) : null);
  const lead = /^[ \t]*(,[ \t]*)?\r?\n/.test(text.slice(end)) ? (leadOf(text, own) ?? "") : "";
  const gone: (readonly [number, number])[] = [[own.offset - lead.length, end]];
  if (comma !== null) gone.push([comma - 1, comma]);
  return gone.sort(([a], [b]) => b - a).reduce((left, [from, to]) => left.slice(0, from) + left.slice(to), text);
}

const isItem = (node: JsonNode, value: EntryValue): boolean => lookAt({ item: plainValue(node) }, ["item"], value) === "same";
