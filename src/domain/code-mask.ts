/**
 * Source text with its strings and comments blanked, position by position: what is left is code, whatever the language.
 * A scanner for the two families most languages belong to, not a parser: where it is unsure it blanks too much.
 */

/** `slashes`: comments begin with two slashes or slash and star. `hash`: with a hash sign; strings may have three quotes. */
export type Family = "slashes" | "hash";

const FAMILIES: Readonly<Record<Family, readonly string[]>> = {
  slashes: [
    ...["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "java", "kt", "kts", "scala", "go", "rs", "swift", "dart"],
    ...["c", "h", "cc", "cpp", "cxx", "hpp", "cs", "php"],
  ],
  hash: ["py", "rb"],
};

/** null: no language whose code this file knows how to tell from its words. */
export function familyOf(path: string): Family | null {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  return FAMILIES.slashes.includes(ending) ? "slashes" : FAMILIES.hash.includes(ending) ? "hash" : null;
}

/** Stands for every blanked character; occurs in no pattern of code. */
export const BLANK = "\0";

interface Span {
  readonly open: string;
  readonly close: string;
  /** A line break ends it, closed or not. */
  readonly line: boolean;
  readonly escapes: boolean;
}
const span = (open: string, close: string, line: boolean, escapes: boolean): Span => ({ open, close, line, escapes });
const SPANS: Readonly<Record<Family, readonly Span[]>> = {
  slashes: [
    span("/*", "*/", false, false),
    span("//", "\n", true, false),
    span('"""', '"""', false, true),
    span('"', '"', true, true),
    span("'", "'", true, true),
    span("`", "`", false, true),
  ],
  hash: [
    span('"""', '"""', false, true),
    span("'''", "'''", false, true),
    span("#", "\n", true, false),
    span('"', '"', true, true),
    span("'", "'", true, true),
  ],
};

/** The lines of `text`, each as long as it was. */
export function codeLines(text: string, family: Family): readonly string[] {
  let masked = "";
  let at = 0;
  while (at < text.length) {
    const found = SPANS[family].find(({ open }) => text.startsWith(open, at));
    if (!found) {
      masked += text[at];
      at += 1;
      continue;
    }
    const end = endOf(text, at + found.open.length, found);
    masked += text.slice(at, end).replace(/[^\n]/g, BLANK);
    at = end;
  }
  return masked.split("\n");
}

function endOf(text: string, from: number, { close, line, escapes }: Span): number {
  for (let at = from; at < text.length; at += 1) {
    if (escapes && text[at] === "\\") at += 1;
    else if (line && text[at] === "\n") return at;
    else if (text.startsWith(close, at)) return at + close.length;
  }
  return text.length;
}
