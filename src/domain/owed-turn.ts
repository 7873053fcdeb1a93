/** A text the host owes a session as its next turn; composed from the state when it is delivered. */
export interface OwedTurn {
  readonly n: number;
  /** A digest is never stored: it is owed as long as there are wake reasons. */
  readonly kind: "nudge" | "idle" | "digest" | "answer" | "retry" | "job";
  readonly reasons: readonly WakeReason[];
}
export interface WakeReason {
  readonly what:
    | "plan_findings"
    | "proposal"
    | "release"
    | "failed_task"
    | "gate_answered"
    | "all_ended"
    | "mail"
    | "stalled"
    | "merged"
    | "returned";
  readonly id: string;
}
