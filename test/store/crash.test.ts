/** Writers killed at random moments; the long suite does the same ten times as often, with long stops. */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { crash } from "./support/crash.ts";

const SEED = Number(process.env.SKEP_SEED ?? systemClock.now() % 1_000_000);

test(`[store.crash] after 30 kills every acknowledged commit and message is there exactly once`, { timeout: 150_000 }, async () => {
  const { violations, facts } = await crash({ writers: 4, kills: 30, seed: SEED, tearOneIn: 150, stopOneIn: 8, stopMs: 300 });
  const run = `SKEP_SEED=${SEED} ${JSON.stringify(facts)}`;
  process.stderr.write(`${run}\n`);
  expect(violations, run).toEqual([]);
  expect(facts.kills).toBeGreaterThanOrEqual(30);
  expect(facts.commits, run).toBeGreaterThan(30);
  expect(facts.letters, run).toBeGreaterThan(30);
});
