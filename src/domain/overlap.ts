/**
 * Whether two file patterns could name the same file. Conservative: says yes when it cannot tell, because two
 * tasks that share a file must be ordered and a wrong "no" costs a merge conflict.
 */
export function mayOverlap(a: string, b: string): boolean {
  const left = normalize(a);
  const right = normalize(b);
  if (left === right) return true;
  const leftGlob = firstWild(left);
  const rightGlob = firstWild(right);
  if (leftGlob < 0 && rightGlob < 0) return false;
  const leftStem = leftGlob < 0 ? left : left.slice(0, leftGlob);
  const rightStem = rightGlob < 0 ? right : right.slice(0, rightGlob);
  if (!leftStem.startsWith(rightStem) && !rightStem.startsWith(leftStem)) return false;
  return suffixesAgree(left, right);
}

/** `docs/` and `docs/**` both mean everything below; a leading `./` says nothing. */
function normalize(pattern: string): string {
  const plain = pattern.replace(/^\.\//, "");
  return plain.endsWith("/") ? `${plain}**` : plain;
}

const firstWild = (pattern: string): number => pattern.search(/[*?[{!]/);

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
