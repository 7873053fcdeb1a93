import { systemClock } from "../src/base/clock.ts";
import { median, round } from "./figure.ts";

export interface Paired {
  readonly value: number;
  readonly floor: number;
  /** Median of the ratios of the pairs: a machine that slows down during the run slows both halves of a pair. */
  readonly ratio: number;
}

/**
 * Runs ours and the floor `count` times, one right after the other, changing who goes first, and takes medians of their
 * milliseconds. One unmeasured pair comes first.
 */
export async function pairs(count: number, ours: () => Promise<unknown>, floor: () => Promise<unknown>): Promise<Paired> {
  await ours();
  await floor();
  const both: { ours: number; floor: number }[] = [];
  for (let n = 0; n < count; n++) {
    if (n % 2 === 0) both.push({ ours: await timed(ours), floor: await timed(floor) });
    else {
      const first = await timed(floor);
      both.push({ ours: await timed(ours), floor: first });
    }
  }
  return {
    value: round(median(both.map((pair) => pair.ours))),
    floor: round(median(both.map((pair) => pair.floor))),
    ratio: round(median(both.map((pair) => pair.ours / pair.floor))),
  };
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = systemClock.monotonic();
  await work();
  return systemClock.monotonic() - start;
}
