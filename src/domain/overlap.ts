/**
 * Whether two file patterns could name the same file. Conservative: says yes when it cannot tell, because two
 * tasks that share a file must be ordered and a wrong "no" costs a merge conflict.
 */
export function mayOverlap(a: string, b: string): boolean {
  const others = forms(b);
  return forms(a).some((left) => others.some((right) => meet(left, right)));
}

/** Each way to read a pattern, without alternatives in braces: what it names, and what lies below that. A leading `./` says nothing. */
const forms = (pattern: string): readonly string[] => choices(pattern.replace(/^(\.?\/)+/, "")).flatMap(withBelow);

/** `docs`, `docs/` and `docs/**` are one. */
function withBelow(pattern: string): readonly string[] {
  const plain = pattern.replace(/(\/|\/\*\*)+$/, "");
  if (plain === "" || plain === ".") return ["**"];
  return plain !== pattern || mayBeFolder(plain) ? [plain, `${plain}/**`] : [plain];
}

function meet(left: string, right: string): boolean {
  if (left === right) return true;
  const [leftStem, rightStem] = [stem(left), stem(right)];
  // A path is met where the other's wildcard begins or later; two different paths never.
  const begins = (right !== rightStem && leftStem.startsWith(rightStem)) || (left !== leftStem && rightStem.startsWith(leftStem));
  return begins && suffixesAgree(left, right);
}

const MOST_CHOICES = 64;

/** `*.{ts,tsx}` is `*.ts` and `*.tsx`. Too many of them stay together: a brace counts as a wildcard. */
function choices(pattern: string): readonly string[] {
  let all: readonly string[] = [pattern];
  for (;;) {
    const next = all.flatMap(firstChoice);
    if (next.length === all.length || next.length > MOST_CHOICES) return all;
    all = next;
  }
}

function firstChoice(pattern: string): readonly string[] {
  const match = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (!match) return [pattern];
  const [before, after] = [pattern.slice(0, match.index), pattern.slice(match.index + match[0].length)];
  return (match[1] ?? "").split(",").map((choice) => before + choice + after);
}

const firstWild = (pattern: string): number => pattern.search(/[*?[{!]|[@+]\(|\([^)]*\|/);

function stem(pattern: string): string {
  const wild = firstWild(pattern);
  return wild < 0 ? pattern : pattern.slice(0, wild);
}

/** Stands for one file alone, as far as its name tells. */
export const isOneFile = (pattern: string): boolean => firstWild(pattern) < 0 && !pattern.endsWith("/") && !mayBeFolder(pattern);

/** `src/lib` may be one, `src/a.ts` is a file. */
const mayBeFolder = (path: string): boolean => !/[^/]\.[^/.]+$/.test(path);

/** `src/*.ts` and `src/*.md` cannot meet: literal endings after the last wildcard must agree. */
function suffixesAgree(a: string, b: string): boolean {
  const left = ending(a);
  const right = ending(b);
  return left.endsWith(right) || right.endsWith(left);
}

function ending(pattern: string): string {
  const last = Math.max(...[..."*?]})!"].map((sign) => pattern.lastIndexOf(sign)));
  return pattern.slice(last + 1);
}
