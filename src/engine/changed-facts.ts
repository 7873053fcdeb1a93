/** What the project's rules about reviews say of the paths a submission changed. */
import { matches } from "../base/glob.ts";
import type { EngineCommand } from "../domain/commands.ts";
import type { Settings } from "./settings.ts";

type Facts = Pick<Extract<EngineCommand, { type: "record_commit" }>, "risky" | "skip">;
const SHOWN = 3;

export function changedFacts(paths: readonly string[], { config: { review } }: Pick<Settings, "config">): Facts {
  const risky = paths.flatMap((path) => {
    const pattern = review.risky.find((glob) => matches(path, [glob]));
    return pattern === undefined ? [] : [{ path, pattern }];
  })[0];
  const used = new Set(paths.map((path) => review.skip.find((glob) => matches(path, [glob]))));
  const unread = paths.length > 0 && !used.has(undefined);
  const patterns = [...used].slice(0, SHOWN).join(", ");
  return { ...(risky ? { risky } : {}), ...(unread ? { skip: `every changed path matches ${patterns} of review.skip` } : {}) };
}
