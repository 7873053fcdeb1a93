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
  | { readonly kind: "verify"; readonly task: TaskId; readonly attempt: number; readonly sha: string; readonly doubt: string }
  /** One place's part of one step of a task that several do together. */
  | { readonly kind: "collab"; readonly task: TaskId; readonly attempt: number; readonly place: string; readonly step: number };

/** A job inside a sentence, without its attempt or round. */
export function jobWords(job: Job): string {
  switch (job.kind) {
    case "plan":
      return "the plan";
    case "plan_review":
      return `the review of plan revision ${job.revision}`;
    case "task":
      return job.task;
    case "review":
      return `the ${job.as === "risk" ? "risk review" : "review"} of ${job.task}`;
    case "verify":
      return `${job.doubt} of the review of ${job.task}`;
    case "collab":
      return `step ${job.step} of ${job.task} as ${job.place}`;
    default: {
      const never: never = job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}
