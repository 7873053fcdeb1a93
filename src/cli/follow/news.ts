/** The commits of a swarm as they come, for whoever watches it at a terminal. */
import { constants } from "node:os";
import type { Event } from "../../domain/events.ts";
import { eventLine } from "../../domain/feed.ts";
import { OVER } from "../../domain/model.ts";
import type { SwarmHandle } from "../../engine/api.ts";

export interface Commit {
  readonly seq: number;
  readonly at: number;
  readonly by: string;
  readonly events: readonly Event[];
}

export interface FollowOrder {
  /** The last commit already told. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** Called when nothing happened for a while: makes sure that somebody works on it. Throws to end the following. */
  needHost?(): Promise<void>;
}

const QUIET_MS = 10_000;

/** Every commit after `after`, until the swarm is over or `signal` aborts. */
export async function* news(swarm: SwarmHandle, { after, signal, needHost }: FollowOrder): AsyncGenerator<Commit> {
  for (let told = after; !signal.aborted; ) {
    const over = await swarm.look((state) => OVER.has(state.status));
    const commits = await swarm.events(told);
    for (const commit of commits) {
      told = commit.seq;
      yield commit;
    }
    if (over) return;
    if (commits.length > 0) continue;
    const moved = await swarm.until((state) => (state.seq > told ? true : null), { timeoutMs: QUIET_MS, signal });
    if (moved === null && !signal.aborted) await needHost?.();
  }
}

/** The lines worth telling of one commit. */
export const linesOf = ({ events }: Commit): readonly string[] => events.flatMap((event) => eventLine(event) ?? []);

/**
 * Aborts on Ctrl-C and on SIGTERM; `stop` takes the listeners away.
 * @param then what a second one does. ends: the process, where it stands, since nothing is left to be put in order; reads: likewise,
 * and whoever does nothing but print is interrupted as well when nobody reads stdout any more.
 */
export function interruption(then: "waits" | "ends" | "reads" = "waits"): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const end = (signal: NodeJS.Signals): void => {
    if (then !== "waits" && controller.signal.aborted) process.exit(128 + constants.signals[signal]);
    controller.abort();
  };
  // `on`, not `once`: the lock library ends the process by itself when it is the only listener left.
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  const unread = (): void => controller.abort();
  if (then === "reads") process.stdout.on("error", unread);
  return {
    signal: controller.signal,
    stop() {
      process.stdout.off("error", unread);
      process.off("SIGINT", end);
      process.off("SIGTERM", end);
    },
  };
}
