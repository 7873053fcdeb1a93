/** What is said and what happens around gates: opening, answering, and what an answer lets through. */
import type { GateId, SeatId, TaskId } from "../base/ids.ts";
import type { Gate } from "./gate-kind.ts";
import type { Prose } from "./model.ts";

/** From the operator. `via`: the client it came through, as it names itself. */
export interface AnswerGate {
  readonly type: "answer_gate";
  readonly gate: GateId;
  readonly answer: string;
  readonly via?: string;
}

/** From the engine. */
export type GateCommand =
  | { readonly type: "expire_gate"; readonly gate: GateId }
  /** An approved task waits for a person's word before it merges. */
  | { readonly type: "ask_merge"; readonly task: TaskId }
  /** What the gate asks about is gone. */
  | { readonly type: "drop_gate"; readonly gate: GateId };

export type GateEvent =
  | { readonly type: "gate_opened"; readonly gate: Omit<Gate, "status" | "answer" | "answeredBy"> }
  | {
      readonly type: "gate_answered";
      readonly gate: GateId;
      readonly answer: string;
      readonly by: "operator" | "deadline" | "engine";
      /** Absent: written before it was kept. */
      readonly at?: number;
      /** The client it came through, as it names itself. Absent: a terminal, or nobody knows. */
      readonly via?: string;
    }
  /** Its review approves this revision, or it needs none; a person has the last word. */
  | { readonly type: "plan_endorsed"; readonly revision: number; readonly by: SeatId | "engine"; readonly findings: Prose | null }
  /** A person lets this commit of a task merge. */
  | { readonly type: "merge_cleared"; readonly task: TaskId; readonly sha: string };
