/**
 * Says when to look again. A watcher (only the host's) shortens the wait; correctness rests on the tick alone, because
 * chokidar drops the change that follows another within 50 ms and goes deaf when a folder is made anew.
 */
import type { ChokidarOptions, FSWatcher } from "chokidar";
import { systemClock } from "../../base/clock.ts";
import type { Logger } from "../../base/logger.ts";
import { ticks } from "../bell.ts";
import { codeOf } from "./faults.ts";

const TICK_MS = 1_000;
/** Without a watcher the tick is all there is. */
const POLL_MS = 250;
/** After chokidar's 50 ms of silence, for the change it did not report. */
const AGAIN_MS = 75;

export type WatchFiles = (paths: string[], options: ChokidarOptions) => FSWatcher;

export interface HintsDeps {
  readonly watch: boolean;
  readonly logger: Logger;
  /** For tests of a watcher that fails or never speaks. */
  readonly watchFiles?: WatchFiles;
}

export interface Topic {
  readonly paths: string[];
  readonly depth?: number;
}

/** The changes of one topic. The watcher lives while somebody listens. */
export class Hints {
  readonly #topic: Topic;
  readonly #deps: HintsDeps;
  readonly #listeners = new Set<() => void>();
  #watcher: Promise<FSWatcher | null> | null = null;
  #failed = false;
  #cancelAgain: () => void = () => {};

  constructor(topic: Topic, deps: HintsDeps) {
    this.#topic = topic;
    this.#deps = deps;
  }

  changes(signal: AbortSignal): AsyncIterable<void> {
    return ticks(
      (ring) => this.#listen(ring),
      () => (this.#deps.watch && !this.#failed ? TICK_MS : POLL_MS),
      signal,
    );
  }

  #listen(ring: () => void): () => void {
    this.#listeners.add(ring);
    if (this.#deps.watch && !this.#failed) this.#watcher ??= this.#start();
    return () => {
      this.#listeners.delete(ring);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  async #start(): Promise<FSWatcher | null> {
    try {
      const watch = this.#deps.watchFiles ?? (await import("chokidar")).watch;
      const { paths, depth } = this.#topic;
      const watcher = watch(paths, { ignoreInitial: true, atomic: false, ...(depth === undefined ? {} : { depth }) });
      watcher.on("all", () => this.#hint());
      // A second touch within one tick of the file's clock shows here alone.
      watcher.on("raw", () => this.#hint());
      // What happened while the watcher was starting has no event.
      watcher.on("ready", () => this.#hint());
      watcher.on("error", (error) => this.#giveUp(error));
      return watcher;
    } catch (error) {
      this.#giveUp(error);
      return null;
    }
  }

  #stop(): void {
    this.#cancelAgain();
    const watcher = this.#watcher;
    this.#watcher = null;
    void watcher
      ?.then((live) => live?.close())
      .catch((error: unknown) => this.#deps.logger.debug({ err: error }, "closing a file watcher failed"));
  }

  /** Look now, and once more when chokidar may have swallowed a second change. */
  #hint(): void {
    this.#ring();
    this.#cancelAgain();
    this.#cancelAgain = systemClock.after(AGAIN_MS, () => this.#ring());
  }

  #ring(): void {
    for (const ring of this.#listeners) ring();
  }

  #giveUp(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#deps.logger.warn({ err: error, code: codeOf(error) }, `watching files failed; looking every ${POLL_MS} ms instead`);
    this.#stop();
    this.#ring();
  }
}
