/** The adapters every contract suite runs over. */
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import type { SwarmId } from "../../../src/base/ids.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { type FileStoreOptions, openFileStore } from "../../../src/store/file/store.ts";
import { openMemoryStore } from "../../../src/store/memory/store.ts";
import type { Store, SwarmStore } from "../../../src/store/ports.ts";
import { tempDir } from "../../support/temp.ts";

export const SWARM = "s-test" as SwarmId;
export const quiet = createLogger("test", "silent");

/** One project's store, and ways to look at it as another process would. */
export interface Bench {
  readonly store: Store;
  /** The store as a second process opens it. */
  again(clock?: Clock): Promise<Store>;
}

export interface Adapter {
  readonly name: string;
  bench(clock?: Clock): Promise<Bench>;
}

export const memoryAdapter: Adapter = {
  name: "memory",
  async bench(clock = systemClock) {
    const store = openMemoryStore({ clock });
    return { store, again: async () => store };
  },
};

export const fileAdapter: Adapter = {
  name: "file",
  async bench(clock = systemClock) {
    const root = tempDir("store");
    const open = (other = clock) => openFileStore(root, { logger: quiet, watch: false, clock: other });
    return { store: await open(), again: open };
  },
};

export const ADAPTERS = [memoryAdapter, fileAdapter];

/** Two views of one new swarm, as two processes have them. */
export async function twoViews(adapter: Adapter, clock?: Clock): Promise<[SwarmStore, SwarmStore]> {
  const bench = await adapter.bench(clock);
  const one = await bench.store.create(SWARM);
  return [one, await (await bench.again(clock)).open(SWARM)];
}

/** A new swarm in a temp folder, with doubles where a test needs them. */
export async function fileSwarm(
  options: Partial<FileStoreOptions> = {},
): Promise<{ root: string; open: (more?: Partial<FileStoreOptions>) => Promise<SwarmStore>; swarm: SwarmStore }> {
  const root = tempDir("store");
  const store = (more: Partial<FileStoreOptions> = {}) => openFileStore(root, { logger: quiet, watch: false, ...more });
  await (await store()).create(SWARM).then((made) => made.close());
  const open = async (more: Partial<FileStoreOptions> = {}) => (await store(more)).open(SWARM);
  return { root, open, swarm: await open(options) };
}
