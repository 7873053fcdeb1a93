/**
 * Reads a log forward over an open file and says which lines count. The rule, in file order: the first line with the
 * next seq is a commit, a line with an old seq lost its race, anything unparsable was torn by a dying writer.
 * A part without its newline is not looked at: another process may be writing it this moment.
 */
import { fstatSync, readSync } from "node:fs";
import { quote, SkepError } from "../../base/errors.ts";
import { parseCommit } from "../commit.ts";
import type { Commit } from "../ports.ts";

const NEWLINE = 0x0a;
const SMALL = 64 * 1024;
const CHUNK = 4 * 1024 * 1024;

export class LogReader {
  readonly #fd: number;
  readonly #name: string;
  readonly #base: number;
  /** Byte at which the line of commit `base + 1 + index` starts. */
  readonly #starts: number[] = [];
  #scratch: Buffer | null = null;
  #size: number;
  #offset: number;
  #fault: SkepError | null = null;
  /** Lines skipped: unparsable, and valid ones that came second. */
  torn = 0;
  losers = 0;

  constructor(fd: number, name: string, from: { seq: number; offset: number } = { seq: 0, offset: 0 }) {
    this.#fd = fd;
    this.#name = name;
    this.#base = from.seq;
    this.#offset = from.offset;
    this.#size = from.offset;
  }

  /** The newest commit's number. */
  get seq(): number {
    return this.#base + this.#starts.length;
  }

  /** End of the last complete line: every commit read so far lies before it. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether the bytes read so far end within a line. */
  get unfinished(): boolean {
    return this.#size > this.#offset;
  }

  /** The commits that were added since the last call. Costs two microseconds when there are none. */
  refresh(): Commit[] {
    if (this.#fault) throw this.#fault;
    const { size } = fstatSync(this.#fd);
    if (size === this.#size) return [];
    if (size < this.#size)
      return this.#fail("LOG_REPLACED", `became shorter (${this.#size} to ${size} bytes)`, "restore the file or start a new swarm");
    const fresh: Commit[] = [];
    while (this.#size < size) if (!this.#readChunk(size, fresh)) break;
    return fresh;
  }

  /** Commits with seq > `after`, read again from the file: `after` lies before what `refresh` has given out. */
  again(after: number): Commit[] {
    const offset = this.#starts[after - this.#base];
    if (offset === undefined) return [];
    return new LogReader(this.#fd, this.#name, { seq: after, offset }).refresh();
  }

  /** False at the end of the file. A line longer than the buffer makes the next one larger. */
  #readChunk(size: number, fresh: Commit[]): boolean {
    let room = this.#buffer(size - this.#offset);
    for (;;) {
      const count = readSync(this.#fd, room, 0, room.length, this.#offset);
      this.#size = Math.max(this.#size, this.#offset + count);
      const end = room.lastIndexOf(NEWLINE, count - 1);
      if (count > 0 && end >= 0) {
        this.#takeLines(room.subarray(0, end + 1), fresh);
        return true;
      }
      if (count < room.length) return false;
      room = Buffer.allocUnsafe(room.length * 2);
    }
  }

  #buffer(wanted: number): Buffer {
    if (wanted > SMALL) return Buffer.allocUnsafe(Math.min(wanted, CHUNK));
    this.#scratch ??= Buffer.allocUnsafe(SMALL);
    return this.#scratch;
  }

  #takeLines(bytes: Buffer, fresh: Commit[]): void {
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(NEWLINE, from);
      if (end > from) this.#takeLine(bytes.toString("utf8", from, end), fresh);
      this.#offset += end + 1 - from;
      from = end + 1;
    }
  }

  #takeLine(text: string, fresh: Commit[]): void {
    const line = parseCommit(text);
    if (line === "torn") this.torn++;
    else if (line === "newer")
      this.#fail(
        "LOG_NEWER",
        `holds a commit of a newer skep at byte ${this.#offset}`,
        "update skep (npm install -g skep@latest), then repeat the call",
      );
    else if (line.seq <= this.seq) this.losers++;
    else if (line.seq > this.seq + 1) this.#damaged(line.seq);
    else {
      this.#starts.push(this.#offset);
      fresh.push(line);
    }
  }

  /** Neither tearing nor racing can leave a hole, because a line is one write and seqs are taken from what was read. */
  #damaged(seq: number): void {
    const what = `is damaged at byte ${this.#offset}: commit ${this.seq + 1} is missing before ${seq}`;
    this.#fail("LOG_DAMAGED", what, "restore the file from a backup; skep writes nothing more to it");
  }

  #fail(code: string, what: string, next: string): never {
    this.#fault = new SkepError(code, `the log ${quote(this.#name, 300)} ${what}`, next);
    throw this.#fault;
  }
}
