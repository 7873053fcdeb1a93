/** Rings every listener in this process, and each once a second by the injected clock. */
import type { Cancel, Clock } from "../../base/clock.ts";
import { ticks } from "../bell.ts";

const TICK_MS = 1_000;
const NEVER_MS = 2 ** 31 - 1;

export class Signals {
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    for (const listener of this.#listeners) listener();
  }

  changes(signal: AbortSignal): AsyncIterable<void> {
    return ticks(
      (ring) => this.#listen(ring),
      () => NEVER_MS,
      signal,
    );
  }

  #listen(ring: () => void): () => void {
    let cancel: Cancel;
    const tick = () => {
      cancel = this.#clock.after(TICK_MS, tick);
      ring();
    };
    cancel = this.#clock.after(TICK_MS, tick);
    this.#listeners.add(ring);
    return () => {
      cancel();
      this.#listeners.delete(ring);
    };
  }
}
