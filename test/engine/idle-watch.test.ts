/** The watch over a swarm in which nothing moves: what only a look at its mail tells. */
import { expect, test } from "vitest";
import type { SeatId } from "../../src/base/ids.ts";
import { createLogger } from "../../src/base/logger.ts";
import type { Command } from "../../src/domain/commands.ts";
import { IdleWatch } from "../../src/engine/idle-watch.ts";
import { openSwarmHandle } from "../../src/engine/swarm-handle.ts";
import { openMemoryStore } from "../../src/store/memory/store.ts";
import { asking } from "../domain/idle-world.ts";
import { TestClock } from "../support/clock.ts";
import { until } from "../support/until.ts";
import { engine, RULES_OF_NOW } from "./support/born.ts";

const MINUTE = 60_000;
const DEV_1 = "dev-1" as SeatId;

/** A swarm that waits at a gate, watched on a clock of the test. */
async function watched() {
  const world = asking();
  const clock = new TestClock(world.now);
  const store = await openMemoryStore({ clock }).create("s-test" as never);
  for (const [seq, { command, actor, at, events }] of world.history.entries())
    await store.log.append(seq, { at, by: actor.kind, command: command.type, events });
  const swarm = await openSwarmHandle(store, { ...RULES_OF_NOW, clock });
  const submit = (command: Command) => swarm.submit(command, engine(1));
  const watch = new IdleWatch({ swarm, clock, logger: createLogger("test", "silent"), submit });
  watch.start();
  return { swarm, clock, watch };
}
const looked = (clock: TestClock): Promise<unknown> => until(() => clock.armed === 1, { what: "the look to be over" });

test("[idle.mail] a swarm at a gate is paused when the time has come", async () => {
  const { swarm, clock, watch } = await watched();
  clock.tick(30 * MINUTE - 1);
  expect([clock.armed, swarm.state.status]).toEqual([1, "running"]);
  clock.tick(1);
  await until(() => swarm.state.pausedBy === "itself", { what: "the pause" });
  await watch.stop();
  expect(clock.armed).toBe(0);
});

test("[idle.mail] a letter that came, and one that is still to be shown, count as a move", async () => {
  const { swarm, clock, watch } = await watched();
  const letter = { from: "operator", to: DEV_1, kind: "note", subject: "units", body: "ms" } as const;
  clock.tick(20 * MINUTE);
  await swarm.mail.send(letter);
  await swarm.mail.send({ ...letter, subject: "later", notBefore: clock.now() + 60 * MINUTE });
  clock.tick(10 * MINUTE);
  await looked(clock);
  // It is shown after 80 minutes, and half an hour later nothing has come of it.
  clock.tick(80 * MINUTE - 1);
  expect([clock.armed, swarm.state.status]).toEqual([1, "running"]);
  clock.tick(1);
  await until(() => swarm.state.pausedBy === "itself", { what: "the pause" });
  await watch.stop();
});

test("[idle.off] a swarm without the setting is not watched", async () => {
  const clock = new TestClock();
  const swarm = { state: asking({}).state, onCommit: () => expect.fail("it is watched"), mail: null };
  const watch = new IdleWatch({ swarm: swarm as never, clock, logger: createLogger("test", "silent"), submit: async () => undefined });
  watch.start();
  expect(clock.armed).toBe(0);
  await watch.stop();
});
