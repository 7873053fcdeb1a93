/** What is wrong with a pipeline or with what a person gave it: every flaw at once, each with its place and the way out. */
import type { z } from "zod";
import { quote, SkepError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";

export interface Flaw {
  /** `templates/pipelines/docs.yaml:12:5`, or what the person gave: `set build.code.role`. */
  readonly place: string;
  readonly what: string;
  readonly fix: string;
}

const SHOWN = 8;

export const flawText = ({ place, what }: Flaw): string => `${place} ${what}`;

export function pipelineError(flaws: readonly Flaw[]): SkepError {
  const shown = flaws.slice(0, SHOWN).map(flawText);
  if (flaws.length > SHOWN) shown.push(`and ${flaws.length - SHOWN} more`);
  const first = flaws[0];
  return new SkepError(
    "PIPELINE_INVALID",
    shown.join("; "),
    first ? `${first.place}: ${first.fix}, then the same call again` : "try again",
  );
}

/** A schema's complaints, each where its value stands. A misspelt key is why another one is missing: it is named first. */
export function schemaFlaws(
  error: z.ZodError,
  keys: readonly string[],
  at: { place(path: readonly PropertyKey[]): string; keyPlace(path: readonly PropertyKey[], name: string): string },
): readonly Flaw[] {
  const [misspelt, others] = [[] as Flaw[], [] as Flaw[]];
  for (const issue of error.issues) {
    const field = issue.path.map(String).join(".");
    if (issue.code !== "unrecognized_keys") {
      const absent = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
      const what = absent
        ? `misses ${quote(field)}`
        : `has a wrong ${quote(field)}: ${issue.message.replace(/^Invalid (input|option): /, "")}`;
      others.push({ place: at.place(issue.path), what, fix: `give ${quote(field)} a value that fits` });
      continue;
    }
    for (const key of issue.keys) {
      const meant = nearest(key, keys);
      misspelt.push({
        place: at.keyPlace(issue.path, key),
        what: `has the unknown key ${quote(key)}${meant ? `, perhaps ${quote(meant)}` : ""}`,
        fix: meant ? `write ${quote(meant)} instead` : `remove it; known keys are ${keys.join(", ")}`,
      });
    }
  }
  return [...misspelt, ...others];
}

export const perhaps = (meant: string | null): string => (meant === null ? "" : `, perhaps ${quote(meant)}`);
/** What to write instead of a name nobody knows. */
export const choose = (meant: string | null, known: readonly string[]): string =>
  meant === null ? `choose from ${known.join(", ") || "none: there are none"}` : `write ${meant}`;
