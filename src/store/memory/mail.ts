/** Mail in memory, with the rules of every adapter. */
import type { Clock } from "../../base/clock.ts";
import { checkLetter, checkName, checkQuota, LetterIds } from "../letter.ts";
import type { Letter, Mail, MailState, NewLetter, SeenProof, Sent, Standing } from "../ports.ts";
import type { Signals } from "./signals.ts";

interface Kept {
  readonly letter: Letter;
  standing: Standing;
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
    const keyed = key === undefined ? null : keyName({ ...letter, key });
    const first = keyed === null ? undefined : this.#data.keys.get(keyed);
    if (first !== undefined) return { id: first, repeated: true };
    checkQuota(
      letter,
      () => [...box.values()].filter((kept) => kept.standing.state === "stored" && kept.letter.from === letter.from).length,
    );
    const id = this.#ids.mint();
    box.set(id, { letter: Object.freeze({ id, at: this.#clock.now(), ...content }), standing: { state: "stored" } });
    if (keyed !== null) this.#data.keys.set(keyed, id);
    this.#signals.ring();
    return { id, repeated: false };
  }

  async keyed(by: Pick<Letter, "to" | "from"> & { readonly key: string }): Promise<string | null> {
    return this.#data.keys.get(keyName(by)) ?? null;
  }

  async list(inbox: Letter["to"], states: readonly MailState[]): Promise<readonly string[]> {
    const kept = [...this.#box(inbox).values()].filter((one) => states.includes(one.standing.state) && !this.#isLater(one));
    return kept.map(({ letter }) => letter.id).sort();
  }

  async later(inbox: Letter["to"]): Promise<readonly { readonly id: string; readonly notBefore: number }[]> {
    const kept = [...this.#box(inbox).values()].filter((one) => this.#isLater(one));
    return kept.map(({ letter }) => ({ id: letter.id, notBefore: letter.notBefore ?? 0 })).sort((a, b) => a.notBefore - b.notBefore);
  }

  async read(inbox: Letter["to"], ids: readonly string[]): Promise<readonly Letter[]> {
    const box = this.#box(inbox);
    const letters = ids.flatMap((id) => box.get(id)?.letter ?? []);
    for (const { id } of letters) this.#ids.seen(id);
    return letters;
  }

  async offer(inbox: Letter["to"], id: string, { session }: { readonly session: string }): Promise<boolean> {
    return this.#move(inbox, id, ["stored"], { state: "offered", ...this.#mark(session) });
  }

  async see(
    inbox: Letter["to"],
    id: string,
    { session, proof }: { readonly session: string; readonly proof: SeenProof },
  ): Promise<boolean> {
    return this.#move(inbox, id, ["stored", "offered"], { state: "seen", ...this.#mark(session), proof });
  }

  async withdraw(inbox: Letter["to"], id: string): Promise<boolean> {
    return this.#move(inbox, id, ["offered"], { state: "stored" });
  }

  async state(inbox: Letter["to"], id: string): Promise<MailState | null> {
    return this.#box(inbox).get(id)?.standing.state ?? null;
  }

  async standing(inbox: Letter["to"], id: string): Promise<Standing | null> {
    const kept = this.#box(inbox).get(id);
    return kept ? this.#standing(kept) : null;
  }

  async sent(from: string, limit: number): Promise<readonly Sent[]> {
    checkName(from);
    const all = [...this.#data.inboxes].flatMap(([to, box]) => [...box.values()].map((kept) => ({ to: to as Letter["to"], kept })));
    const mine = all.filter(({ kept }) => kept.letter.from === from).sort((a, b) => (a.kept.letter.id < b.kept.letter.id ? 1 : -1));
    return mine.slice(0, limit).map(({ to, kept }) => ({ to, id: kept.letter.id, standing: this.#standing(kept) }));
  }

  changes(signal: AbortSignal): AsyncIterable<void> {
    return this.#signals.changes(signal);
  }

  #isLater({ letter, standing }: Kept): boolean {
    return standing.state === "stored" && (letter.notBefore ?? 0) > this.#clock.now();
  }

  #standing(kept: Kept): Standing {
    return this.#isLater(kept) ? { ...kept.standing, notBefore: kept.letter.notBefore ?? 0 } : kept.standing;
  }

  #mark(session: string): Pick<Standing, "session" | "at"> {
    checkName(session);
    return { session, at: this.#clock.now() };
  }

  #move(inbox: string, id: string, from: readonly MailState[], to: Standing): boolean {
    const kept = this.#box(inbox).get(id);
    if (!kept || !from.includes(kept.standing.state)) return false;
    kept.standing = to;
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

const keyName = ({ to, from, key }: Pick<Letter, "to" | "from"> & { readonly key: string }): string => `${to}\n${from}\n${key}`;
