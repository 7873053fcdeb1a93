import { quote, SkepError } from "../base/errors.ts";

/** A data file as the caller read it, from the package or from the swarm's base commit. */
export interface SourceFile {
  /** Relative to the package or the repository, forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** One thing wrong with one file: where, what, and what its author does about it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly fix: string;
}

const SHOWN = 8;

/** Everything that is wrong at once: nobody should have to mend a catalog one start at a time. */
export function catalogError(problems: readonly Problem[]): SkepError {
  const shown = problems.slice(0, SHOWN).map((problem) => `${place(problem)} ${problem.what}`);
  if (problems.length > SHOWN) shown.push(`and ${problems.length - SHOWN} more`);
  const first = problems[0];
  const next =
    first === undefined
      ? "correct the file, commit it, then the same call again"
      : `in ${place(first)}: ${first.fix}; commit it, then the same call again`;
  return new SkepError("CATALOG_INVALID", shown.join("; "), next);
}

const place = ({ file, line }: Problem): string => `${/^[\w./-]+$/.test(file) ? file : quote(file)}:${line}`;
