/** A short chaos run beside the other slow suites; `npm run chaos` goes on as long as one wants. */
import { expect, test } from "vitest";
import { FAILPOINTS } from "../chaos/all-failpoints.ts";
import type { Round } from "../chaos/plan.ts";
import { chaos } from "../chaos/run.ts";
import { OF_MODES } from "../e2e/support/kill-matrix.ts";

/** One plan beside every commit; others are for `npm run chaos`. */
const seed = Number(process.env.SKEP_SEED ?? 20261127);
const say = (text: string): void => void process.stderr.write(`${text}\n`);

test("[chaos.run] under kills, stops, full disks, stepped clocks and torn lines nothing acknowledged is lost and swarms end", async () => {
  const { report, failure } = await chaos({ seed, kills: 6, say });
  expect(failure, `npm run chaos -- --seed ${seed} --kills 6`).toBeNull();
  expect(report).toMatchObject({ lost: 0, problems: 0, ended: { completed: report.rounds } });
  expect(report.kills).toBeGreaterThanOrEqual(6);
  expect(report.acknowledged.commands).toBeGreaterThan(0);
  expect(report.acknowledged.letters).toBeGreaterThan(0);
});

test("[chaos.points] each failpoint is met by a swarm, so that none of them is a name alone", async () => {
  // Letters are written for as long as a blow is waited for.
  const playing = (playbook: string) => ({ playbook, blows: [{ fault: { kind: "locks", how: "leave" }, after: 30 }] }) as unknown as Round;
  const { report, failure } = await chaos({ seed, kills: 0, say, jobs: 2, replay: ["pair", "silent"].map(playing) });
  expect(failure).toBeNull();
  // No plan of a queen has a mode: test/long/mode-circling.test.ts kills the host there.
  const never = OF_MODES.flatMap((kind) => [`before effect.${kind}`, `after effect.${kind}`]);
  expect(report.failpoints).toEqual({ all: FAILPOINTS.length, met: FAILPOINTS.length - never.length, struck: 0, never });
});
