import { no, type Refusal } from "./decision.ts";
import type { Task, TaskStatus } from "./model.ts";

/**
 * One row per command: the status it applies to, and where it may lead. Keyed by command, not by status: "claimed
 * may follow open" is true, and still a check result must not be what takes an open task there.
 */
export const TASK_RULES = {
  start_job: { from: ["open"], to: ["claimed"] },
  claim_task: { from: ["open"], to: ["claimed"] },
  begin_collab: { from: ["open"], to: ["claimed"] },
  lose_places: { from: ["claimed"], to: ["open"] },
  end_step: { from: ["claimed"], to: ["open"] },
  report_progress: { from: ["claimed"], to: ["claimed"] },
  extend_task: { from: ["claimed"], to: ["claimed"] },
  submit_task: { from: ["claimed"], to: ["submitted"] },
  release_task: { from: ["claimed"], to: ["open"] },
  record_commit: { from: ["submitted"], to: ["checking", "claimed", "open"] },
  record_checks: { from: ["checking"], to: ["reviewing", "approved", "open"] },
  review_task: { from: ["reviewing"], to: ["approved", "open", "reviewed"] },
  verify_finding: { from: ["reviewing"], to: ["approved", "open"] },
  begin_merge: { from: ["approved"], to: ["merging"] },
  record_undo: { from: ["merged"], to: ["open", "blocked", "cancelled"] },
  record_merge: { from: ["merging"], to: ["merged", "open", "approved"] },
} as const satisfies Record<string, { readonly from: readonly TaskStatus[]; readonly to: readonly TaskStatus[] }>;
export type TaskCommand = keyof typeof TASK_RULES;

/** The refusal when `task` is not where `command` applies, else null. */
export function misplaced(task: Readonly<Task>, command: TaskCommand): Refusal | null {
  const from: readonly TaskStatus[] = TASK_RULES[command].from;
  if (from.includes(task.status)) return null;
  const refusal = no(
    "WRONG_STATUS",
    `${task.id} is ${task.status}; ${command} needs ${from.join(" or ")}`,
    "whoami, to see where you stand",
  );
  return refusal.ok ? null : refusal.refusal;
}

/** The refusal when a caller holds an older attempt than the task, else null. */
export function stale(task: Readonly<Task>, attempt: number): Refusal | null {
  if (attempt === task.attempt) return null;
  const holder = task.seat === null ? "and belongs to nobody" : `and belongs to ${task.seat}`;
  const refusal = no(
    "STALE_ATTEMPT",
    `${task.id} is at attempt ${task.attempt} ${holder}; you sent ${attempt}. Your commits are kept`,
    "end your turn, or task_claim for other work",
  );
  return refusal.ok ? null : refusal.refusal;
}
