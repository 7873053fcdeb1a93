/** Temporary places the figures work in. Measured on the disk the state of a user's repository would be on: the temp folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SeatId, SwarmId } from "../src/base/ids.ts";
import { createLogger } from "../src/base/logger.ts";
import { openFileStore } from "../src/store/file/store.ts";
import type { Store, SwarmStore } from "../src/store/ports.ts";

export const SWARM = "s-bench" as SwarmId;
export const INBOX = "dev-0" as SeatId;
export const BODY = "The parser now keeps comments; src/parse.ts:41 explains why. ".repeat(6);

export async function inTempDir<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(path.join(tmpdir(), "skep-bench-"));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

export const openStore = (root: string): Promise<Store> => openFileStore(root, { logger: createLogger("bench", "error"), watch: false });

export async function withSwarm<T>(root: string, work: (store: SwarmStore) => Promise<T>): Promise<T> {
  const store = await (await openStore(root)).create(SWARM);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
