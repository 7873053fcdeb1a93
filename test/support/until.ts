import { sleep, systemClock } from "../../src/base/clock.ts";

/** What a failed wait should say, and how long it may take. */
export interface UntilOptions {
  readonly timeoutMs?: number;
  /** Completes the sentence "gave up waiting until …". */
  readonly what?: string;
}

/**
 * Polls `condition` until it gives a truthy value and returns that value; throws at the deadline, naming what was
 * awaited and the last error the condition threw. The first look is at once, so a wait that is already over costs nothing.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, what = "the condition held" }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const deadline = systemClock.monotonic() + timeoutMs;
  let cause: unknown;
  for (let pause = 2; ; pause = Math.min(pause * 1.5, 50)) {
    try {
      const value = await condition();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (systemClock.monotonic() >= deadline) {
      const last = cause === undefined ? "" : `; last error: ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new Error(`gave up after ${timeoutMs} ms waiting until ${what}${last}`, { cause });
    }
    await sleep(pause);
  }
}
