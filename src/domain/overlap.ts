/**
 * Whether two file patterns could name the same file. Conservative: says yes when it cannot tell, because two
 * tasks that share a file must be ordered and a wrong "no" costs a merge conflict.
 */
export function mayOverlap(a: string, b: string): boolean {
  const others = choices(normalize(b));
  return choices(normalize(a)).some((left) => others.some((right) => meet(left, right)));
}

/** Two patterns without alternatives in braces. */
function meet(left: string, right: string): boolean {
  if (left === right) return true;
  const [leftGlob, rightGlob] = [firstWild(left), firstWild(right)];
  if (leftGlob < 0 && rightGlob < 0) return isBelow(left, right) || isBelow(right, left);
  if (leftGlob < 0) return globsMeet(left, right) || (mayBeFolder(left) && globsMeet(`${left}/**`, right));
  if (rightGlob < 0) return globsMeet(left, right) || (mayBeFolder(right) && globsMeet(left, `${right}/**`));
  return globsMeet(left, right);
}

function globsMeet(left: string, right: string): boolean {
  const [leftStem, rightStem] = [stem(left), stem(right)];
  if (!leftStem.startsWith(rightStem) && !rightStem.startsWith(leftStem)) return false;
  return suffixesAgree(left, right);
}

/** `docs/` and `docs/**` both mean everything below; a leading `./` says nothing. */
function normalize(pattern: string): string {
  const plain = pattern.replace(/^(\.?\/)+/, "");
  return plain === "" || plain === "." || plain.endsWith("/") ? `${plain === "." ? "" : plain}**` : plain;
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

/** A path without wildcards covers what lies below it. */
const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

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
