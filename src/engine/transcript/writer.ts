/**
 * Transcripts on disk, one file per session, only ever appended. Writing happens behind the session's back: it never waits
 * for it, a full disk costs lines and not the session, and a session that talks without end fills its file and no more.
 */
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../../base/clock.ts";
import { describeError } from "../../base/errors.ts";
import type { SessionId } from "../../base/ids.ts";
import type { Logger } from "../../base/logger.ts";
import type { Entry, Line } from "./line.ts";

export interface TranscriptsParts {
  /** Made when the first line comes. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxBytes?: number;
}

/** Takes one line. Never throws. */
export type WriteEntry = (entry: Entry) => void;

const MAX_BYTES = 8 * 1024 * 1024;
/** Of lines that wait for a slow disk. */
const MAX_WAITING_CHARS = 4 * 1024 * 1024;
/** Still written when the file is full: few, small, and what one looks for at the end. */
const ENDINGS: ReadonlySet<Entry["type"]> = new Set(["started", "turn_ended", "broken", "exit"]);

interface File {
  readonly place: string;
  waiting: string[];
  waitingChars: number;
  /** Bytes in the file; null before it was looked at. */
  size: number | null;
  cut: boolean;
  lost: number;
  /** Why the last write failed; what it left may be half a line. */
  failed: string | null;
  writing: Promise<void> | null;
}

export const transcriptFile = (folder: string, session: SessionId): string => path.join(folder, `${session}.jsonl`);

export const transcriptFolder = (projectHome: string, swarm: string): string => path.join(projectHome, "swarms", swarm, "transcripts");

export class Transcripts {
  readonly #parts: TranscriptsParts;
  readonly #files = new Map<SessionId, File>();

  constructor(parts: TranscriptsParts) {
    this.#parts = parts;
  }

  of(session: SessionId, run: number): WriteEntry {
    const known = this.#files.get(session);
    const place = transcriptFile(this.#parts.folder, session);
    const file = known ?? { place, waiting: [], waitingChars: 0, size: null, cut: false, lost: 0, failed: null, writing: null };
    this.#files.set(session, file);
    return (entry) => this.#add(file, run, entry);
  }

  /** Resolves when everything that was said is written, or known to be lost. */
  async flush(): Promise<void> {
    while ([...this.#files.values()].some(({ writing }) => writing !== null))
      await Promise.all([...this.#files.values()].map(({ writing }) => writing));
  }

  #add(file: File, run: number, entry: Entry): void {
    if (file.cut && !ENDINGS.has(entry.type)) return;
    const line = this.#line(run, entry);
    if (file.waitingChars + line.length > MAX_WAITING_CHARS) {
      file.lost += 1;
      return;
    }
    file.waiting.push(line);
    file.waitingChars += line.length;
    file.writing ??= this.#write(file, run).finally(() => {
      file.writing = null;
    });
  }

  #line(run: number, entry: Entry): string {
    const line: Line = { v: 1, at: this.#parts.clock.now(), run, ...entry };
    return `${JSON.stringify(line)}\n`;
  }

  async #write(file: File, run: number): Promise<void> {
    while (file.waiting.length > 0) {
      const lines = file.waiting.splice(0);
      file.waitingChars = 0;
      try {
        await this.#append(file, run, lines);
      } catch (error) {
        if (file.failed === null) this.#parts.logger.warn({ error: describeError(error) }, "transcript not written");
        file.failed = describeError(error);
        file.lost += lines.length;
      }
    }
  }

  async #append(file: File, run: number, lines: readonly string[]): Promise<void> {
    await mkdir(this.#parts.folder, { recursive: true, mode: 0o700 });
    const handle = await open(file.place, "a", 0o600);
    try {
      file.size ??= (await handle.stat()).size;
      // A line that a full disk, or the end of an earlier host, cut in the middle is ended: readers skip it.
      let text = file.failed === null ? "" : "\n";
      if (file.lost > 0) text += this.#line(run, { type: "lost", lines: file.lost, why: file.failed ?? "the disk was too slow" });
      for (const line of lines) text += this.#fitting(file, run, Buffer.byteLength(text), line);
      await handle.appendFile(text);
      file.size += Buffer.byteLength(text);
      file.lost = 0;
      file.failed = null;
    } finally {
      await handle.close();
    }
  }

  /** The line; or, when it would be too much, the mark that says so, once. */
  #fitting(file: File, run: number, ahead: number, line: string): string {
    const { maxBytes = MAX_BYTES } = this.#parts;
    if (!file.cut && (file.size ?? 0) + ahead + Buffer.byteLength(line) <= maxBytes) return line;
    const type = (JSON.parse(line) as Line).type;
    const mark = file.cut ? "" : this.#line(run, { type: "cut", bytes: maxBytes });
    file.cut = true;
    return `${mark}${ENDINGS.has(type) ? line : ""}`;
  }
}
