/**
 * Messages on their way into one session, one queue. What may go now goes; the rest waits for the end of the turn, urgent
 * messages in front; where a CLI takes no text in a turn but can be interrupted, an urgent one cuts the turn. A message counts
 * as taken by its receipt, or, where a CLI gives none, when the turn starts that must contain it.
 */
import type { HarnessEvent } from "./harness.ts";

export interface Message {
  readonly text: string;
  readonly receipt: string;
  readonly urgency: "next" | "now";
}
export type Fate = "taken" | "gone";
/** What showed that a message was taken: the CLI said so, or a turn that holds it started. */
export type Proof = "receipt" | "turn";
interface Entry extends Message {
  readonly settle: (fate: Fate) => void;
  readonly fate: Promise<Fate>;
  written: boolean;
}

export interface Deliveries {
  /** A second call with a known receipt answers with the first one's fate and writes nothing. */
  add(message: Message): Promise<Fate>;
  see(event: HarnessEvent): void;
  /** null: nothing has proved that this message was taken. */
  proofOf(receipt: string): Proof | null;
  busy(): boolean;
  /** The session is over. */
  close(): void;
}

export interface Abilities {
  readonly steer: boolean;
  readonly receipts: boolean;
  readonly interrupt: boolean;
}

/** @param cut interrupts the running turn; called at most once per turn */
export function deliveries(can: Abilities, write: (message: Message) => void, cut: () => void): Deliveries {
  const open = new Map<string, Entry>();
  const done = new Map<string, Proof>();
  let cutting = false;
  let running = false;
  /** A message was written that starts a turn, and the turn has not shown itself. */
  let starting = false;
  let closed = false;

  function send(entry: Entry): void {
    if (!running) starting = true;
    entry.written = true;
    write(entry);
  }
  /** Without steering one message goes at a time: each is a turn. */
  function sendWaiting(): void {
    for (const urgency of ["now", "next"] as const) {
      for (const entry of open.values()) {
        if (entry.written || entry.urgency !== urgency) continue;
        if (!can.steer && (running || starting)) {
          cutFor(urgency);
          return;
        }
        send(entry);
      }
    }
  }
  function cutFor(urgency: Message["urgency"]): void {
    if (urgency !== "now" || !can.interrupt || !running || cutting) return;
    cutting = true;
    cut();
  }
  function taken(receipt: string, proof: Proof): void {
    const entry = open.get(receipt);
    if (!entry?.written) return;
    open.delete(receipt);
    done.set(receipt, proof);
    entry.settle("taken");
  }
  function takeWritten(): void {
    for (const entry of [...open.values()]) taken(entry.receipt, "turn");
  }

  return {
    add(message) {
      const known = open.get(message.receipt);
      if (known) return known.fate;
      if (done.has(message.receipt)) return Promise.resolve("taken");
      if (closed) return Promise.resolve("gone");
      let settle: Entry["settle"] = () => {};
      const fate = new Promise<Fate>((resolve) => {
        settle = resolve;
      });
      open.set(message.receipt, { ...message, settle, fate, written: false });
      sendWaiting();
      return fate;
    },
    see(event) {
      if (event.type === "receipt") taken(event.receipt, "receipt");
      if (event.type === "turn_started") {
        running = true;
        starting = false;
        cutting = false;
        if (!can.receipts) takeWritten();
        sendWaiting();
      }
      if (event.type === "turn_ended") {
        running = false;
        if (!can.receipts) takeWritten();
        // What was written in the turn and not taken in by it becomes the next turn.
        starting = [...open.values()].some((entry) => entry.written);
        sendWaiting();
      }
    },
    proofOf: (receipt) => done.get(receipt) ?? null,
    busy: () => !closed && (running || starting),
    close() {
      closed = true;
      for (const entry of open.values()) entry.settle("gone");
      open.clear();
    },
  };
}
