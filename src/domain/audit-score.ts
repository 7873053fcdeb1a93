/** What an audit says of its reviewers: pure sums over its log and over what is known about each change. */
import type { SessionId, TaskId } from "../base/ids.ts";
import type { AuditItem, AuditManifest } from "./audit.ts";
import type { FindingEffect } from "./commands.ts";
import type { Event } from "./events.ts";
import type { Prose } from "./model.ts";
import { records } from "./points.ts";
import { parsed } from "./prose.ts";
import { BLOCKING } from "./verdict.ts";

/** Who was asked: a harness and the model it was told to use. */
export interface AuditRoute {
  readonly harness: string;
  readonly model: string | null;
}
export interface AuditReview extends AuditRoute {
  readonly task: TaskId;
  readonly seat: string;
  readonly text: Prose;
}
export interface AuditSpend extends AuditRoute {
  readonly usd: number;
  readonly tokens: number;
}

/** The reviews of an audit's log with who gave them, and what each route cost. */
export function auditReviews(events: readonly Event[]): {
  readonly reviews: readonly AuditReview[];
  readonly spent: readonly AuditSpend[];
} {
  const routes = new Map<string, AuditRoute>();
  const seats = new Map<SessionId, string>();
  const reviews: AuditReview[] = [];
  const spent: AuditSpend[] = [];
  const routeOf = (seat: string): AuditRoute => routes.get(seat) ?? { harness: "unknown", model: null };
  for (const event of events) {
    if (event.type === "swarm_created") for (const { seat, harness, model } of event.seats) routes.set(seat, { harness, model });
    else if (event.type === "seat_added") routes.set(event.seat.seat, { harness: event.seat.harness, model: event.seat.model });
    else if (event.type === "seat_routed") routes.set(event.seat, { harness: event.harness, model: event.model });
    else if (event.type === "session_wanted") seats.set(event.session, event.seat);
    else if (event.type === "review_recorded") reviews.push({ task: event.task, seat: event.by, text: event.text, ...routeOf(event.by) });
    else if (event.type === "turn_ended") {
      const { usd, inputTokens, outputTokens } = event.usage;
      spent.push({ ...routeOf(seats.get(event.session) ?? ""), usd: usd ?? 0, tokens: inputTokens + outputTokens });
    }
  }
  return { reviews, spent };
}

/** A reviewer names the line they read, which is not always the one that changed. */
export const NEAR = 3;

/**
 * Of a planted defect: `caught` by a point that sends the work back, `unsure` by one a second look would have decided,
 * `missed` by none, whatever else was found. Of a change as it was: `passed`, `unsure`, or `alarm` when it would have gone back.
 */
export type AuditOutcome = "caught" | "missed" | "unsure" | "passed" | "alarm";

interface Said {
  readonly sure: boolean;
  readonly near: (file: string, line: number) => boolean;
}

export function outcomeOf({ planted }: Pick<AuditItem, "planted">, review: string): AuditOutcome {
  const said = pointsOf(review);
  const here = planted === null ? said : said.filter(({ near }) => near(planted.file, planted.line));
  const [sure, unsure] = [here.some((one) => one.sure), here.length > 0];
  if (planted === null) return sure ? "alarm" : unsure ? "unsure" : "passed";
  return sure ? "caught" : unsure ? "unsure" : "missed";
}

/** Everything in a review that would decide the verdict, now or after a second look. Notes do not. */
function pointsOf(review: string): readonly Said[] {
  const value = parsed(review);
  if (value === null || typeof value !== "object") return [];
  const { findings, criteria } = value as { findings?: unknown; criteria?: unknown };
  return [
    ...records(findings)
      .filter(({ effect }) => BLOCKING.has(effect as FindingEffect))
      .map(({ file, line, blocks }) => ({
        sure: blocks === true,
        near: (path: string, at: number) => file === path && typeof line === "number" && isNear(line, at),
      })),
    ...records(criteria)
      .filter(({ met }) => met === "no" || met === "cannot_tell")
      .map(({ met, evidence }) => ({ sure: met === "no", near: (path: string, at: number) => cites(String(evidence ?? ""), path, at) })),
  ];
}

const isNear = (line: number, at: number): boolean => Math.abs(line - at) <= NEAR;

/** `src/a.ts:12` in the evidence of a criterion that is not met. */
const cites = (evidence: string, path: string, at: number): boolean =>
  evidence
    .split(`${path}:`)
    .slice(1)
    .some((rest) => isNear(Number(/^\d{1,6}/.exec(rest)?.[0] ?? Number.NaN), at));

export interface AuditSums {
  /** Planted defects that were reviewed, and what became of them. */
  readonly planted: number;
  readonly caught: number;
  readonly unsure: number;
  readonly missed: number;
  /** Changes as they were, likewise. */
  readonly clean: number;
  readonly alarms: number;
  readonly doubted: number;
}
export interface AuditRow extends AuditSums, AuditRoute {
  readonly usd: number;
  readonly tokens: number;
}
export interface Judged extends AuditItem, AuditRoute {
  readonly seat: string;
  readonly outcome: AuditOutcome;
}
export interface AuditScore extends AuditSums {
  readonly rows: readonly AuditRow[];
  readonly judged: readonly Judged[];
  /** Items without a review: given up, or the audit ended before. */
  readonly unreviewed: readonly TaskId[];
}

/** `texts` reads the review behind a `Prose`. */
export function scoreAudit(
  { items }: Pick<AuditManifest, "items">,
  { reviews, spent }: ReturnType<typeof auditReviews>,
  texts: (prose: Prose) => string,
): AuditScore {
  const judged = items.flatMap((item): readonly Judged[] => {
    const review = reviews.find(({ task }) => task === item.task);
    if (!review) return [];
    const { seat, harness, model } = review;
    return [{ ...item, seat, harness, model, outcome: outcomeOf(item, texts(review.text)) }];
  });
  const routes = new Map([...judged, ...spent].map(({ harness, model }) => [routeKey({ harness, model }), { harness, model }]));
  const rows = [...routes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, route]) => {
      const mine = spent.filter((one) => routeKey(one) === key);
      const sum = (of: (one: AuditSpend) => number): number => mine.reduce((all, one) => all + of(one), 0);
      return {
        ...route,
        ...sums(judged.filter((one) => routeKey(one) === key)),
        usd: sum(({ usd }) => usd),
        tokens: sum(({ tokens }) => tokens),
      };
    });
  const unreviewed = items.filter(({ task }) => !judged.some((one) => one.task === task)).map(({ task }) => task);
  return { ...sums(judged), rows, judged, unreviewed };
}

const routeKey = ({ harness, model }: AuditRoute): string => `${harness}\0${model ?? ""}`;

function sums(judged: readonly Judged[]): AuditSums {
  const planted = judged.filter((one) => one.planted !== null);
  const clean = judged.filter((one) => one.planted === null);
  const count = (of: readonly Judged[], outcome: AuditOutcome): number => of.filter((one) => one.outcome === outcome).length;
  return {
    planted: planted.length,
    caught: count(planted, "caught"),
    unsure: count(planted, "unsure"),
    missed: count(planted, "missed"),
    clean: clean.length,
    alarms: count(clean, "alarm"),
    doubted: count(clean, "unsure"),
  };
}
