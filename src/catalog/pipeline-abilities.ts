/** What a pipeline may ask for and this version cannot do yet: refused where it stands, never left out in silence. */
import type { Flaw } from "./pipeline-flaws.ts";
import type { Draft } from "./pipelines.ts";

/** An ability lands: its line goes. */
const MISSING: Readonly<Record<string, (task: Draft["phases"][number]["tasks"][number]) => boolean>> = {
  checks: ({ checks }) => checks.length > 0,
  delegation: ({ delegation }) => delegation === "human",
  report: ({ report }) => report,
};

export function unableFlaws({ phases, place }: Draft): readonly Flaw[] {
  const fix = "take it out, or use a version of skep that can";
  return phases.flatMap(({ tasks }, p) =>
    tasks.flatMap((task, t) =>
      Object.entries(MISSING).flatMap(([field, asks]) =>
        asks(task)
          ? [{ place: place(["phases", p, "tasks", t, field]), what: `has ${field}, which this version of skep cannot carry out`, fix }]
          : [],
      ),
    ),
  );
}
