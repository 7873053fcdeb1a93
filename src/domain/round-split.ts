/**
 * What changed since a reviewer last looked, in two: what is beside a finding and may answer it, and what goes beyond. The
 * latter is new work nobody has read, though it came with a repair.
 */
import { fileName } from "./foreign.ts";
import { records } from "./points.ts";
import { parsed } from "./prose.ts";

/** Lines that changed together. */
export interface RoundHunk {
  readonly path: string;
  /** Where it was, in what was reviewed. */
  readonly oldLine: number;
  readonly removed: number;
  /** Where it is, in what is under review. */
  readonly line: number;
  readonly added: number;
}
export interface FindingPlace {
  readonly file: string;
  /** null: the whole file. */
  readonly line: number | null;
}
export interface RoundSplit {
  readonly answers: readonly RoundHunk[];
  readonly beyond: readonly RoundHunk[];
}

/** A repair is rarely on the very line: a guard above it, a branch below. */
const NEAR = 10;

export function splitRound(hunks: readonly RoundHunk[], places: readonly FindingPlace[]): RoundSplit {
  const answers = hunks.filter((hunk) => places.some((place) => isNear(hunk, place)));
  return { answers, beyond: hunks.filter((hunk) => !answers.includes(hunk)) };
}

function isNear({ path, oldLine, removed }: RoundHunk, { file, line }: FindingPlace): boolean {
  if (path !== file) return false;
  return line === null || (line >= oldLine - NEAR && line <= oldLine + Math.max(removed, 1) - 1 + NEAR);
}

/** Places of the findings that sent the work back, from the JSON of that review. */
export function placesIn(review: string): readonly FindingPlace[] {
  const value = parsed(review);
  if (value === null || typeof value !== "object") return [];
  return records((value as { findings?: unknown }).findings).flatMap(({ file, line, blocks }) =>
    typeof file === "string" && blocks !== false ? [{ file, line: typeof line === "number" ? line : null }] : [],
  );
}

/** For the reviewer: what goes beyond comes first. */
export function roundSection({ answers, beyond }: RoundSplit, room: number): readonly string[] {
  if (answers.length + beyond.length === 0) return ["Nothing changed since the last review but what was merged meanwhile."];
  return [
    ...(beyond.length === 0 ? [] : ["Beyond the findings; nobody has read this yet:", ...rows(beyond, room)]),
    ...(answers.length === 0 ? [] : ["Beside a finding:", ...rows(answers, room)]),
  ];
}

function rows(hunks: readonly RoundHunk[], room: number): readonly string[] {
  const lines = hunks.slice(0, room).map(({ path, line, added, removed }) => `- ${fileName(path)}:${line} +${added} -${removed}`);
  return hunks.length > room ? [...lines, `[${hunks.length - room} more]`] : lines;
}
