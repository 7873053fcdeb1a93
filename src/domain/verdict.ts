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

export interface Verdict {
  readonly approved: boolean;
  /** Numbers of criteria not shown to be met. */
  readonly unmet: readonly number[];
  /** Indexes of findings that block. */
  readonly blocking: readonly number[];
}

/**
 * The verdict follows from the facts; a reviewer never states it. `cannot_tell` does not approve, and a finding of
 * low confidence does not block: it stays in the review for the author to read.
 */
export function deriveVerdict(criteria: readonly ReviewCriterion[], findings: readonly ReviewFinding[]): Verdict {
  const unmet = criteria.filter((criterion) => criterion.met !== "yes").map((criterion) => criterion.n);
  const blocking = findings.flatMap((finding, index) => (BLOCKING.has(finding.effect) && finding.confidence !== "low" ? [index] : []));
  return { approved: unmet.length === 0 && blocking.length === 0, unmet, blocking };
}
