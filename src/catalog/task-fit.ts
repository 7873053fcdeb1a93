/** Which role a task suits and how risky it is, by its files. Pure: the same files, roles and globs give the same answer. */
import { matcher } from "../base/glob.ts";
import { fileName, listed } from "../domain/foreign.ts";
import { mayOverlap } from "../domain/overlap.ts";
import type { Role } from "./roles.ts";

export interface Fit<T> {
  readonly value: T;
  /** One sentence; null: there was nothing to choose. */
  readonly because: string | null;
}

type Candidate = Pick<Role, "id" | "scopePaths">;

const FIRST = "developer";
/** Takes what skep hands it. */
export const RESOLVER = "resolver";

/** Among roles in the order of the team's seats: the one whose business most of the files are. Null without a candidate. */
export function fitRole(files: readonly string[], roles: readonly Candidate[]): Fit<string> | null {
  const able = roles.filter(({ id }) => id !== RESOLVER);
  const [only, ...others] = able;
  if (!only) return null;
  if (others.length === 0) return { value: only.id, because: null };
  const covered = able.map(({ id, scopePaths }) => ({ id, files: covers(files, scopePaths) }));
  const most = Math.max(...covered.map((one) => one.files));
  const best = covered.filter((one) => one.files === most).map(({ id }) => id);
  const [winner] = best;
  if (winner !== undefined && best.length === 1)
    return { value: winner, because: `${winner} is for ${most} of ${files.length} files, more than any other role` };
  const fallback = able.some(({ id }) => id === FIRST) ? FIRST : only.id;
  const tie = most === 0 ? "its files are no role's own" : `${listed(best, 4)} fit alike, with ${most} of ${files.length} files`;
  return { value: fallback, because: `${tie}, so the ${fallback} takes it` };
}

/** A glob is read as the name of a path: `src/auth/**` lies below `src/`, whatever it will match. */
const asPath = (file: string): string => file.replace(/^(\.?\/)+/, "").replace(/\/$/, "/**");

function covers(files: readonly string[], scope: readonly string[]): number {
  const isIn = matcher(scope);
  return files.filter((file) => isIn(asPath(file))).length;
}

/** The first file that may be one of the paths called risky. */
export function fitRisk(files: readonly string[], risky: readonly string[]): string | null {
  for (const pattern of risky) {
    const file = files.find((one) => touches(one, pattern));
    if (file !== undefined) return `${fileName(file)} is risky by ${fileName(pattern)}`;
  }
  return null;
}

/**
 * A pattern that begins with a wildcard may be anywhere, on either side: then only what it names counts, or every folder and
 * every test would be risky. What is really changed is looked at again when it is handed in.
 */
const touches = (file: string, pattern: string): boolean =>
  matcher([pattern])(asPath(file)) || ([file, pattern].every((one) => !/^[*?[{!(@+]/.test(one)) && mayOverlap(file, pattern));
