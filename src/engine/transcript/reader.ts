/** Reads transcripts while they are written: whole lines from a byte position on, what is torn or of a later form skipped. */
import { open, readdir, stat } from "node:fs/promises";
import type { SessionId } from "../../base/ids.ts";
import { asId } from "../../base/ids.ts";
import type { Line } from "./line.ts";
import { transcriptFile } from "./writer.ts";

export interface Page {
  readonly lines: readonly Line[];
  /** Where to read on. */
  readonly next: number;
}

const CHUNK = 1024 * 1024;

/** Everything written after byte `from`. A session that has written nothing yet reads as empty. */
export async function readTranscript(folder: string, session: SessionId, from = 0): Promise<Page> {
  const handle = await open(transcriptFile(folder, session), "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!handle) return { lines: [], next: from };
  try {
    const lines: Line[] = [];
    let next = from;
    let rest = Buffer.alloc(0);
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, next + rest.length);
      if (bytesRead === 0) return { lines, next };
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(10) + 1;
      for (const text of bytes.subarray(0, end).toString("utf8").split("\n")) {
        const line = parsed(text);
        if (line) lines.push(line);
      }
      next += end;
      rest = Buffer.from(bytes.subarray(end));
    }
  } finally {
    await handle.close();
  }
}

/** The last whole lines, about `bytes` of them; `cut`: there is more before. */
export async function tailOfTranscript(
  folder: string,
  session: SessionId,
  bytes: number,
): Promise<{ readonly lines: readonly Line[]; readonly cut: boolean }> {
  const size = await stat(transcriptFile(folder, session)).then(
    (found) => found.size,
    () => 0,
  );
  // A line the beginning falls into is half, and skipped as a torn one is.
  const from = Math.max(0, size - bytes);
  return { lines: (await readTranscript(folder, session, from)).lines, cut: from > 0 };
}

function parsed(text: string): Line | null {
  if (text === "") return null;
  try {
    const line = JSON.parse(text) as Partial<Line>;
    return line.v === 1 && typeof line.type === "string" && typeof line.at === "number" ? (line as Line) : null;
  } catch {
    return null; // torn by a full disk or a host that was killed
  }
}

/** Sessions with a transcript, in no order. */
export async function transcribed(folder: string): Promise<readonly SessionId[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names.flatMap((name) => (name.endsWith(".jsonl") ? (asId<SessionId>(name.slice(0, -6)) ?? []) : []));
}
