/** JSON with comments and trailing commas, read with the place of every value, so that one can be put in or taken out by its bytes. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  /** Of an array. */
  readonly items: readonly JsonNode[] | null;
  /** Of an object; a later one of the same name wins. */
  readonly members: readonly JsonMember[] | null;
}
export interface JsonMember {
  readonly key: string;
  /** Of the key. */
  readonly start: number;
  readonly node: JsonNode;
}

const SPACE = /(?:[\s\ufeff]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const ATOM = /true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const DEEPEST = 100;

/** Throws SyntaxError. */
export function readJson(text: string): JsonNode {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`it is no JSON at line ${text.slice(0, at).split("\n").length}`);
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found === undefined) return null;
    at += found.length;
    return found;
  };
  const sign = (char: string): boolean => {
    take(SPACE);
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  /** Reads up to the closing sign; answers after each element whether there may be another. */
  const list = (close: string, element: () => void): void => {
    while (!sign(close)) {
      element();
      if (!sign(",")) {
        if (!sign(close)) fail();
        return;
      }
    }
  };
  const string = (): string => {
    take(SPACE);
    return JSON.parse(take(STRING) ?? fail()) as string;
  };
  const read = (depth: number): JsonNode => {
    if (depth > DEEPEST) fail();
    take(SPACE);
    const start = at;
    if (sign("{")) {
      const members: JsonMember[] = [];
      list("}", () => {
        take(SPACE);
        const from = at;
        const key = string();
        if (!sign(":")) fail();
        members.push({ key, start: from, node: read(depth + 1) });
      });
      return { start, end: at, value: Object.fromEntries(members.map(({ key, node }) => [key, node.value])), items: null, members };
    }
    if (sign("[")) {
      const items: JsonNode[] = [];
      list("]", () => void items.push(read(depth + 1)));
      return { start, end: at, value: items.map(({ value }) => value), items, members: null };
    }
    const value: unknown = text[at] === '"' ? string() : JSON.parse(take(ATOM) ?? fail());
    return { start, end: at, value, items: null, members: null };
  };
  const root = read(0);
  take(SPACE);
  if (at < text.length) fail();
  return root;
}

export const memberOf = (node: JsonNode, key: string): JsonMember | null => node.members?.findLast((member) => member.key === key) ?? null;
