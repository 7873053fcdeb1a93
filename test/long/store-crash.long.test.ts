/** The store under long abuse: 300 kills, torn writes, writers stopped past the age at which a lock counts as stale. */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { fileSwarm, SWARM } from "../store/support/adapters.ts";
import { outputOf, startScript } from "../store/support/child.ts";
import { crash } from "../store/support/crash.ts";

const SEED = Number(process.env.SKEP_SEED ?? systemClock.now() % 1_000_000);

test("[store.crash] after 300 kills every acknowledged commit and message is there exactly once", async () => {
  const { violations, facts } = await crash({ writers: 8, kills: 300, seed: SEED, tearOneIn: 150, stopOneIn: 15, stopMs: 5_600 });
  const run = `SKEP_SEED=${SEED} ${JSON.stringify(facts)}`;
  process.stderr.write(`${run}\n`);
  expect(violations, run).toEqual([]);
  expect(facts.kills).toBeGreaterThanOrEqual(300);
  expect(facts.tore, run).toBeGreaterThan(0);
  expect(facts.stops, run).toBeGreaterThan(0);
});

test("[store.log.many] 16 processes with slow decisions: every yes is one valid commit, and few lines lose", async () => {
  const { root, swarm } = await fileSwarm();
  const children = Array.from({ length: 16 }, (_, n) => startScript("decider.ts", [root, SWARM, `p-${n}`, "40"]));
  const yes = (await Promise.all(children.map(outputOf))).flatMap((out) => JSON.parse(out) as number[]);
  const commits = await swarm.log.read(0);
  expect(yes.sort((a, b) => a - b)).toEqual(commits.map(({ seq }) => seq));
  expect(commits).toHaveLength(640);
  expect(commits.every(({ seq, events }) => (events[0] as { after: number }).after === seq - 1)).toBe(true);
  const { losers } = swarm.log as unknown as { losers: number };
  expect(losers).toBeLessThan(640 * 0.05);
});
