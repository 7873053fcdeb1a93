import type { FindingEffect, ReviewCriterion, ReviewFinding } from "./commands.ts";

/** Effects that send work back; the others are notes. */
export const BLOCKING: ReadonlySet<FindingEffect> = new Set([
  "wrong_result",
  "crash",
  "data_loss",
  "security",
  "breaks_caller",
  "unmet_criterion",
]);

/** A defect its reviewer is sure of sends work back; of one they are not, somebody else looks at it first. */
export const isSure = ({ confidence }: Pick<ReviewFinding, "confidence">): boolean => confidence === "high";

export interface Verdict {
  readonly approved: boolean;
  /** Numbers of criteria that are not met. */
  readonly unmet: readonly number[];
  /** Indexes of findings that block. */
  readonly blocking: readonly number[];
  /** What a second look decides, when nothing else does: `c2` for a criterion, `f1` for a finding. */
  readonly doubts: readonly string[];
}

/**
 * The verdict follows from the facts; a reviewer never states it. Doubts are looked into only where they decide: work that
 * goes back anyway takes them along as notes.
 */
export function deriveVerdict(criteria: readonly ReviewCriterion[], findings: readonly ReviewFinding[]): Verdict {
  const unmet = criteria.filter(({ met }) => met === "no").map(({ n }) => n);
  const serious = findings.flatMap((finding, index) => (BLOCKING.has(finding.effect) ? [{ sure: isSure(finding), index }] : []));
  const blocking = serious.filter(({ sure }) => sure).map(({ index }) => index);
  const decided = unmet.length + blocking.length > 0;
  const doubts = [
    ...criteria.filter(({ met }) => met === "cannot_tell").map(({ n }) => `c${n}`),
    ...serious.filter(({ sure }) => !sure).map(({ index }) => `f${index + 1}`),
  ];
  return { approved: !decided && doubts.length === 0, unmet, blocking, doubts: decided ? [] : doubts };
}
