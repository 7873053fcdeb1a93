/** Mail in memory, with the rules of every adapter. */
import type { Clock } from "../../base/clock.ts";
import { checkLetter, checkName, checkQuota, LetterIds } from "../letter.ts";
import type { Letter, Mail, MailState, NewLetter } from "../ports.ts";
import type { Signals } from "./signals.ts";

interface Kept {
  readonly letter: Letter;
  state: MailState;
}
export interface MailData {
  /** By inbox, then by letter id. */
  readonly inboxes: Map<string, Map<string, Kept>>;
  /** Letter ids by inbox, sender and key. */
  readonly keys: Map<string, string>;
}

export class MemoryMail implements Mail {
  readonly #data: MailData;
  readonly #signals: Signals;
  readonly #clock: Clock;
  readonly #ids: LetterIds;

  constructor(data: MailData, signals: Signals, clock: Clock) {
    this.#data = data;
    this.#signals = signals;
    this.#clock = clock;
    this.#ids = new LetterIds(clock);
  }

  async send(letter: NewLetter): Promise<{ readonly id: string; readonly repeated: boolean }> {
    checkLetter(letter);
    const { key, ...content } = letter;
    const box = this.#box(letter.to);
    const keyed = key === undefined ? null : `${letter.to}\n${letter.from}\n${key}`;
    const first = keyed === null ? undefined : this.#data.keys.get(keyed);
    if (first !== undefined) return { id: first, repeated: true };
    checkQuota(letter, () => [...box.values()].filter((kept) => kept.state === "stored" && kept.letter.from === letter.from).length);
    const id = this.#ids.mint();
    box.set(id, { letter: Object.freeze({ id, at: this.#clock.now(), ...content }), state: "stored" });
    if (keyed !== null) this.#data.keys.set(keyed, id);
    this.#signals.ring();
    return { id, repeated: false };
  }

  async list(inbox: Letter["to"], states: readonly MailState[]): Promise<readonly string[]> {
    const kept = [...this.#box(inbox).values()].filter(({ state }) => states.includes(state));
    return kept.map(({ letter }) => letter.id).sort();
  }

  async read(inbox: Letter["to"], ids: readonly string[]): Promise<readonly Letter[]> {
    const box = this.#box(inbox);
    const letters = ids.flatMap((id) => box.get(id)?.letter ?? []);
    for (const { id } of letters) this.#ids.seen(id);
    return letters;
  }

  async offer(inbox: Letter["to"], id: string): Promise<boolean> {
    return this.#move(inbox, id, "stored", "offered");
  }

  async see(inbox: Letter["to"], id: string): Promise<boolean> {
    return this.#move(inbox, id, "offered", "seen");
  }

  async withdraw(inbox: Letter["to"], id: string): Promise<boolean> {
    return this.#move(inbox, id, "offered", "stored");
  }

  async state(inbox: Letter["to"], id: string): Promise<MailState | null> {
    return this.#box(inbox).get(id)?.state ?? null;
  }

  changes(signal: AbortSignal): AsyncIterable<void> {
    return this.#signals.changes(signal);
  }

  #move(inbox: string, id: string, from: MailState, to: MailState): boolean {
    const kept = this.#box(inbox).get(id);
    if (kept?.state !== from) return false;
    kept.state = to;
    this.#signals.ring();
    return true;
  }

  #box(name: string): Map<string, Kept> {
    checkName(name);
    const box = this.#data.inboxes.get(name) ?? new Map<string, Kept>();
    this.#data.inboxes.set(name, box);
    return box;
  }
}
