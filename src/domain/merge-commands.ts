/** What is said and what happens between an approved task and the integration branch. */
import type { TaskId } from "../base/ids.ts";
import type { BatchTask, Undo } from "./merge-queue.ts";
import type { CheckSum, Prose } from "./model.ts";

/** From the operator. */
export interface UndoCommand {
  readonly type: "undo_task";
  readonly task: TaskId;
  /** One line. */
  readonly why: string;
  /** What the next attempt is told, as JSON Finding[]. */
  readonly findings: Prose | null;
  /** The task is not wanted any more, nor what came after it. */
  readonly drop: boolean;
}

/** From the engine: what is due, and what its effects came to. */
export type MergeCommand =
  | { readonly type: "begin_verify" }
  | {
      readonly type: "record_verify";
      readonly batch: number;
      readonly outcome:
        | {
            readonly kind: "checked";
            /** Those of the batch that went on top of each other, in their order, and the tree after each. */
            readonly tasks: readonly TaskId[];
            readonly trees: readonly string[];
            readonly passed: boolean;
            readonly checks: readonly CheckSum[];
            readonly findings: Prose | null;
            readonly findingsCount: number;
          }
        /** The first of the batch cannot be merged. */
        | { readonly kind: "conflict"; readonly paths: readonly string[] };
    }
  | { readonly type: "begin_merge"; readonly task: TaskId }
  | {
      readonly type: "record_merge";
      readonly task: TaskId;
      readonly attempt: number;
      readonly outcome:
        | { readonly kind: "merged"; readonly sha: string }
        | { readonly kind: "conflict"; readonly paths: readonly string[] }
        /** The merge gives other files than were verified. */
        | { readonly kind: "changed" }
        | { readonly kind: "foreign"; readonly tip: string };
    }
  | {
      readonly type: "record_undo";
      readonly task: TaskId;
      /** The commit that merged it. */
      readonly sha: string;
      readonly outcome: /** In the order of their commits. */
        | { readonly kind: "undone"; readonly reverts: readonly { readonly task: TaskId; readonly sha: string }[] }
        | ({ readonly kind: "refused" } & UndoRefusal);
    };

/** Why nothing was undone: what conflicts with later work, in which files, and whose; or another cause. */
export interface UndoRefusal {
  readonly why: string;
  readonly on: TaskId;
  readonly paths: readonly string[];
  readonly later: readonly TaskId[];
}

export type MergeEvent =
  | {
      readonly type: "batch_formed";
      readonly batch: number;
      readonly tip: string;
      readonly tasks: readonly BatchTask[];
      readonly waitsFor: string | null;
    }
  /** The checks passed on the last of `trees`: the tree after each task, in their order. Tasks left out conflict with these. */
  | {
      readonly type: "merge_verified";
      readonly batch: number;
      readonly tip: string;
      readonly tasks: readonly TaskId[];
      readonly trees: readonly string[];
      readonly checks: readonly CheckSum[];
    }
  | {
      readonly type: "merge_red";
      readonly batch: number;
      readonly tip: string;
      readonly tasks: readonly TaskId[];
      readonly tree: string;
      readonly checks: readonly CheckSum[];
    }
  | {
      readonly type: "batch_halved";
      readonly of: number;
      readonly batch: number;
      readonly tip: string;
      readonly tasks: readonly BatchTask[];
      readonly rest: readonly TaskId[];
    }
  | { readonly type: "batch_dropped"; readonly why: string }
  | { readonly type: "task_merged"; readonly task: TaskId; readonly sha: string }
  | {
      readonly type: "undo_wanted";
      readonly task: TaskId;
      readonly sha: string;
      readonly merges: Undo["merges"];
      readonly why: string;
      readonly findings: Prose | null;
      readonly drop: boolean;
    }
  | {
      readonly type: "task_undone";
      readonly task: TaskId;
      /** The commit that had merged it, and the one that takes it back. */
      readonly reverts: string;
      readonly sha: string;
      readonly why: string;
      readonly findings: Prose | null;
      /** open: as far as what it comes after is still merged. */
      readonly to: "open" | "cancelled";
    }
  | ({ readonly type: "undo_refused"; readonly task: TaskId } & UndoRefusal);
