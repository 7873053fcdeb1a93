/**
 * A YAML text as plain data, with the way back from a value to its line. Files come from repositories, so a text made to
 * exhaust the reader is refused like any other mistake: an error of the given code with file, line and column.
 */
import { type CST, type Document, isAlias, isMap, isNode, isPair, isSeq, LineCounter, type Node, Parser, parseDocument } from "yaml";
import { quote, SkepError } from "./errors.ts";

export interface YamlSource {
  readonly value: unknown;
  /** `.skep/config.yaml:12:3` of the value at `path`, or of the nearest thing around it. */
  place(path: readonly PropertyKey[]): string;
  /** The same for the key `name` in the map at `path`. */
  keyPlace(path: readonly PropertyKey[], name: string): string;
  /** Of the text at `path`: where its `nth` (from 0) `needle` stands, `beyond` characters further; the text itself when it is not written so. */
  textPlace(path: readonly PropertyKey[], needle: string, nth: number, beyond: number): string;
}

export interface YamlOrigin {
  /** How errors name the file. */
  readonly file: string;
  /** Code of the errors. */
  readonly code: string;
}

/** A settings file is a page or two; more is a mistake or an attack. */
const MAX_CHARS = 256 * 1024;
/** Aliases are fine, a bomb of them is not. Together the two bound how deep plain data can be: far from any stack's end. */
const MAX_ALIASES = 30;
const MAX_DEPTH = 30;

export function readYaml(text: string, { file, code }: YamlOrigin): YamlSource {
  const refuse = (message: string, next: string): SkepError => new SkepError(code, message, next);
  if (text.length > MAX_CHARS) throw refuse(`${file}: ${text.length} characters, at most ${MAX_CHARS}`, `make ${file} shorter`);
  const lines = new LineCounter();
  const place = (offset: number | undefined): string => placeOf(file, lines, offset);
  refuseDepth([...new Parser(lines.addNewLine).parse(text)], (offset) =>
    refuse(`${place(offset)}: nested more than ${MAX_DEPTH} deep`, `flatten ${file} there`),
  );
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, stringKeys: true, version: "1.2" });
  const first = document.errors[0] ?? document.warnings[0];
  if (first) throw refuse(`${place(first.pos[0])}: ${quote(first.message, 200)}`, `correct ${file} there`);
  const at = (path: readonly PropertyKey[]): Node | undefined => nodeAt(document, path);
  return {
    value: toPlain(document, (why) => refuse(`${file}: ${why}`, `write the values in ${file} out instead of repeating anchors`)),
    place: (path) => place(at(path)?.range?.[0]),
    keyPlace: (path, name) => place((keyNode(at(path), name) ?? at(path))?.range?.[0]),
    textPlace(path, needle, nth, beyond) {
      const [start, end] = at(path)?.range ?? [];
      const found = start === undefined ? undefined : nthIndex(text.slice(0, end), needle, nth, start);
      return place(found === undefined ? start : found + beyond);
    },
  };
}

function nthIndex(text: string, needle: string, nth: number, from: number): number | undefined {
  let found = text.indexOf(needle, from);
  for (let left = nth; left > 0 && found >= 0; left--) found = text.indexOf(needle, found + needle.length);
  return found < 0 ? undefined : found;
}

function placeOf(file: string, lines: LineCounter, offset: number | undefined): string {
  if (offset === undefined) return file;
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

/**
 * Composing values recurses, and a stack that ends inside a regular expression ends the process, not the call. So the
 * depth is measured first, on the syntax tokens, which are built without recursion.
 */
function refuseDepth(tokens: readonly CST.Token[], refusal: (offset: number) => SkepError): void {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) throw refusal(token.offset);
    const inner =
      "items" in token ? token.items.flatMap((item) => [item.key, item.value]) : [token.type === "document" ? token.value : null];
    for (const child of inner) if (child) open.push({ token: child, depth: depth + 1 });
  }
}

function toPlain(document: Document.Parsed, refusal: (why: string) => SkepError): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw refusal(quote(error instanceof Error ? error.message : String(error), 200));
  }
}

/** The node at `path`, or the deepest one there is on the way; aliases are followed. */
function nodeAt(document: Document.Parsed, path: readonly PropertyKey[]): Node | undefined {
  let node = resolved(document, document.contents);
  for (const step of path) {
    if (!isMap(node) && !isSeq(node)) break;
    const next = resolved(document, node.get(step, true));
    if (!next) break;
    node = next;
  }
  return node;
}

function resolved(document: Document.Parsed, node: unknown): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isNode(node) ? node : undefined;
}

function keyNode(map: Node | undefined, name: string): Node | undefined {
  if (!isMap(map)) return undefined;
  const key = map.items.find((item) => isPair(item) && isNode(item.key) && String(item.key.toJSON()) === name)?.key;
  return isNode(key) ? key : undefined;
}
