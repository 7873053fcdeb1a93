/** Mail over maildir inboxes: who may write what, ids, quota; the files themselves are `inbox.ts`. */
import { utimes } from "node:fs";
import { z } from "zod";
import type { Clock } from "../../base/clock.ts";
import { sha256 } from "../../base/ids.ts";
import type { Logger } from "../../base/logger.ts";
import { checkLetter, checkName, checkQuota, isLetterId, LetterIds, UNREAD_MAX } from "../letter.ts";
import type { Letter, Mail, MailState, NewLetter, SeenProof, Sent, Standing } from "../ports.ts";
import { storeFault } from "./faults.ts";
import { Inbox } from "./inbox.ts";
import type { FileIo } from "./io.ts";
import { inboxDir, inboxNames } from "./layout.ts";
import { dueOf, idOf, type Mark, senderOf, standingOf } from "./letter-name.ts";

const LETTER = z.object({
  id: z.string(),
  at: z.number(),
  from: z.string(),
  to: z.string(),
  kind: z.enum(["note", "question", "system"]),
  subject: z.string(),
  body: z.string(),
  task: z.string().optional(),
  replyTo: z.string().optional(),
  urgent: z.boolean().optional(),
  notBefore: z.number().optional(),
});

/** A listing costs milliseconds in a full inbox, so the unread are counted anew only this often. */
const COUNT_EVERY = 64;

interface Desk {
  readonly inbox: Inbox;
  readonly unread: Map<string, number>;
  /** Letters on their way, which a count of the files does not show. */
  readonly leaving: Map<string, number>;
  sends: number;
}

export interface FileMailDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly io: FileIo;
  readonly changes: (signal: AbortSignal) => AsyncIterable<void>;
}

export class FileMail implements Mail {
  readonly #dir: string;
  readonly #bell: string;
  readonly #deps: FileMailDeps;
  readonly #ids: LetterIds;
  readonly #desks = new Map<string, Desk>();

  constructor(place: { readonly mail: string; readonly bell: string }, deps: FileMailDeps) {
    this.#dir = place.mail;
    this.#bell = place.bell;
    this.#deps = deps;
    this.#ids = new LetterIds(deps.clock);
  }

  async send(letter: NewLetter): Promise<{ readonly id: string; readonly repeated: boolean }> {
    checkLetter(letter);
    const desk = this.#desk(letter.to);
    const { key, ...content } = letter;
    try {
      await desk.inbox.ready(this.#deps.clock);
      const keyed = key === undefined ? null : keyName(letter.from, key);
      // A repetition stores nothing, so a full inbox is no reason to refuse it its answer.
      if (keyed === null || !desk.inbox.holds(keyed)) checkQuota(letter, () => unread(desk, letter.from));
      add(desk.unread, letter.from, 1);
      add(desk.leaving, letter.from, 1);
      const stored = { id: this.#ids.mint(), at: this.#deps.clock.now(), ...content };
      try {
        return await desk.inbox.deliver(stored, keyed);
      } finally {
        add(desk.leaving, letter.from, -1);
        this.#ring();
      }
    } catch (error) {
      throw storeFault(error, this.#dir);
    }
  }

  async keyed({ to, from, key }: Pick<Letter, "to" | "from"> & { readonly key: string }): Promise<string | null> {
    return this.#desk(to).inbox.keyed(keyName(from, key));
  }

  async list(inbox: Letter["to"], states: readonly MailState[]): Promise<readonly string[]> {
    const { inbox: box } = this.#desk(inbox);
    const now = this.#deps.clock.now();
    const ids = (state: MailState): string[] => {
      const names = box.names(state);
      return (state === "stored" ? names.filter((name) => dueOf(name) <= now) : names).map(idOf);
    };
    const [only, ...more] = states;
    if (only !== undefined && more.length === 0) return ids(only);
    const inOrder = (["stored", "offered", "seen"] as const).filter((state) => states.includes(state));
    // A letter that moves on between two listings shows in both.
    return [...new Set(inOrder.flatMap(ids))].sort();
  }

  async later(inbox: Letter["to"]): Promise<readonly { readonly id: string; readonly notBefore: number }[]> {
    const now = this.#deps.clock.now();
    const names = this.#desk(inbox).inbox.names("stored");
    const later = names.map((name) => ({ id: idOf(name), notBefore: dueOf(name) })).filter(({ notBefore }) => notBefore > now);
    return later.sort((a, b) => a.notBefore - b.notBefore);
  }

  async read(inbox: Letter["to"], ids: readonly string[]): Promise<readonly Letter[]> {
    const box = this.#desk(inbox).inbox;
    const letters: Letter[] = [];
    for (const id of ids) {
      const letter = isLetterId(id) ? this.#parse(id, box.text(id)) : null;
      if (!letter) continue;
      this.#ids.seen(id);
      letters.push(letter);
    }
    return letters;
  }

  async offer(inbox: Letter["to"], id: string, { session }: { readonly session: string }): Promise<boolean> {
    return this.#move(inbox, id, ["stored"], "offered", this.#mark(session));
  }

  async see(
    inbox: Letter["to"],
    id: string,
    { session, proof }: { readonly session: string; readonly proof: SeenProof },
  ): Promise<boolean> {
    return this.#move(inbox, id, ["stored", "offered"], "seen", { ...this.#mark(session), proof });
  }

  async withdraw(inbox: Letter["to"], id: string): Promise<boolean> {
    return this.#move(inbox, id, ["offered"], "stored", null);
  }

  async state(inbox: Letter["to"], id: string): Promise<MailState | null> {
    return isLetterId(id) ? (this.#desk(inbox).inbox.find(id)?.state ?? null) : null;
  }

  async standing(inbox: Letter["to"], id: string): Promise<Standing | null> {
    const found = isLetterId(id) ? this.#desk(inbox).inbox.find(id) : null;
    return found ? standingOf(found.name, found.state, this.#deps.clock.now()) : null;
  }

  async sent(from: string, limit: number): Promise<readonly Sent[]> {
    checkName(from);
    const now = this.#deps.clock.now();
    // In the direction of travel: of a letter that moves on meanwhile the later place counts.
    const found = new Map<string, Sent>();
    for (const to of inboxNames(this.#dir) as Letter["to"][])
      for (const state of ["stored", "offered", "seen"] as const)
        for (const name of this.#desk(to).inbox.names(state))
          if (senderOf(name) === from) found.set(idOf(name), { to, id: idOf(name), standing: standingOf(name, state, now) });
    return [...found.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
  }

  changes(signal: AbortSignal): AsyncIterable<void> {
    return this.#deps.changes(signal);
  }

  /** Only a hint, and nobody waits for it: whoever misses it looks again within a second. */
  #ring(): void {
    const now = this.#deps.clock.now() / 1_000;
    utimes(this.#bell, now, now, (error) => {
      if (error) this.#deps.logger.debug({ err: error }, "a stored letter could not be announced");
    });
  }

  #mark(session: string): Mark {
    checkName(session);
    return { session, at: this.#deps.clock.now() };
  }

  #move(inbox: Letter["to"], id: string, from: readonly MailState[], to: MailState, mark: Mark | null): boolean {
    if (!isLetterId(id)) return false;
    try {
      return this.#desk(inbox).inbox.move(id, from, to, mark);
    } catch (error) {
      throw storeFault(error, this.#dir);
    }
  }

  #desk(name: string): Desk {
    checkName(name);
    let desk = this.#desks.get(name);
    if (!desk) {
      desk = { inbox: new Inbox(inboxDir(this.#dir, name), this.#deps.io), unread: new Map(), leaving: new Map(), sends: 0 };
      this.#desks.set(name, desk);
    }
    return desk;
  }

  /** A letter that cannot be read must not hold up those behind it. */
  #parse(id: string, text: string | null): Letter | null {
    if (text === null) return null;
    try {
      return LETTER.parse(JSON.parse(text)) as Letter;
    } catch (error) {
      this.#deps.logger.warn({ err: error, letter: id }, "a message could not be read and is left out");
      return null;
    }
  }
}

const keyName = (from: string, key: string): string => sha256(`${from}\n${key}`);

/** Too high by what was read since the last count, too low by what other processes sent since. */
function unread(desk: Desk, sender: string): number {
  const estimate = desk.unread.get(sender) ?? 0;
  if (desk.sends++ % COUNT_EVERY !== 0 && estimate < UNREAD_MAX) return estimate;
  desk.unread.clear();
  for (const name of desk.inbox.names("stored")) add(desk.unread, senderOf(name), 1);
  for (const [from, count] of desk.leaving) add(desk.unread, from, count);
  return desk.unread.get(sender) ?? 0;
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
