/**
 * One inbox: a maildir with many writers and no lock. A letter is written in tmp/ and gets its name by one rename into
 * new/; from there it travels by rename, so it is in exactly one place. key/ remembers letters by idempotency key.
 */
import { existsSync, readdirSync, readFileSync, statSync, unlinkSync } from "node:fs";
import path from "node:path";
import { type Clock, systemClock } from "../../base/clock.ts";
import { SkepError } from "../../base/errors.ts";
import type { Letter, MailState } from "../ports.ts";
import { codeOf, isMissing } from "./faults.ts";
import { Flusher } from "./flusher.ts";
import { type FileIo, makeDir, syncDir, writeNewFile } from "./io.ts";
import { INBOX_FOLDERS, type InboxFolder, inboxFolders } from "./layout.ts";
import { idOf, isLetterName, type Mark, renamed, storedName } from "./letter-name.ts";

const FOLDER: Record<MailState, InboxFolder> = { stored: "new", offered: "offered", seen: "cur" };
/** Direction of travel, so that a moving letter is met; twice, because a withdrawn one moves back. */
const LOOK: readonly MailState[] = ["stored", "offered", "seen", "stored", "offered"];
const ABANDONED_MS = 60 * 60_000;

interface Found {
  readonly state: MailState;
  readonly name: string;
  readonly file: string;
}

export class Inbox {
  readonly #folders: Record<InboxFolder, string>;
  readonly #dir: string;
  readonly #io: FileIo;
  readonly #flushNew: Flusher;
  readonly #flushKey: Flusher;
  /** What was listed last, in order: a file's name says more than its letter's id. */
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

  find(id: string): Found | null {
    for (const found of this.#places(id)) if (existsSync(found.file)) return found;
    return null;
  }

  /** The text of a letter, wherever it is; it may move while we look. A folder with a letter's name is none. */
  text(id: string): string | null {
    for (const { file } of this.#places(id)) {
      try {
        return readFileSync(file, "utf8");
      } catch (error) {
        if (!isMissing(error) && codeOf(error) !== "EISDIR") throw error;
      }
    }
    return null;
  }

  /** False when another process moved it first. Not synced: a crash may undo it, and the letter is handed out again. */
  move(id: string, from: readonly MailState[], to: MailState, mark: Mark | null): boolean {
    for (const { name, file } of this.#places(id, from)) {
      try {
        this.#io.rename(file, this.#file(to, renamed(name, mark)));
        return true;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return false;
  }

  /** The letter that was sent with this key before, or null. */
  keyed(key: string): string | null {
    return this.holds(key) ? idOf(this.#holderOf(key)) : null;
  }

  /** Whether a letter with this key was sent before. */
  holds(key: string): boolean {
    return existsSync(path.join(this.#folders.key, key));
  }

  /** Durable when it resolves. @param key hash of sender and idempotency key, null for none */
  async deliver(letter: Letter, key: string | null): Promise<{ readonly id: string; readonly repeated: boolean }> {
    const name = storedName(letter);
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
    return this.#holderOf(key);
  }

  #holderOf(key: string): string {
    return storedName(JSON.parse(readFileSync(path.join(this.#folders.key, key), "utf8")) as Letter);
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
    if (this.find(idOf(name))) return;
    const lost = "the message's draft was swept away before it was stored";
    if (key === null) throw new SkepError("STORE_FAILED", lost, "send it again", { retryable: true });
    try {
      this.#io.link(path.join(this.#folders.key, key), target);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }

  /**
   * Where the letter may lie: as last listed, then, with every folder listed anew, in its direction of travel. Whoever
   * takes one of these must find it missing before the next is looked up.
   */
  *#places(id: string, states: readonly MailState[] = LOOK): Generator<Found> {
    for (const state of new Set(states)) yield* this.#named(state, startingWith(id, this.#listed.get(state) ?? []));
    for (const state of states) yield* this.#named(state, startingWith(id, this.names(state)));
  }

  *#named(state: MailState, name: string | null): Generator<Found> {
    if (name !== null) yield { state, name, file: this.#file(state, name) };
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

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isLetterName);
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
