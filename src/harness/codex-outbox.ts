/**
 * Messages on their way into a Codex thread: none lost, none twice. All go by turn/start: while a turn runs it adds to that turn
 * (the model is asked anew at once, or after the tool call that runs), else it starts one, and the server itself decides which,
 * without the race a turn/steer has with the turn's end. A message whose turn was cut before it got in is dropped by Codex
 * although it said yes to it: it goes again when that turn has ended.
 */
import { isObject, type JsonObject, text } from "./json-line.ts";

interface Entry {
  readonly receipt: string;
  readonly text: string;
  tries: number;
  /** The turn Codex took it for; null: not answered yet; "refused": it goes again at the end of the running turn. */
  turn: string | null;
}
const REFUSED = "refused";
const MAX_TRIES = 3;

export interface Outbox {
  /** Lines now, or none while there is no thread. */
  add(text: string, receipt: string): readonly string[];
  open(thread: string): readonly string[];
  /** The message is in the context. */
  taken(receipt: string): void;
  /** A response; null: it belongs to no message. */
  answered(response: JsonObject, running: string | null): Sent | null;
  turnEnded(turn: string): Sent;
}
export interface Sent {
  readonly lines: readonly string[];
  /** A message that Codex does not take, whatever is tried. */
  readonly stuck: string | null;
}

export function outbox(): Outbox {
  const entries = new Map<string, Entry>();
  const byRequest = new Map<string, Entry>();
  let ended: readonly string[] = [];
  let thread: string | null = null;
  let stuck: string | null = null;

  function send(entry: Entry): readonly string[] {
    if (thread === null) return [];
    if (entry.tries === MAX_TRIES) {
      stuck ??= "Codex does not take a message";
      return [];
    }
    entry.tries += 1;
    entry.turn = null;
    const id = `${entry.receipt}/${entry.tries}`;
    byRequest.set(id, entry);
    const input = [{ type: "text", text: entry.text, text_elements: [] }];
    return [JSON.stringify({ id, method: "turn/start", params: { threadId: thread, clientUserMessageId: entry.receipt, input } })];
  }
  const all = (which: (entry: Entry) => boolean): Sent => ({ lines: [...entries.values()].filter(which).flatMap(send), stuck });

  return {
    add(words, receipt) {
      const entry: Entry = { receipt, text: words, tries: 0, turn: null };
      entries.set(receipt, entry);
      return send(entry);
    },
    open(id) {
      thread = id;
      return all(() => true).lines;
    },
    taken: (receipt) => void entries.delete(receipt),
    answered(response, running) {
      const entry = byRequest.get(text(response.id));
      if (!entry) return null;
      byRequest.delete(text(response.id));
      if (isObject(response.error)) {
        // A turn that takes nothing in, such as one that compacts the context: its end is waited for.
        entry.turn = REFUSED;
        if (running === null) stuck ??= text(response.error.message) || "Codex refused a message";
        return { lines: [], stuck };
      }
      const turn = isObject(response.result) && isObject(response.result.turn) ? text(response.result.turn.id) : "";
      entry.turn = turn;
      return all((one) => one === entry && ended.includes(turn));
    },
    turnEnded(turn) {
      ended = [...ended.slice(-9), turn];
      return all((entry) => entry.turn === turn || entry.turn === REFUSED);
    },
  };
}
