/** JSON with comments and trailing commas, read by jsonc-parser with the place of every value, so that one can be put in or taken out by its bytes. */
import { createScanner, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** Of a member of an object `children` are its key and its value. */
export type JsonNode = Node;

const READ = { allowTrailingComma: true, disallowComments: false } as const;

/** Throws SyntaxError that begins with the line. A byte order mark counts as white space. */
export function readJson(text: string): JsonNode {
  const errors: ParseError[] = [];
  const root = treeOf(text.replace(/^\ufeff/, " "), errors);
  const [first] = errors;
  if (first) throw new SyntaxError(`line ${lineAt(text, first.offset)}: no JSON (${printParseErrorCode(first.error)})`);
  if (root === undefined) throw new SyntaxError("line 1: no JSON");
  return root;
}

function treeOf(text: string, errors: ParseError[]): JsonNode | undefined {
  try {
    return parseTree(text, errors, READ);
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError("line 1: it is nested too deeply");
    throw error;
  }
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

export const endOf = ({ offset, length }: JsonNode): number => offset + length;

/** Of a key that stands twice the later one counts. */
export const memberOf = (node: JsonNode, key: string): JsonNode | null =>
  node.type === "object" ? (node.children?.findLast(({ children: [name] = [] }) => name?.value === key) ?? null) : null;

export const memberValue = (member: JsonNode): JsonNode => member.children?.[1] ?? member;

/** With the prototypes of everybody's objects: without them nothing equals anything. */
export const plainValue = (node: JsonNode): unknown => plain(getNodeValue(node));

export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Where a comma that stands there ends; null: the next sign is another. */
export function commaAfter(text: string, at: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(at);
  scanner.scan();
  const found = scanner.getTokenOffset();
  return text[found] === "," ? found + 1 : null;
}
