/**
 * No added line matches a pattern the project forbids. Conflict markers left in a file are always forbidden.
 *
 * With `{ pattern: "\\.only\\(", paths: ["test/"] }`: an added `test.only(` in `test/a.ts` is found; one that was there before
 * passes, and so does one in `docs/a.md`.
 */
import { z } from "zod";
import { hits, whyUnusable } from "../base/bounded-search.ts";
import { quote } from "../base/errors.ts";
import { matcher } from "../base/glob.ts";
import { type AddedLine, CONFLICT_MARKER } from "../git/added-lines.ts";
import type { Check, Finding } from "./check.ts";
import { blocking, capped, result } from "./finding.ts";

interface Pattern {
  readonly pattern: string;
  /** Globs; without them every changed file. */
  readonly paths?: readonly string[] | undefined;
  readonly message: string;
  readonly fix: string;
}

const MAX_HITS = 20;

const patterns = z.array(z.object({ pattern: z.string(), paths: z.array(z.string()).optional(), message: z.string(), fix: z.string() }));

export const forbiddenPatterns: Check<{ readonly patterns: readonly Pattern[] }> = {
  id: "forbidden-patterns",
  summary: "No added line matches a forbidden pattern or is a leftover conflict marker.",
  options: z.strictObject({ patterns: patterns.default([]) }),
  async run(change, options) {
    const lines = await change.diff.added();
    const findings: Finding[] = lines
      .filter((line) => CONFLICT_MARKER.test(line.text))
      .map((line) => found(line, "a conflict marker was left in the file", "Decide the conflict and remove its markers."));
    for (const rule of options.patterns) {
      change.signal.throwIfAborted();
      const isOwn = rule.paths ? matcher(rule.paths) : () => true;
      const own = lines.filter(({ path }) => isOwn(path));
      findings.push(...search(rule, own));
    }
    return result("forbidden-patterns", change, options, capped(findings, 50));
  },
};

const found = (line: AddedLine, message: string, fix: string): Finding =>
  blocking("forbidden-patterns", message, fix, { file: line.path, line: line.line });

/** The line itself is not repeated: what a project forbids may be a secret of its own. */
function search(rule: Pattern, lines: readonly AddedLine[]): readonly Finding[] {
  try {
    return hits(
      rule.pattern,
      lines.map((line) => line.text),
      MAX_HITS,
    ).flatMap((index) => {
      const line = lines[index];
      return line ? [found(line, rule.message, rule.fix)] : [];
    });
  } catch (error) {
    // An expression that does not come to an end, or is none: the lines were not searched, so they do not pass.
    const fix = "Ask for a simpler expression under checks.forbidden in .skep/config.yaml.";
    return [blocking("forbidden-patterns", `the forbidden pattern ${quote(rule.pattern)} ${whyUnusable(error)}`, fix)];
  }
}
