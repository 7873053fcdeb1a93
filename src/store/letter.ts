/** What a letter may be, and the ids that keep letters in order; shared by every adapter. */
import type { Clock } from "../base/clock.ts";
import { quote, SkepError } from "../base/errors.ts";
import { isId } from "../base/ids.ts";
import { BASE32, randomText } from "../base/random.ts";
import type { NewLetter } from "./ports.ts";

export const LETTER_MAX_BYTES = 256 * 1024;
/** Letters of one sender that may lie unread in one inbox. Soft: concurrent senders may pass it by a little. */
export const UNREAD_MAX = 1_000;

/** 10 characters of milliseconds, 4 of a counter, 8 random. */
const LETTER_ID = /^[0-9a-hjkmnp-tv-z]{22}$/;
export const LETTER_ID_LENGTH = 22;
const COUNTER_LIMIT = 32 ** 4;
/** An id further ahead than this comes from a broken clock and must not drag ours along. */
const TRUST_AHEAD_MS = 5_000;

export const isLetterId = (text: string): boolean => LETTER_ID.test(text);

export function checkLetter(letter: NewLetter): void {
  checkName(letter.to);
  checkName(letter.from);
  const bytes = Buffer.byteLength(letter.body) + Buffer.byteLength(letter.subject);
  if (bytes <= LETTER_MAX_BYTES) return;
  const what = `a message of ${bytes} bytes exceeds ${LETTER_MAX_BYTES}`;
  throw new SkepError("TOO_LARGE", what, "send a summary and name the file that holds the rest");
}

/** Inboxes and senders become names of files and folders: nothing but an id may. */
export function checkName(name: string): void {
  if (isId(name)) return;
  throw new SkepError("BAD_ID", `${quote(name)} is no agent name`, "use a name such as dev-1, or operator");
}

/** System letters pass: skep itself must always be able to say what happened. */
export function checkQuota(letter: NewLetter, unread: () => number): void {
  if (letter.kind === "system" || unread() < UNREAD_MAX) return;
  const what = `${quote(letter.to)} has ${UNREAD_MAX} unread messages from ${quote(letter.from)}`;
  throw new SkepError("INBOX_FULL", what, "wait until they are read, then send again", { retryable: true });
}

/**
 * Ids that rise within a process even when its clock steps back, and past every id it has read, so that a reply
 * sorts after its question.
 */
export class LetterIds {
  readonly #clock: Clock;
  #ms = 0;
  #counter = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  mint(): string {
    const now = this.#clock.now();
    if (now > this.#ms) {
      this.#ms = now;
      this.#counter = 0;
    } else if (++this.#counter === COUNTER_LIMIT) {
      this.#ms++;
      this.#counter = 0;
    }
    return base32(this.#ms, 10) + base32(this.#counter, 4) + randomText(8);
  }

  /** To be called with every id that was read. */
  seen(id: string): void {
    if (!isLetterId(id)) return;
    const ms = number(id.slice(0, 10));
    const counter = number(id.slice(10, 14));
    if (ms > this.#clock.now() + TRUST_AHEAD_MS) return;
    if (ms < this.#ms || (ms === this.#ms && counter <= this.#counter)) return;
    this.#ms = ms;
    this.#counter = counter;
  }
}

function base32(value: number, length: number): string {
  let text = "";
  for (let rest = Math.floor(value); text.length < length; rest = Math.floor(rest / 32)) text = BASE32[rest % 32] + text;
  return text;
}

function number(text: string): number {
  let value = 0;
  for (const char of text) value = value * 32 + BASE32.indexOf(char);
  return value;
}
