/** The first message of a code review: what was asked and what is there. Not who made it, nor a word of theirs. */
import {
  checks,
  grants,
  joined,
  numbered,
  PROOFS,
  projectPart,
  reportText,
  rules,
  type Surroundings,
  section,
  taskText,
} from "./briefing.ts";
import type { ReviewFacts } from "./briefing-facts.ts";
import { count, fileName, framed, inline, listed, tokens } from "./foreign.ts";
import { text as plain, pointLine, pointsIn, records } from "./points.ts";
import { parsed, type Texts } from "./prose.ts";
import { type LostLine, lostSection } from "./resolver.ts";
import { placesIn, type RoundHunk, roundSection, splitRound } from "./round-split.ts";

export interface ReviewSurroundings extends Surroundings {
  readonly changed?: readonly { readonly path: string; readonly added: number; readonly removed: number }[];
  /** What changed since the last review. */
  readonly since?: readonly RoundHunk[];
  /** What a resolved conflict lost. */
  readonly lost?: { readonly lines: readonly LostLine[]; readonly total: number };
}

const CAP = 800;
/** Characters of a report: it is all there is to review. */
const REPORT = 8_000;
/** A diff above this is told to the reviewer: long ones get shallow looks. */
const LARGE = 400;

/** How many of each list, and how many characters of rules; tightened until the whole fits. Rules go first. */
interface Room {
  readonly items: number;
  readonly rules: number;
}
const ROOMS: readonly Room[] = [
  { items: 20, rules: Number.POSITIVE_INFINITY },
  { items: 20, rules: 600 },
  { items: 20, rules: 0 },
  { items: 8, rules: 0 },
  { items: 3, rules: 0 },
];

export function renderReviewRequest(facts: ReviewFacts, texts: Texts, around: ReviewSurroundings = {}): string {
  let text = "";
  for (const room of ROOMS) {
    text = render(facts, texts, around, room);
    if (tokens(text) <= CAP) break;
  }
  return `${text}\n${projectPart(around.project ?? [])}`.trimEnd().concat("\n");
}

function render(facts: ReviewFacts, texts: Texts, around: ReviewSurroundings, { items: room, rules: ruleRoom }: Room): string {
  const { criteria, contract } = taskText(texts(facts.text));
  const relied = facts.reliedOnBy.length === 0 ? "" : `${listed(facts.reliedOnBy, 8)} will rely on exactly this.`;
  return joined([
    head(facts),
    section("Criteria", [
      numbered(criteria),
      `Proof ${PROOFS[facts.proof]}.`,
      facts.risk === "high" ? `Risk is high: look at misuse, data loss and what cannot be undone.${because(facts)}` : "",
      facts.riskOnly
        ? "You look at the risk alone; another review of the whole comes after yours. Answer the criteria as far as risk goes."
        : "",
    ]),
    section("Contract", contract === null ? [] : [framed(contract), relied]),
    ...(facts.report === undefined
      ? [section("Changed files", changed(around.changed ?? [], facts, room))]
      : [
          section("Report", [
            "The task changes no file; its result is this report. Look up what it says.",
            framed(reportText(texts(facts.report)), REPORT),
          ]),
        ]),
    section("Resolved conflict", around.lost === undefined ? [] : lostSection(around.lost, Math.min(room, 12))),
    section("Check results", results(facts, texts, room)),
    section("Findings of the round before", earlier(facts, texts, room)),
    section("Changed since the last review", since(facts, texts, around, room)),
    section("Rules for these files", ruled(around, ruleRoom)),
    section("Checks you can run", room > 3 ? checks((around.checks ?? []).filter(({ argv }) => argv !== null)) : []),
    section("Next", [
      `Read every page of diff_get with task ${facts.task}, then call task_review_submit with task ${facts.task} and sha ${facts.sha}, one entry for each of ${count(facts.criteria, "criterion").replace("criterions", "criteria")}.`,
    ]),
  ]);
}

const because = ({ risky }: ReviewFacts): string => (risky === null ? "" : ` It ${inline(risky, 240)}.`);

function ruled(around: ReviewSurroundings, room: number): readonly string[] {
  const lines = rules(around, room);
  return lines.length === 0 ? [] : [...lines, "A finding that rests on a rule names it in its title."];
}

function head(facts: ReviewFacts): string {
  const place = [`Swarm ${facts.swarm}`, `commit ${facts.sha}`, ...(facts.base === null ? [] : [`base ${facts.base.slice(0, 12)}`])];
  const tree = facts.worktree === null ? "" : ` Its tree is in ${fileName(facts.worktree)}.`;
  return `# ${facts.riskOnly ? "Risk review" : "Review"} of ${facts.task}, round ${facts.round}: ${inline(facts.title, 120)}\n${place.join(", ")}.${tree}`;
}

function changed(all: NonNullable<ReviewSurroundings["changed"]>, { files, granted }: ReviewFacts, room: number): readonly string[] {
  const lines = all.slice(0, room).map(({ path, added, removed }) => `- ${fileName(path)} +${added} -${removed}`);
  const size = all.reduce((sum, { added, removed }) => sum + added + removed, 0);
  return [
    ...lines,
    ...(all.length > room ? [`[${all.length - room} more: diff_get lists them]`] : []),
    ...(size > LARGE ? [`${size} changed lines is a lot for one task; the last pages need the same look as the first.`] : []),
    `The task may change ${listed(files.map(fileName), 10)}.`,
    ...grants(granted),
  ];
}

function results({ checks: json }: ReviewFacts, texts: Texts, room: number): readonly string[] {
  if (json === null) return [];
  return records(parsed(texts(json)))
    .slice(0, room)
    .map((result) => {
      const notes = records(result.findings)
        .map((finding) => plain(finding.message))
        .filter((message) => message !== "");
      return `- ${inline(plain(result.check), 60)}: ${notes.length === 0 ? "passed" : inline(notes.join("; "), 200)}`;
    });
}

function since({ earlier: json }: ReviewFacts, texts: Texts, { since: hunks }: ReviewSurroundings, room: number): readonly string[] {
  if (hunks === undefined) return [];
  return roundSection(splitRound(hunks, json === null ? [] : placesIn(texts(json))), Math.min(room, 12));
}

function earlier({ earlier: json }: ReviewFacts, texts: Texts, room: number): readonly string[] {
  if (json === null) return [];
  const points = pointsIn(texts(json)).filter((point) => point.blocks);
  if (points.length === 0) return [];
  return [
    ...points.slice(0, room).map((point) => `- ${pointLine(point, 160)}`),
    "Give each f number its state in `earlier`: fixed, open or withdrawn. New findings belong to lines changed since.",
  ];
}
