/** What is said and what happens between an approved task and the integration branch. */
import type { TaskId } from "../base/ids.ts";
import type { BatchTask } from "./merge-queue.ts";
import type { CheckSum, Prose } from "./model.ts";

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
    };

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
  | { readonly type: "task_merged"; readonly task: TaskId; readonly sha: string };
