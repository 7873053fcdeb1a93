/** Points of a review that nobody is sure of. A session that did not raise them answers each; only then there is a verdict. */
import type { SeatId, SessionId } from "../base/ids.ts";
import type { Prose, State, Task } from "./model.ts";

/** confirmed: the defect is there, or the criterion is not met. */
export type DoubtAnswer = "confirmed" | "refuted" | "cannot_tell";

export interface Doubt {
  /** `f2` for a finding, `c1` for a criterion. */
  readonly id: string;
  /** Who looks into it now. */
  verifier: SeatId | null;
  answer: DoubtAnswer | null;
}

/** A review whose verdict waits for its doubts. */
export interface OpenReview {
  readonly by: SeatId;
  /** Never the one that answers. */
  readonly session: SessionId;
  readonly risk: boolean;
  /** JSON of the review, with the answers so far. */
  text: Prose;
  readonly doubts: readonly Doubt[];
}

export const criterionOf = (doubt: string): number | null => (doubt.startsWith("c") ? Number(doubt.slice(1)) : null);

/** A finding counts when it is confirmed, a criterion unless it is shown to be met. */
export const stands = ({ id, answer }: Pick<Doubt, "id" | "answer">): boolean =>
  criterionOf(id) === null ? answer === "confirmed" : answer !== "refuted";

export const findDoubt = (task: Readonly<Task> | undefined, id: string): Doubt | null =>
  task?.openReview?.doubts.find((doubt) => doubt.id === id) ?? null;

export const answeredDoubts = (review: Readonly<OpenReview>): number => review.doubts.filter(({ answer }) => answer !== null).length;

/** Whether a session's review waits for somebody else to look at it: it must not take that job itself, so it ends. */
export function hasRaised(state: Readonly<State>, session: SessionId): boolean {
  for (const id of state.byStatus.reviewing) if (state.tasks.get(id)?.openReview?.session === session) return true;
  return false;
}
