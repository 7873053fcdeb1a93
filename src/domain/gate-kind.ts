/** A question only a person may answer: what it is about, and how it stands. */
import type { GateId, SeatId, TaskId } from "../base/ids.ts";
import type { Prose } from "./model.ts";

export type GateKind =
  | "ask"
  | "attempts"
  | "rounds"
  | "plan"
  | "plan_review"
  | "merge"
  | "reviewer"
  | "effect"
  | "setup"
  | "signing"
  | "hook"
  | "foreign_commit"
  | "budget"
  | "seat"
  | "provider"
  | "person"
  | "task"
  | "mode";
export interface Gate {
  readonly id: GateId;
  readonly kind: GateKind;
  readonly question: Prose;
  /** What one has to know to answer. Absent: the question says it all. */
  readonly context?: Prose;
  /** One line for lists. */
  readonly title: string;
  readonly options: readonly string[];
  readonly fallback: string | null;
  readonly deadlineAt: number | null;
  readonly task: TaskId | null;
  readonly seat: SeatId | null;
  readonly effect: string | null;
  readonly openedAt: number;
  status: "open" | "answered";
  answer: string | null;
  answeredBy: "operator" | "deadline" | "engine" | null;
  answeredAt?: number;
  answeredVia?: string;
}
