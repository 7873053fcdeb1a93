/** Questions only a person may answer: how one is opened, and which of the open ones holds what up. */
import type { GateId, SeatId, TaskId } from "../base/ids.ts";
import type { Event } from "./events.ts";
import type { Gate, GateKind, State } from "./model.ts";

export type NewGate = Partial<Pick<Gate, "context" | "options" | "fallback" | "deadlineAt" | "task" | "seat" | "effect">> &
  Pick<Gate, "title" | "question">;

/** The event that opens the next gate. `offset` counts gates opened earlier in the same decision. */
export function openGate(state: State, now: number, kind: GateKind, gate: NewGate, offset = 0): Event {
  const id = `g${state.gateCount + 1 + offset}` as GateId;
  if (!mayFallBack(kind, gate)) throw new Error(`a ${kind} gate must not answer itself with ${String(gate.fallback)}`);
  return {
    type: "gate_opened",
    gate: { options: [], fallback: null, deadlineAt: null, task: null, seat: null, effect: null, ...gate, id, kind, openedAt: now },
  };
}

/** Time answers an agent's own question as the agent said, and lets a new day begin; what a person may let through it never does. */
function mayFallBack(kind: GateKind, { fallback, options }: NewGate): boolean {
  if (fallback == null || kind === "ask") return true;
  return kind === "budget" && options?.includes(fallback) !== true;
}

/** The newest open gate that matches. */
export function findGate(state: Readonly<State>, matches: (gate: Readonly<Gate>) => boolean): Gate | null {
  let found: Gate | null = null;
  for (const id of state.openGates) {
    const gate = state.gates.get(id);
    if (gate && matches(gate)) found = gate;
  }
  return found;
}

/** The question a seat has asked a person and waits for. */
export const asked = (state: Readonly<State>, seat: SeatId): Gate | null =>
  findGate(state, (gate) => gate.kind === "ask" && gate.seat === seat);

/** What a person must mend before the effect it names is tried again. */
export const HOLDS_EFFECT: ReadonlySet<GateKind> = new Set(["effect", "setup", "signing", "hook"]);
const HOLDS_SEAT: ReadonlySet<GateKind> = new Set(["seat", "budget"]);
const HOLDS_TASK: ReadonlySet<GateKind> = new Set([
  "attempts",
  "rounds",
  "reviewer",
  "foreign_commit",
  "budget",
  "signing",
  "hook",
  "task",
  "mode",
  "merge",
]);

/** What keeps a seat or a task from going on: several gates may, and each must be answered. */
export const gateOfSeat = (state: Readonly<State>, seat: SeatId): GateId | null =>
  findGate(state, (gate) => gate.seat === seat && HOLDS_SEAT.has(gate.kind))?.id ?? null;
export const gateOfTask = (state: Readonly<State>, task: TaskId): GateId | null =>
  findGate(state, (gate) => gate.task === task && HOLDS_TASK.has(gate.kind))?.id ?? null;
