/** What a reviewer sends: pages it read, a review of a commit, an answer to one doubt of a review. */
import type { TaskId } from "../base/ids.ts";
import type { DoubtAnswer } from "./doubt.ts";
import type { Prose } from "./model.ts";

export interface ReviewCriterion {
  readonly n: number;
  readonly met: "yes" | "no" | "cannot_tell";
}
export type FindingEffect =
  | "wrong_result"
  | "crash"
  | "data_loss"
  | "security"
  | "breaks_caller"
  | "unmet_criterion"
  | "weak_test"
  | "style";
export interface ReviewFinding {
  readonly effect: FindingEffect;
  readonly confidence: "high" | "medium" | "low";
  readonly criterion: number | null;
}
export type ReviewCommand =
  | { readonly type: "read_diff"; readonly task: TaskId; readonly sha: string; readonly page: number; readonly pages: number }
  | {
      readonly type: "verify_finding";
      readonly task: TaskId;
      readonly sha: string;
      /** The doubt: `f2` or `c1`. */
      readonly finding: string;
      readonly answer: DoubtAnswer;
      /** How many doubts were answered when `text` was written. */
      readonly after: number;
      /** JSON of the review with this answer in it. */
      readonly text: Prose;
    }
  | {
      readonly type: "review_task";
      readonly task: TaskId;
      readonly sha: string;
      readonly criteria: readonly ReviewCriterion[];
      readonly findings: readonly ReviewFinding[];
      /** JSON of the whole review, kept findings with ids f1, f2, …. */
      readonly text: Prose;
    };
