/**
 * Messages on their way into one session. What may go now goes; the rest waits for the end of the turn. A message counts as
 * taken by its receipt, or, where a CLI gives none, when the turn starts that must contain it.
 */
import type { HarnessEvent } from "./harness.ts";

export interface Message {
  readonly text: string;
  readonly receipt: string;
  readonly urgency: "next" | "now";
}
type Fate = "taken" | "gone";
interface Entry extends Message {
  readonly settle: (fate: Fate) => void;
  readonly fate: Promise<Fate>;
  written: boolean;
}

export interface Deliveries {
  /** A second call with a known receipt answers with the first one's fate and writes nothing. */
  add(message: Message): Promise<Fate>;
  see(event: HarnessEvent): void;
  busy(): boolean;
  /** The session is over. */
  close(): void;
}

export function deliveries(can: { readonly steer: boolean; readonly receipts: boolean }, write: (message: Message) => void): Deliveries {
  const open = new Map<string, Entry>();
  const done = new Set<string>();
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
    for (const entry of open.values()) {
      if (entry.written) continue;
      if (!can.steer && (running || starting)) return;
      send(entry);
    }
  }
  function taken(receipt: string): void {
    const entry = open.get(receipt);
    if (!entry) return;
    entry.settle("taken");
    open.delete(receipt);
    done.add(receipt);
  }
  function takeWritten(): void {
    for (const entry of [...open.values()]) if (entry.written) taken(entry.receipt);
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
      if (event.type === "receipt") taken(event.receipt);
      if (event.type === "turn_started") {
        running = true;
        starting = false;
        if (!can.receipts) takeWritten();
      }
      if (event.type === "turn_ended") {
        running = false;
        if (!can.receipts) takeWritten();
        // What was written in the turn and not taken in by it becomes the next turn.
        starting = [...open.values()].some((entry) => entry.written);
        sendWaiting();
      }
    },
    busy: () => running || starting,
    close() {
      closed = true;
      for (const entry of open.values()) entry.settle("gone");
      open.clear();
    },
  };
}
