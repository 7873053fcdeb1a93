/** All swarms of a project as folders under `<git-common-dir>/skep`. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Clock, systemClock } from "../../base/clock.ts";
import { quote, SkepError } from "../../base/errors.ts";
import { asId, type SwarmId } from "../../base/ids.ts";
import type { Logger } from "../../base/logger.ts";
import { randomText } from "../../base/random.ts";
import type { Store, SwarmStore } from "../ports.ts";
import { archiveOf, restoreCommand } from "./archive.ts";
import { FileArtifacts } from "./artifacts.ts";
import type { LockFile } from "./courtesy.ts";
import { codeOf, isMissing, storeFault } from "./faults.ts";
import { Hints, type WatchFiles } from "./hints.ts";
import { type FileIo, fileIo, makeDir, syncDir, writeNewFile } from "./io.ts";
import { type StoreLayout, storeLayout, swarmLayout } from "./layout.ts";
import { refuseRemote, type StatFs } from "./local-disk.ts";
import { FileLog } from "./log.ts";
import { FileMail } from "./mail.ts";

export interface FileStoreOptions {
  readonly logger: Logger;
  /** True in the host alone; everyone else looks four times a second while it waits. */
  readonly watch: boolean;
  readonly clock?: Clock;
  /** Doubles for tests. */
  readonly io?: FileIo;
  readonly lock?: LockFile;
  readonly statfs?: StatFs;
  readonly watchFiles?: WatchFiles;
}

/** @throws STORE_REMOTE on a network file system, STORE_READONLY when the folder is missing and cannot be made. */
export async function openFileStore(root: string, options: FileStoreOptions): Promise<Store> {
  const layout = storeLayout(path.resolve(root));
  try {
    mkdirSync(layout.swarms, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storeFault(error, layout.root);
  }
  refuseRemote(layout.root, options.statfs);
  return new FileStore(layout, options);
}

class FileStore implements Store {
  readonly #layout: StoreLayout;
  readonly #options: FileStoreOptions;
  readonly #io: FileIo;
  readonly #hints: Hints;

  constructor(layout: StoreLayout, options: FileStoreOptions) {
    this.#layout = layout;
    this.#options = options;
    this.#io = options.io ?? fileIo;
    this.#hints = new Hints({ paths: [layout.swarms], depth: 0 }, options);
  }

  async list(): Promise<readonly SwarmId[]> {
    const ids = readdirSync(this.#layout.swarms).map((name) => asId<SwarmId>(name));
    return ids.filter((id): id is SwarmId => id !== null && existsSync(this.#layout.swarm(id).log)).sort();
  }

  async open(swarm: SwarmId): Promise<SwarmStore> {
    const place = this.#layout.swarm(swarm);
    const { clock = systemClock, logger, lock } = this.#options;
    const onLog = new Hints({ paths: [place.log] }, this.#options);
    const onMail = new Hints({ paths: [place.bell] }, this.#options);
    const base = { clock, logger, io: this.#io };
    let log: FileLog;
    try {
      log = new FileLog(place, { ...base, changes: (signal) => onLog.changes(signal), ...(lock ? { lock } : {}) });
    } catch (error) {
      const home = this.#layout.root;
      if (isMissing(error) && existsSync(archiveOf(home, swarm)))
        throw new SkepError("ARCHIVED", `the swarm ${swarm} is packed away`, restoreCommand(home, swarm));
      if (isMissing(error))
        throw new SkepError("NO_SWARM", `there is no swarm ${quote(swarm)}`, "list the swarms with swarm_list or skep status");
      throw storeFault(error, place.log);
    }
    const mail = new FileMail(place, { ...base, changes: (signal) => onMail.changes(signal) });
    return { swarm, log, mail, artifacts: new FileArtifacts(place.artifacts, this.#io), close: () => log.close() };
  }

  /** Put together elsewhere and renamed into the list, so that a crash leaves no half swarm. */
  async create(swarm: SwarmId): Promise<SwarmStore> {
    const { dir } = this.#layout.swarm(swarm);
    try {
      await makeDir(this.#layout.staging, this.#io);
      const draft = swarmLayout(path.join(this.#layout.staging, `${swarm}.${randomText(8)}`));
      try {
        await this.#fill(draft.dir);
        renameSync(draft.dir, dir);
      } catch (error) {
        rmSync(draft.dir, { recursive: true, force: true });
        throw error;
      }
      await syncDir(this.#layout.swarms, this.#io);
      await syncDir(this.#layout.root, this.#io);
    } catch (error) {
      if (codeOf(error) !== "ENOTEMPTY" && codeOf(error) !== "EEXIST") throw storeFault(error, dir);
      throw new SkepError("SWARM_EXISTS", `there is a swarm ${quote(swarm)} already`, "open it, or create one under another id");
    }
    return this.open(swarm);
  }

  mark(swarm: SwarmId): string | null {
    return statSync(this.#layout.swarm(swarm).log, { throwIfNoEntry: false })?.size.toString() ?? null;
  }

  changes(signal: AbortSignal): AsyncIterable<void> {
    return this.#hints.changes(signal);
  }

  async #fill(dir: string): Promise<void> {
    const place = swarmLayout(dir);
    mkdirSync(place.mail, { recursive: true, mode: 0o700 });
    mkdirSync(place.artifacts, { mode: 0o700 });
    await writeNewFile(place.log, "", this.#io);
    writeFileSync(place.bell, "", { mode: 0o600 });
    await syncDir(dir, this.#io);
    await syncDir(this.#layout.staging, this.#io);
  }
}
