/** Tells when what a resource shows has changed. Woken by the store's own changes alone, and silent while only others change. */
import { sleep } from "../../base/clock.ts";
import type { State } from "../../domain/model.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import { type At, noSuch, type ResourceSpec } from "./resource.ts";

/** Changes that come in a burst are told as one. */
const REST_MS = 250;
const LONGEST_MS = 3_600_000;

type Mark = string | null;

/**
 * Resolves when the following has begun; throws when there is no such thing. `tell` is called after each change until `signal`
 * aborts. A store that can no longer be read is told as a change and ends it: reading again says why.
 */
export async function follow(spec: ResourceSpec, swarm: SwarmHandle, at: At, tell: () => void, signal: AbortSignal): Promise<void> {
  const { changes } = spec;
  const first: Mark = await (changes.in === "log" ? swarm.look((state) => changes.mark(state, at)) : changes.mark(swarm));
  if (first === null) throw noSuch(`${spec.name} at this address`, "complete the ids of its template");
  const marks =
    changes.in === "log" ? byCommits(swarm, (state) => changes.mark(state, at), signal) : byLetters(swarm, changes.mark, signal);
  void telling(first, marks, tell, signal);
}

async function telling(first: string, marks: AsyncIterable<Mark>, tell: () => void, signal: AbortSignal): Promise<void> {
  let last: Mark = first;
  try {
    for await (const mark of marks) {
      if (mark === last || signal.aborted) continue;
      last = mark;
      tell();
    }
  } catch {
    if (!signal.aborted) tell(); // whoever reads again is told what is wrong
  }
}

async function* byCommits(swarm: SwarmHandle, mark: (state: Readonly<State>) => Mark, signal: AbortSignal): AsyncGenerator<Mark> {
  let last: { readonly mark: Mark } | null = null;
  const other = (state: Readonly<State>): { readonly mark: Mark } | null => {
    const now = mark(state);
    return last?.mark === now ? null : { mark: now };
  };
  while (!signal.aborted) {
    const now: { readonly mark: Mark } | null = await swarm.until(other, { timeoutMs: LONGEST_MS, signal });
    if (now === null) continue;
    last = now;
    yield now.mark;
    await sleep(REST_MS, signal);
  }
}

async function* byLetters(swarm: SwarmHandle, mark: (swarm: SwarmHandle) => Promise<Mark>, signal: AbortSignal): AsyncGenerator<Mark> {
  yield await mark(swarm);
  for await (const _ of swarm.mail.changes(signal)) yield await mark(swarm);
}
