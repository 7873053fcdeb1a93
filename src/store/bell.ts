/** Turns "something may be new" into an async iterable that never misses a ring and ticks by itself. */
import { sleep } from "../base/clock.ts";

class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring (at once if it rang since the last call), after `ms`, or when `signal` aborts. */
  async heard(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const pause = new AbortController();
      const wake = () => pause.abort();
      this.#wake = wake;
      signal.addEventListener("abort", wake, { once: true });
      await sleep(ms, pause.signal);
      signal.removeEventListener("abort", wake);
      this.#wake = null;
    }
    this.#rung = false;
  }
}

/**
 * The first tick comes at once, later ones after a ring or `period()` milliseconds, whichever is first.
 * @param listen starts ringing and returns how to stop
 */
export async function* ticks(listen: (ring: () => void) => () => void, period: () => number, signal: AbortSignal): AsyncGenerator<void> {
  const bell = new Bell();
  const stop = listen(() => bell.ring());
  try {
    while (!signal.aborted) {
      yield;
      await bell.heard(period(), signal);
    }
  } finally {
    stop();
  }
}
