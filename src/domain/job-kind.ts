import type { TaskId } from "../base/ids.ts";

/** What a session was started for. It may do nothing else. */
export type Job =
  | { readonly kind: "plan" }
  | { readonly kind: "plan_review"; readonly revision: number }
  | { readonly kind: "task"; readonly task: TaskId; readonly attempt: number }
  | {
      readonly kind: "review";
      readonly task: TaskId;
      readonly attempt: number;
      readonly round: number;
      readonly sha: string;
      /** It looks at what could go wrong; the ordinary review comes after it. */
      readonly as?: "risk";
    }
  /** One doubt of a review: `f2` or `c1`. */
  | { readonly kind: "verify"; readonly task: TaskId; readonly attempt: number; readonly sha: string; readonly doubt: string };
