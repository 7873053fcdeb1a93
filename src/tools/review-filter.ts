/**
 * What skep makes of a reviewer's words before they count: places that do not exist, findings about untouched files and
 * findings told twice are dropped with a reason, doubts become notes. Pure; `ReviewGround` holds what git knows.
 */
import type { FindingEffect } from "../domain/commands.ts";
import { BLOCKING, isSure } from "../domain/verdict.ts";

export interface ReviewGround {
  /** Lines of each file the review names, at the submitted commit; null: no such file. */
  readonly lines: ReadonlyMap<string, number | null>;
  readonly changed: ReadonlySet<string>;
  readonly checks: ReadonlySet<string>;
}
export interface CriterionAnswer {
  readonly n: number;
  readonly met: "yes" | "no" | "cannot_tell";
  readonly evidence: string;
}
export interface GivenFinding {
  readonly effect: FindingEffect;
  readonly file: string;
  readonly line?: number | undefined;
  readonly title: string;
  readonly trigger: string;
  readonly criterion?: number | undefined;
  readonly confidence: "high" | "medium" | "low";
}
export interface KeptFinding extends Omit<GivenFinding, "line" | "criterion"> {
  readonly id: string;
  readonly line: number | null;
  readonly criterion: number | null;
  readonly blocks: boolean;
}
export interface Dropped {
  readonly title: string;
  readonly why: string;
}

/** `src/a.ts:12`, wherever it stands in a sentence. */
const PLACE = /([\w@.+/()[\]-]*[\w)\]]):(\d{1,6})(?!\d)/g;

interface Cited {
  readonly path: string;
  readonly line: number;
}

function placesIn(text: string, changed: ReadonlySet<string>): readonly Cited[] {
  const plain = [...text.matchAll(PLACE)].map(([, path = "", line]) => ({ path: path.replace(/^[([]+|^\.\//, ""), line: Number(line) }));
  return [...plain, ...[...changed].flatMap((path) => oddPlaces(text, path))];
}

/** A name with spaces, quotes or letters of any script is known only by looking for it, bare or as a diff shows it. */
function oddPlaces(text: string, path: string): readonly Cited[] {
  if (/^[\w@.+/()[\]-]*$/.test(path)) return [];
  const shown = new Set([path, JSON.stringify(path).slice(1, -1)]);
  const behind = [...shown].flatMap((name) => text.split(name).slice(1));
  return behind.flatMap((rest) => {
    const line = /^["'`]?:(\d{1,6})(?!\d)/.exec(rest)?.[1];
    return line === undefined ? [] : [{ path, line: Number(line) }];
  });
}

/** Every path whose lines `filterFindings` and `baseless` will ask for. */
export function namedPaths(
  criteria: readonly CriterionAnswer[],
  findings: readonly GivenFinding[],
  changed: ReadonlySet<string>,
): ReadonlySet<string> {
  const cited = criteria.flatMap(({ evidence }) => placesIn(evidence, changed).map(({ path }) => path));
  return new Set([...cited, ...findings.map(({ file }) => file)]);
}

const exists = ({ lines }: ReviewGround, path: string, line: number): boolean => line >= 1 && line <= (lines.get(path) ?? 0);

/** Numbers of criteria said to be met whose evidence can be looked up nowhere. */
export function baseless(criteria: readonly CriterionAnswer[], ground: ReviewGround): readonly number[] {
  return criteria.filter(({ met, evidence }) => met === "yes" && !isGrounded(evidence, ground)).map(({ n }) => n);
}

/** It names a line of this commit, or a check. */
function isGrounded(evidence: string, ground: ReviewGround): boolean {
  const words = evidence.toLowerCase().split(/[^\w-]+/);
  if (words.some((word) => ground.checks.has(word))) return true;
  return placesIn(evidence, ground.changed).some(({ path, line }) => exists(ground, path, line));
}

export function filterFindings(
  findings: readonly GivenFinding[],
  ground: ReviewGround,
): { kept: readonly KeptFinding[]; dropped: readonly Dropped[] } {
  const kept: KeptFinding[] = [];
  const dropped: Dropped[] = [];
  for (const finding of findings) {
    const why = groundless(finding, ground) ?? twin(finding, kept);
    if (why !== null) dropped.push({ title: finding.title, why });
    else
      kept.push({
        ...finding,
        line: finding.line ?? null,
        criterion: finding.criterion ?? null,
        id: `f${kept.length + 1}`,
        blocks: blocks(finding),
      });
  }
  return { kept, dropped };
}

/** Style is for a linter, and a doubt does not send work back by itself; both stay readable for the author. */
const blocks = (finding: GivenFinding): boolean => BLOCKING.has(finding.effect) && isSure(finding);

function groundless(finding: GivenFinding, ground: ReviewGround): string | null {
  const { file, line, effect, title, trigger } = finding;
  const touched = ground.changed.has(file);
  const length = ground.lines.get(file) ?? null;
  if (length === null && !touched) return `there is no file ${JSON.stringify(file.slice(0, 120))} at this commit`;
  if (length !== null && line !== undefined && !exists(ground, file, line)) return `it has only ${length} lines`;
  if (effect === "unmet_criterion") return finding.criterion === undefined ? "it names no criterion" : null;
  if (touched || [...ground.changed].some((path) => `${title} ${trigger}`.includes(path))) return null;
  return "it is about a file this change does not touch, and names no changed line that causes it";
}

function twin(finding: GivenFinding, kept: readonly KeptFinding[]): string | null {
  const same = kept.find((one) => one.file === finding.file && one.effect === finding.effect && isSame(one, finding));
  return same ? `the same as ${same.id}` : null;
}

function isSame(a: KeptFinding, b: GivenFinding): boolean {
  if (a.line !== null && a.line === b.line && a.criterion === (b.criterion ?? null)) return true;
  const names = identifiers(`${a.title} ${a.trigger}`);
  const shared = [...identifiers(`${b.title} ${b.trigger}`)].filter((name) => names.has(name));
  return shared.length >= 2;
}

/** Words that look like code: with a capital inside, an underscore, a dot, a digit or a call. */
function identifiers(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/[A-Za-z_$][\w$.]*(\(\))?/g)].map(([word]) => word).filter((word) => /[a-z][A-Z]|_|\w\.\w|\(\)|[a-z]\d/.test(word)),
  );
}
