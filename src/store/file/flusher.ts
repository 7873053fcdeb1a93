/** Lets many callers share one sync: whoever asks while one runs waits for the next, never for two. */
export class Flusher {
  readonly #sync: () => Promise<void>;
  #asked = 0;
  #done = 0;
  #running: Promise<void> | null = null;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves when a sync that began after this call has ended; rejects with its error. */
  async flush(): Promise<void> {
    const ticket = ++this.#asked;
    while (this.#done < ticket) {
      this.#running ??= this.#run();
      await this.#running;
    }
  }

  async #run(): Promise<void> {
    const covers = this.#asked;
    try {
      await this.#sync();
      this.#done = covers;
    } finally {
      this.#running = null;
    }
  }

  /** Resolves when no sync is under way. */
  async settled(): Promise<void> {
    while (this.#running !== null) {
      await this.#running.catch(() => {
        // the error went to those who asked
      });
    }
  }
}
