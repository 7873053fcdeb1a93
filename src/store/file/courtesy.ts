/**
 * A lock between processes that may be given up at any moment: it keeps writers from colliding often, and nothing is
 * wrong when they collide all the same. A holder that keeps it too long is passed by, the same one at once the next
 * time; whatever goes wrong with the lock itself means going on without it.
 */
import { stat } from "node:fs/promises";
import type { LockOptions } from "proper-lockfile";
import { type Clock, sleep } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import { randomBelow } from "../../base/random.ts";
import { codeOf } from "./faults.ts";

export type Release = () => Promise<void>;
export type LockFile = (file: string, options: LockOptions) => Promise<Release>;

export interface Patience {
  /** How long one and the same holder is waited for. */
  readonly perHolderMs: number;
  readonly inAllMs: number;
}

interface Deps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** For tests of a lock that fails in odd ways. */
  readonly lock?: LockFile;
}

const WRITER_PATIENCE: Patience = { perHolderMs: 50, inAllMs: 1_000 };

export class CourtesyLock {
  readonly #file: string;
  readonly #deps: Deps;
  readonly #patience: Patience;
  /** The holder that did not move while we waited: dead, stopped or very slow. */
  #passedBy: string | null = null;

  constructor(file: string, deps: Deps, patience: Patience = WRITER_PATIENCE) {
    this.#file = file;
    this.#deps = deps;
    this.#patience = patience;
  }

  /** The release, which never rejects; null when it goes without the lock. */
  async take(): Promise<Release | null> {
    const { clock } = this.#deps;
    const start = clock.monotonic();
    let holder: string | null = null;
    let since = start;
    for (;;) {
      const release = await this.#try();
      if (release !== "held") return release;
      const now = clock.monotonic();
      const who = await this.#holder();
      if (who !== holder) [holder, since] = [who, now];
      if (who !== null && who === this.#passedBy) return null;
      if (now - since >= this.#patience.perHolderMs) {
        this.#passedBy = who;
        return null;
      }
      if (now - start >= this.#patience.inAllMs) return null;
      await sleep(1 + randomBelow(7));
    }
  }

  async #try(): Promise<Release | "held" | null> {
    try {
      const lock = this.#deps.lock ?? (await import("proper-lockfile")).lock;
      // Retries of the library's own cost 16 ms per call when many are allowed; the loop above is ours.
      const release = await lock(this.#file, {
        realpath: false,
        stale: 5_000,
        update: 2_000,
        retries: 0,
        onCompromised: (e) => this.#note(e),
      });
      return () => release().catch((error: unknown) => this.#note(error));
    } catch (error) {
      if (codeOf(error) === "ELOCKED") return "held";
      this.#note(error);
      return null;
    }
  }

  /** Changes with every new holder, and with nothing else. */
  async #holder(): Promise<string | null> {
    try {
      const { ino, birthtimeMs } = await stat(`${this.#file}.lock`);
      return `${ino}:${birthtimeMs}`;
    } catch {
      return null; // released meanwhile
    }
  }

  #note(error: unknown): void {
    this.#deps.logger.debug({ err: error, file: this.#file }, "going on without the courtesy lock");
  }
}

/** A process that starts a program may be waited for until it is done or its lock is stale. */
const START_PATIENCE: Patience = { perHolderMs: 15_000, inAllMs: 20_000 };

/**
 * Runs `work` while other callers with the same `path` wait, so that several calls at once start one program, not
 * several. A stampede guard and no more: `work` must be right when two run it together.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, deps: Deps, patience: Patience = START_PATIENCE): Promise<T> {
  const release = await new CourtesyLock(path, deps, patience).take();
  try {
    return await work();
  } finally {
    await release?.();
  }
}
