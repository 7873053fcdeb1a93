/**
 * One inbox: a maildir with many writers and no lock. A letter is written in tmp/ and gets its name by one rename into
 * new/; from there it travels by rename, so it is in exactly one place. key/ remembers letters by idempotency key.
 */
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync } from "node:fs";
import path from "node:path";
import { type Clock, systemClock } from "../../base/clock.ts";
import { SkepError } from "../../base/errors.ts";
import { LETTER_ID_LENGTH } from "../letter.ts";
import type { Letter, MailState } from "../ports.ts";
import { codeOf, isMissing } from "./faults.ts";
import { Flusher } from "./flusher.ts";
import { type FileIo, makeDir, syncDir, writeNewFile } from "./io.ts";
import { INBOX_FOLDERS, type InboxFolder, inboxFolders } from "./layout.ts";

const FOLDER: Record<MailState, InboxFolder> = { stored: "new", offered: "offered", seen: "cur" };
const NAME = /^[0-9a-hjkmnp-tv-z]{22}\.[a-z][a-z0-9-]{0,39}\.json$/;
/** Direction of travel, so that a moving letter is met; twice, because a withdrawn one moves back. */
const LOOK: readonly MailState[] = ["stored", "offered", "seen", "stored", "offered"];
const ABANDONED_MS = 60 * 60_000;

export class Inbox {
  readonly #folders: Record<InboxFolder, string>;
  readonly #dir: string;
  readonly #io: FileIo;
  readonly #flushNew: Flusher;
  readonly #flushKey: Flusher;
  /** What was listed last, in order: the sender is part of a file's name but not of its letter's id. */
  readonly #listed = new Map<MailState, readonly string[]>();
  #ready: Promise<void> | null = null;

  constructor(dir: string, io: FileIo) {
    this.#dir = dir;
    this.#io = io;
    this.#folders = inboxFolders(dir);
    this.#flushNew = new Flusher(() => syncDir(this.#folders.new, io));
    this.#flushKey = new Flusher(() => syncDir(this.#folders.key, io));
  }

  /** Makes the folders, durably, and clears what dead senders left; once per process. */
  ready(clock: Clock): Promise<void> {
    this.#ready ??= this.#make(clock).catch((error: unknown) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  /** Names in one state, oldest first. Nothing is opened. */
  names(state: MailState): readonly string[] {
    const names = filesIn(this.#folders[FOLDER[state]]).sort();
    this.#listed.set(state, names);
    return names;
  }

  find(id: string): { readonly state: MailState; readonly file: string } | null {
    const name = this.#nameOf(id);
    return name === null ? null : this.#findName(name);
  }

  /** The text of a letter, wherever it is; it may move while we look. */
  text(id: string): string | null {
    const name = this.#nameOf(id);
    if (name === null) return null;
    for (const state of LOOK) {
      try {
        return readFileSync(this.#file(state, name), "utf8");
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return null;
  }

  /** False when another process moved it first. Not synced: a crash may undo it, and the letter is handed out again. */
  move(id: string, from: MailState, to: MailState): boolean {
    const name = this.#nameOf(id);
    if (name === null) return false;
    try {
      this.#io.rename(this.#file(from, name), this.#file(to, name));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Whether a letter with this key was sent before. */
  holds(key: string): boolean {
    return existsSync(path.join(this.#folders.key, key));
  }

  /** Durable when it resolves. @param key hash of sender and idempotency key, null for none */
  async deliver(letter: Letter, key: string | null): Promise<{ readonly id: string; readonly repeated: boolean }> {
    const name = `${letter.id}.${letter.from}.json`;
    const draft = path.join(this.#folders.tmp, name);
    try {
      await writeNewFile(draft, `${JSON.stringify(letter)}\n`, this.#io);
    } catch (error) {
      drop(draft);
      throw error;
    }
    const first = key === null ? null : this.#claim(draft, key);
    this.#place(first ?? name, key);
    if (first) drop(draft);
    // A repetition syncs too: whoever sent first may have died before its own sync.
    await Promise.all([this.#flushNew.flush(), key === null ? null : this.#flushKey.flush()]);
    return first ? { id: idOf(first), repeated: true } : { id: letter.id, repeated: false };
  }

  /** The name of the letter that already holds `key`, or null when `draft` holds it now. */
  #claim(draft: string, key: string): string | null {
    const keyed = path.join(this.#folders.key, key);
    try {
      this.#io.link(draft, keyed);
      return null;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const { id, from } = JSON.parse(readFileSync(keyed, "utf8")) as Letter;
    return `${id}.${from}.json`;
  }

  /**
   * Stores the letter by renaming its one draft: its writer and anyone who repeats the call may try, one succeeds, and
   * a letter that was already read cannot come back.
   */
  #place(name: string, key: string | null): void {
    const target = path.join(this.#folders.new, name);
    try {
      this.#io.rename(path.join(this.#folders.tmp, name), target);
      return;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    if (this.#findName(name)) return;
    const lost = "the message's draft was swept away before it was stored";
    if (key === null) throw new SkepError("STORE_FAILED", lost, "send it again", { retryable: true });
    try {
      this.#io.link(path.join(this.#folders.key, key), target);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }

  #findName(name: string): { readonly state: MailState; readonly file: string } | null {
    for (const state of LOOK) {
      const file = this.#file(state, name);
      if (existsSync(file)) return { state, file };
    }
    return null;
  }

  #nameOf(id: string): string | null {
    for (const names of this.#listed.values()) {
      const name = startingWith(id, names);
      if (name !== null) return name;
    }
    for (const state of LOOK.slice(0, 3)) {
      const name = startingWith(id, this.names(state));
      if (name !== null) return name;
    }
    return null;
  }

  #file(state: MailState, name: string): string {
    return path.join(this.#folders[FOLDER[state]], name);
  }

  async #make(clock: Clock): Promise<void> {
    await makeDir(this.#dir, this.#io);
    for (const folder of INBOX_FOLDERS) await makeDir(this.#folders[folder], this.#io);
    // File times are the system's, so an injected clock that runs behind must not make a fresh draft look old.
    this.#sweep(Math.min(clock.now(), systemClock.now()) - ABANDONED_MS);
  }

  /** Drafts of senders that died. One whose key is taken stays: a repetition of the call will store it. */
  #sweep(olderThan: number): void {
    for (const name of filesIn(this.#folders.tmp)) {
      const file = path.join(this.#folders.tmp, name);
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat?.nlink === 1 && stat.mtimeMs < olderThan) drop(file);
    }
  }
}

export const idOf = (name: string): string => name.slice(0, LETTER_ID_LENGTH);

/** The sender, of a name whose form was checked. */
export const senderOf = (name: string): string => name.slice(LETTER_ID_LENGTH + 1, -".json".length);

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name));
  } catch (error) {
    if (isMissing(error)) return []; // nobody wrote to this inbox yet
    throw error;
  }
}

/** By halving: `names` is sorted, and no id is the start of another. */
function startingWith(id: string, names: readonly string[]): string | null {
  let low = 0;
  for (let high = names.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((names[middle] ?? "") < id) low = middle + 1;
    else high = middle;
  }
  const name = names[low];
  return name?.startsWith(`${id}.`) ? name : null;
}

function drop(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // gone already, or swept within the hour
  }
}
