/**
 * Replaces a whole file: written beside it, synced, renamed over it, the folder synced. Our own and not
 * write-file-atomic because that renames a file whose write fell short on a full disk, and leaves the folder unsynced.
 */
import { unlinkSync } from "node:fs";
import path from "node:path";
import { randomText } from "../../base/random.ts";
import { Flusher } from "./flusher.ts";
import { type FileIo, fileIo, syncDir, writeNewFile } from "./io.ts";

/** Readers see the old text or the new one; the new one is on disk when this resolves. Mode 0600. */
export async function writeDurable(
  file: string,
  text: string,
  io: FileIo = fileIo,
  folder: Flusher = new Flusher(() => syncDir(path.dirname(file), io)),
): Promise<void> {
  const draft = `${file}.${randomText(8)}.tmp`;
  try {
    await writeNewFile(draft, text, io);
    io.rename(draft, file);
  } catch (error) {
    try {
      unlinkSync(draft);
    } catch {
      // it was never made, or cannot be removed either; the first error says more
    }
    throw error;
  }
  await folder.flush();
}
