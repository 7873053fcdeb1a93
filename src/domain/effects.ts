import type { SeatId, SessionId, TaskId } from "../base/ids.ts";
import type { Batch, BatchTask, Undo } from "./merge-queue.ts";
import type { Job, OwedTurn, Session, Task } from "./model.ts";
import type { OperatorLetter } from "./operator-letter.ts";
import type { DueTier } from "./supervision.ts";

/** What the world still owes the state. One handler file per kind in `engine/effects/`. */
export type Effect = { readonly key: string } & (
  | { readonly kind: "open_swarm" }
  | { readonly kind: "open_worktree"; readonly session: SessionId; readonly seat: SeatId; readonly job: Job }
  | {
      readonly kind: "start_session";
      readonly session: SessionId;
      readonly seat: SeatId;
      readonly job: Job;
      readonly run: number;
      /** The session ran before under another host: end what is left of it and continue by its CLI session id. */
      readonly resume: boolean;
      /** Its turn was cut off and has to go on. */
      readonly interrupted: boolean;
    }
  | { readonly kind: "start_turn"; readonly session: SessionId; readonly run: number; readonly turn: OwedTurn }
  | { readonly kind: "stop_session"; readonly session: SessionId; readonly run: number; readonly why: string }
  /** A tier's time has come: whether it really does nothing. */
  | { readonly kind: "look_at_session"; readonly session: SessionId; readonly seat: SeatId; readonly run: number; readonly due: DueTier }
  /** The last question before it is ended. */
  | { readonly kind: "probe_session"; readonly session: SessionId; readonly run: number }
  | { readonly kind: "commit_submission"; readonly task: TaskId; readonly attempt: number; readonly submission: number }
  | { readonly kind: "save_work"; readonly task: TaskId; readonly attempt: number; readonly seat: SeatId }
  /** What a place that writes left in its worktree becomes a commit: the next step begins there. */
  | {
      readonly kind: "save_contribution";
      readonly task: TaskId;
      readonly attempt: number;
      readonly step: number;
      readonly place: string;
      readonly seat: SeatId;
      readonly start: string;
    }
  | { readonly kind: "run_checks"; readonly task: TaskId; readonly attempt: number; readonly sha: string }
  | { readonly kind: "verify_merge"; readonly batch: number; readonly tip: string; readonly tasks: readonly BatchTask[] }
  | {
      readonly kind: "merge_task";
      readonly task: TaskId;
      readonly attempt: number;
      readonly sha: string;
      /** What the merge must give: the tree that was verified. Null: nothing had to be. */
      readonly tree: string | null;
    }
  | { readonly kind: "undo_task"; readonly undo: Undo }
  /** A letter of skep's own in the operator's inbox. */
  | { readonly kind: "write_operator"; readonly letter: OperatorLetter }
  | { readonly kind: "close_swarm" }
);
export type EffectKind = Effect["kind"];

/** Keys name one piece of owed work: the same work has the same key in every process. */
export const effectKey = {
  open_swarm: () => "open_swarm",
  open_worktree: (session: Session) =>
    `open_worktree:${session.id}${"task" in session.job ? `:${session.job.task}-${session.job.attempt}` : ""}${"step" in session.job ? `-${session.job.step}` : ""}`,
  start_session: (session: Session) => `start_session:${session.id}-${session.run + 1}`,
  start_turn: (session: Session, n: number) => `start_turn:${session.id}-${session.run}-${n}`,
  stop_session: (session: Session) => `stop_session:${session.id}-${session.run}`,
  look_at_session: ({ id, run, seenAt, watch }: Session, { because, tier }: DueTier) =>
    `look_at_session:${id}-${run}-${because}-${tier}-${{ loop: watch.loops, turns: watch.turns?.since, silence: seenAt }[because]}`,
  probe_session: (session: Session) => `probe_session:${session.id}-${session.run}`,
  commit_submission: (task: Task) => `commit_submission:${task.id}-${task.attempt}-${task.submissions}`,
  save_work: (task: Task, attempt: number) => `save_work:${task.id}-${attempt}`,
  save_contribution: (task: Task, step: number, place: string) => `save_contribution:${task.id}-${task.attempt}-${step}-${place}`,
  run_checks: (task: Task) => `run_checks:${task.id}-${task.attempt}-${task.submissions}`,
  verify_merge: (batch: Batch) => `verify_merge:${batch.n}`,
  merge_task: (task: Task) => `merge_task:${task.id}-${task.attempt}`,
  undo_task: (undo: Undo) => `undo_task:${undo.task}-${undo.sha.slice(0, 12)}`,
  write_operator: ({ session, at }: OperatorLetter) => `write_operator:${session}-${at}`,
  close_swarm: () => "close_swarm",
} as const;
