/**
 * A submission changes only the files its task owns.
 *
 * With files `["docs/", "src/*.ts"]`: `docs/a/b.md` and `src/x.ts` pass, `src/lib/y.ts` and `.skep/config.yaml` do not.
 */
import { z } from "zod";
import { quote } from "../base/errors.ts";
import { matcher } from "../base/glob.ts";
import type { Check } from "./check.ts";
import { blocking, capped, result } from "./finding.ts";

/** Paths that no pattern covers. `.skep/` and `.git` belong to no task, whatever the patterns say. */
export function outside(paths: readonly string[], files: readonly string[]): readonly string[] {
  const isOwned = matcher(files);
  return paths.filter((path) => isReserved(path) || !isOwned(path));
}

/** Some file systems fold case: `.SKEP/` may be `.skep/`. */
const isReserved = (path: string): boolean => /^\.(skep|git)(\/|$)/i.test(path);

export const scope: Check<Record<string, never>> = {
  id: "scope",
  summary: "Only files the task owns are changed.",
  options: z.strictObject({}),
  async run(change, options) {
    const fix = `Take the change to it back (git checkout ${change.base.slice(0, 12)} -- <file>), or ask for the file with task_extend.`;
    const findings = outside(change.paths, change.files).map((file) =>
      blocking("scope", `${quote(file)} is not one of the task's files`, fix, { file }),
    );
    return result("scope", change, options, capped(findings, 50));
  },
};
