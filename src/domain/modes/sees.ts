/** The one place that opens what others made: exactly what the rows of a mode name, for one place in one step. */
import type { Prose } from "../model.ts";
import {
  type Collab,
  type Contribution,
  type Cursor,
  findingId,
  leadOf,
  type Mode,
  type Part,
  type Row,
  type Rule,
  rowOf,
} from "./mode.ts";

export interface Shown {
  readonly what: Part;
  /** Who made it, and in which step. */
  readonly place: string;
  readonly step: number;
  /** Of `work`: null, its commit says it. */
  readonly text: Prose | null;
  readonly sha: string | null;
  readonly findings: number;
}
export interface Sight {
  readonly row: Row;
  readonly shown: readonly Shown[];
  /** What is asked for and was not made: told, so that nobody waits for it. */
  readonly missing: readonly { readonly what: Part; readonly place: string }[];
  /** The commit the worktree stands at. */
  readonly stands: string;
}

/** What a place is shown in the step that runs; null: it has no part in it, so it sees nothing. */
export const sightOf = (mode: Mode, collab: Readonly<Collab>, place: string): Sight | null =>
  look(mode, collab, place, collab.cursor, collab.step);

/** What the lead makes the result of, once the mode is done. */
export const resultOf = (mode: Mode, collab: Readonly<Collab>): Sight | null =>
  look(mode, collab, leadOf(collab).place, { round: collab.cursor.round, phase: "result" }, collab.step + 1);

/** @param before the first step nothing is shown of: what is made at the same time is nobody's to see yet. */
function look(mode: Mode, collab: Readonly<Collab>, place: string, cursor: Cursor, before: number): Sight | null {
  const row = rowOf(mode, collab, cursor, place);
  if (row === null) return null;
  const given = collab.given.filter(({ step }) => step < before);
  const shown: Shown[] = [];
  const missing: { what: Part; place: string }[] = [];
  for (const rule of row.sees) {
    if (cursor.round < (rule.since ?? 1)) continue;
    for (const of of sources(collab, rule, place)) {
      const found = newest(given, rule, of, cursor.round);
      if (found) shown.push(found);
      else if (rule.required) missing.push({ what: rule.what, place: of });
    }
  }
  return { row, shown, missing, stands: standing(given, collab, row, place) };
}

function sources(collab: Readonly<Collab>, { of }: Rule, me: string): readonly string[] {
  const lead = leadOf(collab).place;
  const all = collab.places.map(({ place }) => place);
  if (of === "all") return all;
  return of === "lead" ? [lead].filter((place) => place !== me) : all.filter((place) => place !== me && place !== lead);
}

function newest(given: readonly Contribution[], { what, from }: Rule, place: string, round: number): Shown | null {
  for (const one of [...given].reverse()) {
    if (one.place !== place || (from === "round" && one.cursor.round !== round)) continue;
    const { step, findings } = one;
    if (what === "work" && one.sha !== null) return { what, place, step, text: null, sha: one.sha, findings };
    const part = what === "work" ? undefined : one.parts.find((made) => made.what === what);
    if (part) return { what, place, step, text: part.text, sha: null, findings };
  }
  return null;
}

function standing(given: readonly Contribution[], collab: Readonly<Collab>, { stands }: Row, place: string): string {
  const saved = (of: (one: Contribution) => boolean): string =>
    given.filter((one) => one.sha !== null && of(one)).at(-1)?.sha ?? collab.start;
  switch (stands) {
    case "start":
      return collab.start;
    case "own":
      return saved((one) => one.place === place);
    case "lead":
      return saved((one) => one.place === leadOf(collab).place);
    case "newest":
      return saved(() => true);
    default: {
      const never: never = stands;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

/** Ids of the findings a place is shown, each to be judged once. */
export const shownFindings = ({ shown }: Pick<Sight, "shown">): readonly string[] =>
  shown.flatMap(({ what, place, step, findings }) =>
    what === "findings" ? Array.from({ length: findings }, (_, n) => findingId(place, step, n + 1)) : [],
  );
