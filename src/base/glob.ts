/**
 * Which paths a pattern names, the same everywhere: a task's files, the paths of a rule, the globs of a check. A pattern is a
 * path, which covers itself and everything below it (`docs`, `docs/`), or a glob (`src/*.ts`, `**\/*.{md,mdx}`).
 */
import picomatch from "picomatch";

/** Whether a path is named by one of the patterns. */
export const matches = (path: string, patterns: readonly string[]): boolean => matcher(patterns)(path);

/** The patterns made ready once, for many paths. */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const covers = patterns.map(covering);
  return (path) => covers.some((cover) => cover(path));
}

/** Making a pattern ready costs a hundred times what asking it does, and the same few are asked for every path. */
const known = new Map<string, (path: string) => boolean>();
const MOST_KNOWN = 2_000;

function covering(pattern: string): (path: string) => boolean {
  const found = known.get(pattern) ?? made(pattern);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(pattern, found);
  return found;
}

function made(pattern: string): (path: string) => boolean {
  const plain = pattern.replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
  if (plain === "" || plain === ".") return () => true;
  // Taken as written too: `app/[id]/page.tsx` is a file of that name before it is a glob.
  const isBelow = (path: string): boolean => path === plain || path.startsWith(`${plain}/`);
  const glob = picomatch([plain, `${plain}/**`], { dot: true, nonegate: true, strictBrackets: false });
  return (path) => isBelow(path) || glob(path);
}
