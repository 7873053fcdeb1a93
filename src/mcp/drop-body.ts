/** Reads away what a client still sends after its request was refused. */
import { sleep } from "../base/clock.ts";

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_MS = 5_000;

/**
 * A connection that closes under a writer is reset, and the answer is lost with it. So the rest is read and dropped, up to a
 * bound: who sends more than that does not wait for an answer.
 */
export async function dropBody(request: Request): Promise<void> {
  // Locked: whoever counted a body without a length reads it already.
  if (!request.body || request.body.locked) return;
  const reader = request.body.getReader();
  const over = new AbortController();
  const late = sleep(MOST_MS, over.signal).then(() => null);
  try {
    for (let bytes = 0; bytes < MOST_BYTES; ) {
      const next = await Promise.race([reader.read(), late]);
      if (next === null || next.done) break;
      bytes += next.value.byteLength;
    }
  } catch {
    // The client is gone: there is nobody left to answer.
  } finally {
    over.abort();
  }
}
