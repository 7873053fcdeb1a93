/**
 * A pattern no added line may match, as rules and roles declare it: with a line it finds and one it leaves alone, so that the
 * self-test can prove that it does what its author meant.
 */
import { z } from "zod";
import { isRegExp } from "../base/bounded-search.ts";
import { inside } from "./fields.ts";

export interface ProvenPattern {
  readonly pattern: string;
  /** Globs it looks at; null: those of its rule or role, else every changed file. */
  readonly paths: readonly string[] | null;
  readonly message: string;
  readonly fix: string;
  /** A line that is found. */
  readonly example: string;
  /** A line much like it that is right. */
  readonly counter: string;
}

const line = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !text.includes("\n"), "must be one line: patterns see one line at a time");

const fields = {
  pattern: z
    .string()
    .min(1)
    .max(1000)
    .refine((text) => isRegExp(text), "is no regular expression"),
  paths: z.array(inside).min(1).max(100).optional(),
  message: z.string().min(1).max(300),
  fix: z.string().min(1).max(300),
  example: line,
  counter: line,
};

/** For the front matter of a rule or a role. */
export const patternSchema = z.strictObject(fields).transform(({ paths = null, ...same }): ProvenPattern => ({ ...same, paths }));
export const PATTERN_KEYS: readonly string[] = Object.keys(fields);

/** What the check `forbidden-patterns` takes; `of` says in a finding who asks for it: `rule typescript`. */
export const patternOptions = (of: string, patterns: readonly ProvenPattern[], paths: readonly string[] | null = null): readonly object[] =>
  patterns.map((one) => {
    const globs = one.paths ?? paths;
    return { pattern: one.pattern, ...(globs ? { paths: globs } : {}), message: `${one.message} (${of})`, fix: one.fix };
  });
