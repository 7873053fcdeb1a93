/**
 * The log as a file, one line per commit. Correct without any lock: a writer appends the line it decided on, reads
 * back, and its line has won when it is the first with its seq. The file is never cut and never rewritten.
 */
import { closeSync, constants, fstatSync, openSync, statSync, utimesSync } from "node:fs";
import type { Clock } from "../../base/clock.ts";
import { quote, SkepError } from "../../base/errors.ts";
import { mintUuid } from "../../base/ids.ts";
import type { Logger } from "../../base/logger.ts";
import { isAlive } from "../../proc/identity.ts";
import { encodeCommit } from "../commit.ts";
import type { Appended, Commit, Draft, Holder, Log } from "../ports.ts";
import { CourtesyLock, type LockFile } from "./courtesy.ts";
import { codeOf, isMissing, storeFault, storeFull } from "./faults.ts";
import { Flusher } from "./flusher.ts";
import type { FileIo } from "./io.ts";
import { LogReader } from "./log-reader.ts";
import { Turns } from "./turns.ts";

export interface FileLogDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly io: FileIo;
  readonly changes: (signal: AbortSignal) => AsyncIterable<void>;
  readonly lock?: LockFile;
}

export class FileLog implements Log {
  readonly #file: string;
  readonly #beat: string;
  readonly #deps: FileLogDeps;
  readonly #fd: number;
  /** The same as `#fd`, unless the file could only be read when it was opened. */
  #writer: number | null;
  readonly #reader: LogReader;
  readonly #turns: Turns;
  readonly #flusher: Flusher;
  /** Everything before this byte is on disk. */
  #synced = 0;
  #fault: SkepError | null = null;
  #closed: Promise<void> | null = null;

  /** @throws ENOENT when there is no such log: a log is made with its swarm and never by opening it. */
  constructor(place: { readonly log: string; readonly beat: string }, deps: FileLogDeps) {
    this.#file = place.log;
    this.#beat = place.beat;
    this.#deps = deps;
    [this.#fd, this.#writer] = openLog(place.log);
    this.#reader = new LogReader(this.#fd, place.log);
    this.#turns = new Turns(new CourtesyLock(place.log, deps));
    this.#flusher = new Flusher(() => this.#sync());
  }

  /** Unparsable lines met so far; they cost nothing but should be rare. */
  get torn(): number {
    return this.#reader.torn;
  }

  /** Lines of writers that were overtaken. */
  get losers(): number {
    return this.#reader.losers;
  }

  async read(after: number): Promise<readonly Commit[]> {
    this.#usable();
    const before = this.#reader.seq;
    const fresh = this.#refresh();
    // A log that was moved away never grows again: whoever follows it must hear of that.
    if (fresh.length === 0) this.#inPlace();
    if (after < before) return this.#reader.again(after);
    return after === before ? fresh : fresh.filter((commit) => commit.seq > after);
  }

  /** Everything from the comparison to the reading back happens without an await. */
  async append(after: number, draft: Draft): Promise<Appended> {
    this.#usable();
    const writer = this.#forWriting();
    this.#inPlace();
    this.#refresh();
    if (this.#reader.seq !== after) return { outcome: "lost" };
    const id = mintUuid();
    const line = `${encodeCommit(after + 1, id, draft)}\n`;
    this.#write(writer, this.#reader.unfinished ? `\n${line}` : line);
    const winner = this.#refresh().find((commit) => commit.seq === after + 1);
    return winner?.id === id ? { outcome: "won", commit: winner } : { outcome: "lost" };
  }

  async sync(): Promise<void> {
    this.#usable();
    const wanted = this.#reader.offset;
    if (this.#synced < wanted) await this.#flusher.flush();
    this.#usable();
    this.#inPlace();
  }

  turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  changes(signal: AbortSignal): AsyncIterable<void> {
    return this.#deps.changes(signal);
  }

  async alive(holder: Holder): Promise<"yes" | "no" | "unknown"> {
    return isAlive(holder);
  }

  /** The time is always later than the last one, so that a clock that stands or steps back still beats. */
  async beat(): Promise<void> {
    try {
      const last = statSync(this.#beat, { throwIfNoEntry: false });
      if (!last) closeSync(openSync(this.#beat, "a", 0o600));
      // Rounded up first: the file system keeps a hair less than the millisecond it was given.
      const at = Math.max(this.#deps.clock.now(), Math.ceil(last?.mtimeMs ?? 0) + 1) / 1_000;
      utimesSync(this.#beat, at, at);
    } catch (error) {
      throw storeFault(error, this.#beat);
    }
  }

  async lastBeat(): Promise<string> {
    const last = statSync(this.#beat, { bigint: true, throwIfNoEntry: false });
    return last ? `${last.ino}:${last.mtimeNs}` : "";
  }

  async close(): Promise<void> {
    await this.#turns.settled();
    this.#shut(new SkepError("LOG_CLOSED", `the log ${quote(this.#file, 300)} was closed`, "open the swarm again"));
    await this.#closed;
  }

  /** What could only be read once may have become writable; nobody should have to start again for that. */
  #forWriting(): number {
    try {
      this.#writer ??= openSync(this.#file, constants.O_WRONLY | constants.O_APPEND);
      return this.#writer;
    } catch (error) {
      throw storeFault(error, this.#file);
    }
  }

  #write(fd: number, text: string): void {
    const bytes = Buffer.from(text);
    let count: number;
    try {
      count = this.#deps.io.write(fd, bytes);
    } catch (error) {
      throw storeFault(error, this.#file);
    }
    // A full disk takes a part of the line and reports no error.
    if (count !== bytes.length) throw storeFull(this.#file);
  }

  /** A failed sync is never repeated: the kernel may have dropped the pages and would report success. */
  async #sync(): Promise<void> {
    this.#usable();
    const covers = this.#reader.offset;
    try {
      await this.#deps.io.fdatasync(this.#fd);
    } catch (error) {
      const what = `the disk did not confirm what was written to ${quote(this.#file, 300)} (${codeOf(error) || "unknown"})`;
      throw this.#shut(
        new SkepError("STORE_SYNC_FAILED", what, "check the disk, then repeat the same call", { cause: error, retryable: true }),
      );
    }
    this.#synced = Math.max(this.#synced, covers);
  }

  #refresh(): Commit[] {
    try {
      return this.#reader.refresh();
    } catch (error) {
      throw storeFault(error, this.#file);
    }
  }

  /** Whoever opens the path must find the file we write to; otherwise a yes would be read by nobody. */
  #inPlace(): void {
    const named = statSync(this.#file, { throwIfNoEntry: false });
    const ours = fstatSync(this.#fd);
    if (named?.ino === ours.ino && named.dev === ours.dev && ours.size >= this.#reader.offset) return;
    const what = `the log ${quote(this.#file, 300)} was ${named ? "replaced or cut" : "removed"} while open`;
    throw this.#shut(new SkepError("LOG_REPLACED", what, "restore the file, then repeat the same call", { retryable: true }));
  }

  #usable(): void {
    if (this.#fault) throw this.#fault;
  }

  /** From here on every call answers the first fault. The descriptor goes once no sync uses it any more. */
  #shut(fault: SkepError): SkepError {
    this.#fault ??= fault;
    this.#closed ??= this.#flusher.settled().then(() => {
      for (const fd of new Set([this.#fd, this.#writer ?? this.#fd])) closeSync(fd);
    });
    return this.#fault;
  }
}

/** Without the right to write, reading still works. Never creates: a lost log must not come back empty. */
function openLog(file: string): [fd: number, writer: number | null] {
  try {
    const fd = openSync(file, constants.O_RDWR | constants.O_APPEND);
    return [fd, fd];
  } catch (error) {
    if (isMissing(error) || storeFault(error, file).code !== "STORE_READONLY") throw error;
    return [openSync(file, "r"), null];
  }
}
