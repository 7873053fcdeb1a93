/** An entry in JSON with comments: jsonc-parser says where everything stands, what is there is never written anew. */
import { createScanner, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { BOM, type EntryPath, type EntryValue, type Format, lineBreak, lookAt, plain, sameBut, takeBack } from "./format.ts";

const READ = { allowTrailingComma: true, disallowComments: false } as const;

export const json: Format = {
  find(source, path, value) {
    const text = bare(source);
    return text.trim() === "" ? "absent" : lookAt(readValue(text), path, value);
  },

  add(source, path, value, fresh = {}) {
    const text = bare(source);
    if (text.trim() === "") {
      const now = `${pretty({ ...fresh, ...(nest(path, value) as object) }, "  ")}\n`;
      return { text: source + now, was: "", now };
    }
    const { at, was, now } = insertion(text, path, value);
    const added = text.slice(0, at) + now + text.slice(at + was.length);
    // A key that stands twice, for one, would hide what was put in.
    if (this.find(added, path, value) !== "same") throw new SyntaxError(`line ${lineOf(text, at)}: an entry there would not be seen`);
    return { text: source.slice(0, source.length - text.length) + added, was, now };
  },

  remove(source, path, value, span) {
    if (this.find(source, path, value) !== "same") return null;
    const exact = takeBack(source, span);
    // Nothing is left: the whole file is as it was made for the entry.
    if (exact !== null && (bare(exact).trim() === "" || isWithout(exact, source, path, value))) return exact;
    const text = bare(source);
    const loose = source.slice(0, source.length - text.length) + cut(text, path, value);
    return isWithout(loose, source, path, value) ? loose : null;
  },
};

const bare = (source: string): string => (source.startsWith(BOM) ? source.slice(1) : source);

function isWithout(text: string, before: string, path: EntryPath, value: EntryValue): boolean {
  try {
    const left = readValue(bare(text));
    return lookAt(left, path, value) === "absent" && sameBut(left, readValue(bare(before)), path, value);
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

function read(text: string): Node {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, READ);
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError("line 1: it is nested too deeply");
    throw error;
  }
  const [first] = errors;
  if (first) throw new SyntaxError(`line ${lineOf(text, first.offset)}: no JSON (${printParseErrorCode(first.error)})`);
  if (root?.type !== "object") throw new SyntaxError("line 1: it is no object");
  return root;
}

const readValue = (text: string): unknown => plain(getNodeValue(read(text)));
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** Of a key that stands twice the later one counts. */
const memberOf = (node: Node, key: string): Node | undefined =>
  node.children?.findLast(({ children: [name] = [] }) => name?.value === key)?.children?.[1];

interface Insertion {
  readonly at: number;
  readonly was: string;
  readonly now: string;
}

function insertion(text: string, path: EntryPath, value: EntryValue): Insertion {
  const root = read(text);
  let parent = root;
  let rest: readonly string[] = path;
  for (let child = memberOf(parent, rest[0] ?? ""); rest.length > 1 && child; child = memberOf(parent, rest[0] ?? "")) {
    const wanted = rest[1] === "-" ? "array" : "object";
    if (child.type !== wanted) throw new SyntaxError(`line ${lineOf(text, child.offset)}: ${rest[0]} is no ${wanted}`);
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
const leadOf = (text: string, node: Node | undefined): string | null =>
  node === undefined ? null : (/(\r?\n[ \t]*)$/.exec(text.slice(0, node.offset))?.[1] ?? null);

/** After the last child and the comment on its line; on a line of its own where that one has one. */
function afterLast(text: string, parent: Node, child: Child, unit: string): Insertion {
  const last = parent.children?.at(-1) as Node;
  const lead = leadOf(text, last);
  const at = last.offset + last.length;
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

/** Where a comma that stands there already ends. */
function commaAfter(text: string, at: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(at);
  scanner.scan();
  const found = scanner.getTokenOffset();
  return text[found] === "," ? found + 1 : null;
}

function intoEmpty(text: string, parent: Node, child: Child, unit: string): Insertion {
  const at = parent.offset + 1;
  const was = text.slice(at, parent.offset + parent.length - 1);
  const [, base = ""] = /(?:^|\n)([ \t]*)[^\n]*$/.exec(text.slice(0, parent.offset)) ?? [];
  const eol = lineBreak(text);
  return { at, was, now: `${was.trimEnd()}${eol}${base}${unit}${child(base + unit, unit)}${eol}${base}` };
}

/** For a file that was changed around the entry: the member or item goes with its comma, comments beside it stay. */
function cut(text: string, path: EntryPath, value: EntryValue): string {
  const parent = path.slice(0, -1).reduce<Node | undefined>((at, key) => at && memberOf(at, key), read(text));
  const children = parent?.children ?? [];
  const at = children.findLastIndex((child) => (path.at(-1) === "-" ? isItem(child, value) : child.children?.[0]?.value === path.at(-1)));
  const own = children[at];
  if (!own) return text;
  const end = own.offset + own.length;
  const before = children[at - 1];
  const ownComma = commaAfter(text, end);
  const comma = ownComma ?? (before ? commaAfter(text, before.offset + before.length) : null);
  const lead = /^[ \t]*(,[ \t]*)?\r?\n/.test(text.slice(end)) ? (leadOf(text, own) ?? "") : "";
  const gone: (readonly [number, number])[] = [[own.offset - lead.length, end]];
  if (comma !== null) gone.push([comma - 1, comma]);
  return gone.sort(([a], [b]) => b - a).reduce((left, [from, to]) => left.slice(0, from) + left.slice(to), text);
}

const isItem = (node: Node, value: EntryValue): boolean => lookAt({ item: plain(getNodeValue(node)) }, ["item"], value) === "same";
