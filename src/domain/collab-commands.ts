/** What is said and what happens while several do one task together. */
import type { GateId, SeatId, TaskId } from "../base/ids.ts";
import type { Prose } from "./model.ts";
import type { Cursor, DoneBy, Judged, Part, Turn, Vote } from "./modes/mode.ts";

/** A part of a step is settled by task, attempt, step and the place of the session that speaks. */
interface StepOf {
  readonly task: TaskId;
  readonly attempt: number;
  readonly step: number;
}

export type CollabCommand =
  /** The seats of an open task are free, all of them. */
  | { readonly type: "begin_collab"; readonly task: TaskId; readonly seats: readonly SeatId[] }
  /** `step`: the one that begins. */
  | ({ readonly type: "begin_step" } & StepOf)
  /** Places whose time is over, or whose agent is gone. */
  | ({ readonly type: "lose_places" } & StepOf)
  | ({ readonly type: "end_step" } & StepOf)
  /** What a place that writes left in its worktree; null: nothing was changed. */
  | ({ readonly type: "record_contribution"; readonly place: string; readonly sha: string | null } & StepOf);

export type ContributeCommand = {
  readonly type: "contribute";
  readonly vote: Vote | null;
  readonly confidence: number;
  readonly parts: readonly { readonly what: Part; readonly text: Prose }[];
  readonly findings: number;
  /** Verdicts alone; their reasons stand in the part. */
  readonly judged: readonly { readonly finding: string; readonly verdict: Judged }[];
} & StepOf;

export type CollabEvent =
  | {
      readonly type: "collab_begun";
      readonly task: TaskId;
      readonly attempt: number;
      readonly places: readonly { readonly place: string; readonly seat: SeatId }[];
      readonly start: string;
      readonly cursor: Cursor;
      readonly rounds: number;
      /** It goes on with what was made in an earlier attempt. */
      readonly goesOn?: true;
    }
  | ({ readonly type: "step_begun"; readonly cursor: Cursor; readonly turns: readonly Turn[] } & StepOf)
  | ({
      readonly type: "contributed";
      readonly place: string;
      readonly seat: SeatId;
      readonly vote: Vote | null;
      readonly confidence: number;
      readonly parts: readonly { readonly what: Part; readonly text: Prose }[];
      readonly findings: number;
      /** Its files are still to be saved. */
      readonly writes: boolean;
    } & StepOf)
  | ({ readonly type: "contribution_saved"; readonly place: string; readonly sha: string | null } & StepOf)
  | {
      readonly type: "place_lost";
      readonly task: TaskId;
      readonly attempt: number;
      readonly place: string;
      readonly seat: SeatId;
      readonly why: string;
    }
  | ({ readonly type: "step_ended"; readonly to: StepTo } & StepOf)
  /** A person let it go on: to a step, null: to its end. */
  | { readonly type: "collab_resumed"; readonly task: TaskId; readonly attempt: number; readonly gate: GateId; readonly to: Cursor | null };

type StepTo = { readonly go: Cursor } | { readonly done: DoneBy } | { readonly then: Cursor | null; readonly more: Cursor };
