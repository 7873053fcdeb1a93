/**
 * A submission changes only the files its task owns.
 *
 * With files `["docs/", "src/*.ts"]`: `docs/a/b.md` and `src/x.ts` pass, `src/lib/y.ts` and `.skep/config.yaml` do not.
 */
import picomatch from "picomatch";
import { z } from "zod";
import { quote } from "../base/errors.ts";
import type { Check } from "./check.ts";
import { blocking, capped, result } from "./finding.ts";

/**
 * Paths that no pattern covers. A pattern is a path, which covers itself and everything below it (`docs`, `docs/`), or a glob
 * (`src/*.ts`, `**\/*.md`). `.skep/` and `.git` belong to no task, whatever the patterns say.
 */
export function outside(paths: readonly string[], files: readonly string[]): readonly string[] {
  const covers = files.map(covering);
  return paths.filter((path) => isReserved(path) || !covers.some((cover) => cover(path)));
}

/** Whether a path matches one of the globs; the same rules as for a task's files. */
export function matches(path: string, patterns: readonly string[]): boolean {
  return patterns.map(covering).some((cover) => cover(path));
}

/** Some file systems fold case: `.SKEP/` may be `.skep/`. */
const isReserved = (path: string): boolean => /^\.(skep|git)(\/|$)/i.test(path);

function covering(pattern: string): (path: string) => boolean {
  const plain = pattern.replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
  if (plain === "" || plain === ".") return () => true;
  // Taken as written too: `app/[id]/page.tsx` is a file of that name before it is a glob.
  const isBelow = (path: string): boolean => path === plain || path.startsWith(`${plain}/`);
  const glob = picomatch([plain, `${plain}/**`], { dot: true, nonegate: true, strictBrackets: false });
  return (path) => isBelow(path) || glob(path);
}

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
