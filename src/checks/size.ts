/**
 * A submission is small enough to be read with care. Lock files, vendored and generated files do not count; what is generated
 * is told by the base's `.gitattributes` (`linguist-generated`), which the submission cannot change for itself.
 *
 * With `{ lines: 800, note: 400 }`: 401 changed lines are a note to the reviewer, 801 ask for a split, 9,000 in
 * `package-lock.json` are nothing.
 */
import { z } from "zod";
import { matches } from "../base/glob.ts";
import { withAttribute } from "../git/attributes.ts";
import { isGenerated } from "../git/diff.ts";
import type { Check, Finding } from "./check.ts";
import { blocking, note, result } from "./finding.ts";

interface SizeOptions {
  /** Above it the submission is returned; null is off. */
  readonly lines: number | null;
  /** Above it the reviewer is told; null is off. */
  readonly note: number | null;
  /** Globs that do not count. */
  readonly ignore: readonly string[];
}

const VENDORED = ["**/vendor/**", "**/third_party/**", "**/node_modules/**", "**/__snapshots__/**", "**/*.snap"];

const lines = z.number().int().positive().nullable();

export const size: Check<SizeOptions> = {
  id: "size",
  summary: "The change is small enough to be read with care.",
  options: z.strictObject({ lines: lines.default(800), note: lines.default(400), ignore: z.array(z.string()).default([]) }),
  async run(change, options) {
    const files = await change.diff.files();
    const generated = await withAttribute(change.worktree, change.base, "linguist-generated", change.paths);
    const skipped = (path: string): boolean => isGenerated(path) || generated.has(path) || matches(path, [...VENDORED, ...options.ignore]);
    const counted = files.filter(({ path }) => !skipped(path));
    const changed = counted.map(({ path, additions, deletions }) => ({ path, lines: (additions ?? 0) + (deletions ?? 0) }));
    return result("size", change, options, judge(changed, options));
  },
};

function judge(changed: readonly { readonly path: string; readonly lines: number }[], options: SizeOptions): readonly Finding[] {
  const total = changed.reduce((sum, file) => sum + file.lines, 0);
  const largest = [...changed].sort((a, b) => b.lines - a.lines)[0];
  const place = largest ? { file: largest.path } : {};
  const most = largest ? `, ${largest.lines} of them in one file` : "";
  if (options.lines !== null && total > options.lines) {
    const message = `${total} changed lines${most}; a submission may have ${options.lines}`;
    const fix = "Hand in a part that stands by itself and task_propose the rest, or task_release and ask for a split.";
    return [blocking("size", message, fix, place)];
  }
  if (options.note === null || total <= options.note) return [];
  return [
    note("size", `${total} changed lines${most}: the last need the same look as the first`, "Consider a smaller change next time.", place),
  ];
}
