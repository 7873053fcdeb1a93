/** Findings of checks, code reviews and plan reviews, read from their JSON into one shape for prompts. */
import type { FindingEffect } from "./commands.ts";
import { fileName, inline } from "./foreign.ts";
import { parsed } from "./prose.ts";
import { BLOCKING } from "./verdict.ts";

export interface Point {
  /** `f1`, `criterion 2`, the check's name, the task of a plan finding. */
  readonly id: string;
  /** What kind: an effect class, a check, a kind of plan finding. */
  readonly effect: string;
  /** `src/a.ts:12`, or null. */
  readonly at: string | null;
  readonly what: string;
  /** What to do about it, or how it shows itself. */
  readonly more: string | null;
  readonly blocks: boolean;
}

/** Tolerant: prose of another version becomes one point that shows the text itself. */
export function pointsIn(text: string): readonly Point[] {
  if (text.trim() === "") return [];
  const value = parsed(text);
  if (Array.isArray(value)) return value.filter(isRecord).map(toPoint);
  if (!isRecord(value)) return [{ id: "finding", effect: "", at: null, what: inline(text, 600), more: null, blocks: true }];
  return [
    ...records(value.criteria)
      .filter((criterion) => criterion.met !== "yes" && criterion.verified !== "refuted")
      .map(unmet),
    ...records(value.unmapped).map(unmapped),
    ...records(value.findings).map(toPoint),
  ];
}

function unmet(criterion: Fields): Point {
  const { met, verified } = criterion;
  const how = met === "no" || verified === "confirmed" ? "not met" : "could not be shown to be met";
  return {
    id: `criterion ${text(criterion.n)}`,
    effect: "unmet_criterion",
    at: null,
    what: how,
    more: text(criterion.verification) || text(criterion.evidence) || null,
    // A doubt that nobody looked into goes along as a note.
    blocks: met === "no" || verified !== undefined,
  };
}

function unmapped(condition: Fields): Point {
  return {
    id: `condition ${text(condition.condition)}`,
    effect: "missing_work",
    at: null,
    what: "no task of the plan meets it",
    more: null,
    blocks: true,
  };
}

function toPoint(found: Fields, index: number): Point {
  const effect = text(found.effect) || text(found.kind) || text(found.check);
  const id = text(found.id) || text(found.task) || (found.check === undefined ? `f${index + 1}` : text(found.check));
  const what = text(found.title) || text(found.message) || text(found.problem);
  const confidence = text(found.confidence);
  const criterion = text(found.criterion);
  const more = text(found.trigger) || text(found.fix) || null;
  const blocks =
    typeof found.blocking === "boolean" ? found.blocking : typeof found.blocks === "boolean" ? found.blocks : blocking(effect, confidence);
  return { id, effect, at: place(found), what: criterion === "" ? what : `${what} (criterion ${criterion})`, more, blocks };
}

const blocking = (effect: string, confidence: string): boolean =>
  BLOCKING.has(effect as FindingEffect) && (confidence === "" || confidence === "high");

function place(found: Fields): string | null {
  const file = text(found.file);
  if (file === "") return null;
  const line = text(found.line);
  return line === "" ? fileName(file) : `${fileName(file)}:${line}`;
}

/** One line of a list: `f1 wrong_result src/a.ts:12: what. More`. */
export function pointLine(point: Point, max = 400): string {
  const head = [point.id, point.effect === point.id ? "" : point.effect, point.at ?? ""].filter((part) => part !== "").join(" ");
  const what = inline(point.what, max).replace(/[.\s]+$/, "");
  return `${inline(head, 200)}: ${what}${point.more === null ? "" : `. ${inline(point.more, max)}`}`;
}

type Fields = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Fields => value !== null && typeof value === "object" && !Array.isArray(value);
export const records = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isRecord) : []);
export const text = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : "");
