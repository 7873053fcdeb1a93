/** One process's works on a log, one after another; those that queue up share one hold of the courtesy lock. */
import type { CourtesyLock } from "./courtesy.ts";

const SHARE = 64;

export class Turns {
  readonly #lock: CourtesyLock;
  readonly #queue: (() => Promise<void>)[] = [];
  #draining: Promise<void> | null = null;

  constructor(lock: CourtesyLock) {
    this.#lock = lock;
  }

  /** `work` must not call `run` of the same log and wait for it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      });
      this.#draining ??= this.#drain();
    });
  }

  async settled(): Promise<void> {
    while (this.#draining !== null) await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const release = await this.#lock.take();
      for (let shared = 0; shared < SHARE; shared++) {
        const work = this.#queue.shift();
        if (!work) break;
        await work();
      }
      await release?.();
    }
    this.#draining = null;
  }
}
