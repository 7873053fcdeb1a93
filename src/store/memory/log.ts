/** The log in memory. Commits are kept as text, so that no reader can change what another reads. */
import { SkepError } from "../../base/errors.ts";
import { mintUuid } from "../../base/ids.ts";
import { encodeCommit } from "../commit.ts";
import type { Appended, Commit, Draft, Holder, Log } from "../ports.ts";
import type { Signals } from "./signals.ts";

export interface LogData {
  readonly lines: string[];
  beats: number;
}

export class MemoryLog implements Log {
  readonly #data: LogData;
  readonly #signals: Signals;
  readonly #alive: (holder: Holder) => "yes" | "no" | "unknown";
  #turns: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(data: LogData, signals: Signals, alive: (holder: Holder) => "yes" | "no" | "unknown") {
    this.#data = data;
    this.#signals = signals;
    this.#alive = alive;
  }

  async read(after: number): Promise<readonly Commit[]> {
    this.#open();
    return this.#data.lines.slice(after).map((line) => JSON.parse(line) as Commit);
  }

  async append(after: number, draft: Draft): Promise<Appended> {
    this.#open();
    const line = encodeCommit(after + 1, mintUuid(), draft);
    if (this.#data.lines.length !== after) return { outcome: "lost" };
    this.#data.lines.push(line);
    this.#signals.ring();
    return { outcome: "won", commit: JSON.parse(line) as Commit };
  }

  async sync(): Promise<void> {
    this.#open();
  }

  turn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turns.then(work);
    this.#turns = mine.catch(() => {
      // the caller has the error; the next in line does not care
    });
    return mine;
  }

  changes(signal: AbortSignal): AsyncIterable<void> {
    return this.#signals.changes(signal);
  }

  async alive(holder: Holder): Promise<"yes" | "no" | "unknown"> {
    return this.#alive(holder);
  }

  async beat(): Promise<void> {
    this.#data.beats++;
  }

  async lastBeat(): Promise<string> {
    return String(this.#data.beats);
  }

  async close(): Promise<void> {
    await this.#turns;
    this.#closed = true;
  }

  #open(): void {
    if (this.#closed) throw new SkepError("LOG_CLOSED", "the log was closed", "open the swarm again");
  }
}
