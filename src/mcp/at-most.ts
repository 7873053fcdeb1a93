/** A bounded wait that leaves no timer behind: one that did would keep an ending process alive. */
import { sleep } from "../base/clock.ts";

/** Resolves when `work` settles, `ms` passed or `signal` aborts, whichever is first. */
export async function atMost(ms: number, work: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  const over = new AbortController();
  const enough = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const done = work.then(
    () => over.abort(),
    () => over.abort(),
  );
  await Promise.race([done, sleep(ms, enough)]);
}
