/** What the other swarms of a project spent today, for a swarm whose budget counts them. */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createLogger } from "../../src/base/logger.ts";
import type { EngineCommand } from "../../src/domain/commands.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { dayOf, NOTHING } from "../../src/domain/spend.ts";
import { DayWatch, type DayWatchParts } from "../../src/engine/day-watch.ts";
import { until } from "../support/until.ts";

/** A swarm that spent `usd` today; only what a watch asks it. */
function spender(id: string, usd: number) {
  const budgets = { ...DEFAULT_LIMITS.budgets, day: { ...DEFAULT_LIMITS.budgets.day, usd: 10 } };
  const state = {
    status: "running",
    closed: false,
    day: { day: dayOf(systemClock.now()), ...NOTHING, usd },
    limits: { ...DEFAULT_LIMITS, budgets },
  };
  return { id, state, onCommit: () => () => undefined, look: async (read: (of: typeof state) => unknown) => read(state) };
}

test("[engine.day.unreadable] a swarm that cannot be read does not hide what the others spent", async () => {
  const others = new Map([spender("s-2", 1), spender("s-4", 2)].map((one) => [one.id, one]));
  const told: EngineCommand[] = [];
  const project = {
    swarms: async () => ["s-1", "s-2", "s-3", "s-4"],
    open: async (id: string) => others.get(id) ?? Promise.reject(new Error("damaged")),
    release: async () => undefined,
  };
  const watch = new DayWatch({
    swarm: spender("s-1", 5) as unknown as DayWatchParts["swarm"],
    project: project as unknown as DayWatchParts["project"],
    clock: systemClock,
    logger: createLogger("test", "silent"),
    submit: async (command) => void told.push(command),
  });
  watch.start();
  await until(() => told.length > 0, { what: "the sum of the day is told" });
  expect(told).toMatchObject([{ type: "record_elsewhere", usd: 3 }]);
  await watch.stop();
});
