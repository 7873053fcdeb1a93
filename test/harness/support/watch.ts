import { systemClock } from "../../../src/base/clock.ts";
import type { Harness, HarnessEvent, LaunchOrder } from "../../../src/harness/harness.ts";
import { type LiveSession, startSession } from "../../../src/harness/session.ts";
import { until } from "../../support/until.ts";

export type EventOf<T extends HarnessEvent["type"]> = Extract<HarnessEvent, { type: T }>;

export interface Watched extends LiveSession {
  readonly events: readonly HarnessEvent[];
  of<T extends HarnessEvent["type"]>(type: T): readonly EventOf<T>[];
  /** The `count`-th event of this type, waited for. */
  see<T extends HarnessEvent["type"]>(type: T, count?: number): Promise<EventOf<T>>;
}

/** A session whose events are kept; ended by `stopAll` at the latest. */
export async function watch(harness: Harness, order: LaunchOrder): Promise<Watched> {
  const events: HarnessEvent[] = [];
  const session = await startSession(harness, order, { clock: systemClock, onEvent: (event) => void events.push(event) });
  started.push(session);
  const of = <T extends HarnessEvent["type"]>(type: T) => events.filter((event): event is EventOf<T> => event.type === type);
  return {
    ...session,
    events,
    of,
    async see(type, count = 1) {
      let over = "";
      void session.exited.then((exit) => {
        over = JSON.stringify(exit);
      });
      const found = await until(() => of(type)[count - 1] ?? over, { timeoutMs: 15_000, what: `${count} × ${type} came` });
      if (typeof found !== "string") return found;
      throw new Error(`the session ended without ${count} × ${type}: ${found}; events ${JSON.stringify(events).slice(-2_000)}`);
    },
  };
}

const started: LiveSession[] = [];
export async function stopAll(): Promise<void> {
  await Promise.all(started.splice(0).map((session) => session.stop(500)));
}
