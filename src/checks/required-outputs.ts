/**
 * What a role has to hand over is there: a file at the submitted commit, with the content it must have.
 *
 * With `{ path: "docs/adr/*.md", content: "^## Decision", description: "a decision record" }`: `docs/adr/3.md` with that
 * heading passes; without the heading, or with no file there, the description is named.
 */
import { z } from "zod";
import { hits, whyUnusable } from "../base/bounded-search.ts";
import { quote } from "../base/errors.ts";
import { matches } from "../base/glob.ts";
import { filesAt, textAt } from "../git/tree.ts";
import type { Change, Check, Finding } from "./check.ts";
import { blocking, result } from "./finding.ts";

interface Output {
  /** Glob. */
  readonly path: string;
  /** Regular expression that one file has to match; `^` and `$` stand for lines. */
  readonly content?: string | null | undefined;
  readonly description: string;
}

/** A file of a submission that is larger is no text somebody reads. */
const MAX_BYTES = 1 << 20;
const MAX_FILES = 200;

const output = z.object({ path: z.string().min(1), content: z.string().nullish(), description: z.string() });

export const requiredOutputs: Check<{ readonly outputs: readonly Output[] }> = {
  id: "required-outputs",
  summary: "The files a role has to hand over are there, with what must be in them.",
  options: z.strictObject({ outputs: z.array(output).default([]) }),
  async run(change, options) {
    const files = options.outputs.length === 0 ? [] : await filesAt(change.worktree, change.sha);
    const findings: Finding[] = [];
    for (const wanted of options.outputs) {
      change.signal.throwIfAborted();
      const found = await missing(
        wanted,
        files.filter((file) => matches(file, [wanted.path])),
        change,
      );
      if (found !== null) findings.push(found);
    }
    return result("required-outputs", change, options, findings);
  },
};

/** A task adds to what is there: its own files are looked into first. */
async function missing(wanted: Output, files: readonly string[], change: Change): Promise<Finding | null> {
  const what = quote(wanted.description, 200);
  const where = quote(wanted.path);
  const own = new Set(change.paths);
  const sorted = [...files.filter((file) => own.has(file)), ...files.filter((file) => !own.has(file))].slice(0, MAX_FILES);
  if (sorted.length === 0) {
    return blocking("required-outputs", `${what} is missing: no file matches ${where}`, `Add it at ${where}.`);
  }
  if (!wanted.content) return null;
  for (const file of sorted) {
    const text = await textAt(change.worktree, change.sha, file, MAX_BYTES);
    try {
      if (text !== null && hits(wanted.content, [text], 1, "um").length > 0) return null;
    } catch (error) {
      const message = `the expression ${quote(wanted.content)} for ${what} ${whyUnusable(error)}`;
      return blocking("required-outputs", message, "Ask for a simpler expression in the role's required_outputs.");
    }
  }
  const [nearest = ""] = sorted;
  const message = `${what} is not complete: no file at ${where} matches ${quote(wanted.content)}`;
  return blocking("required-outputs", message, `Add to ${quote(nearest)} what ${what} needs.`, { file: nearest });
}
