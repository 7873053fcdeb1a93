/** A leader and its reviewers, with real processes: to their agreement, to the cap, past deaths, and a host that dies while a part is saved. */
import { afterEach, expect, test } from "vitest";
import {
  closeRigs,
  cost,
  crashes,
  events,
  FOUND,
  finds,
  gives,
  inAttempt,
  isShown,
  judged,
  losses,
  merged,
  of,
  outcome,
  phases,
  READERS,
  results,
  type Scripts,
  together,
  toldCost,
  untilEnd,
  writes,
} from "../e2e/support/together.ts";

afterEach(closeRigs);

const MODE = { kind: "review", seats: READERS, rounds: 2 } as const;
const STEPS = ["write 1", "review 1", "write 2", "review 2"];
const NONE = { findings: [] };
const SCRIPTS: Scripts = {
  "worker 1": [writes("first"), gives()],
  "rev_a 2": [finds("first"), writes("by a reviewer"), gives("continue", FOUND)],
  "rev_b 2": [finds("first"), gives("continue", FOUND)],
  "worker 3": [finds("first"), isShown("rev_b-2-1"), writes("second"), gives(undefined, judged(2))],
  "rev_a 4": [finds("second"), isShown("so it is in 2"), gives("converged", NONE)],
  "rev_b 4": [finds("second"), isShown("so it is in 2"), gives("converged", NONE)],
};
const RESULT = [finds("second")];

test("[mode.cost] one agent, its checks and an ordinary review: what the modes are compared with", async () => {
  const { rig, swarm } = await together({});
  await untilEnd(rig, swarm);
  expect(await cost(rig, swarm)).toBe(toldCost("one agent"));
}, 150_000);

test("[mode.e2e.review] [mode.cost] reviewers read the leader's work until they agree; what they write is thrown away", async () => {
  const { rig, swarm } = await together({ mode: MODE, scripts: SCRIPTS, result: RESULT });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([phases(all), outcome(all)]).toEqual([STEPS, { done: "converged" }]);
  expect(of(all, "contribution_saved")).toHaveLength(2);
  expect([merged(rig, swarm), await cost(rig, swarm)]).toEqual(["second", toldCost("`review`")]);
  expect(of(all, "worktree_opened").flatMap(({ discarded }) => discarded)).toContain("out/t1.txt");
}, 200_000);

test("[mode.e2e.death] without a reviewer who dies the review goes on, to its cap, and a host that dies around the saving of a part saves it once", async () => {
  const scripts: Scripts = {
    ...SCRIPTS,
    "rev_b 2": [crashes],
    "worker 3": [writes("second"), gives(undefined, judged(2, ["rev_a"]))],
    "rev_a 4": [gives("continue", FOUND)],
  };
  const { rig, swarm } = await together({ mode: MODE, scripts, result: RESULT });
  rig.killAt(["before save_contribution", "after save_contribution"]);
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([losses(all), phases(all), outcome(all), results(all)]).toEqual([["rev_b"], STEPS, { done: "rounds" }, ["merged"]]);
  expect([rig.killsLeft(), of(all, "contribution_saved").length]).toEqual([[], 2]);
}, 200_000);

test("[mode.e2e.death] without its leader it begins again, together, from the work that was saved", async () => {
  const scripts: Scripts = {
    ...SCRIPTS,
    "worker 1": [inAttempt(1, writes("first"), gives()), inAttempt(2, finds("first"), gives())],
    "worker 3": [inAttempt(1, crashes), inAttempt(2, writes("second"), gives(undefined, judged(2)))],
  };
  const { rig, swarm } = await together({ mode: MODE, scripts, result: RESULT });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([losses(all), results(all)]).toEqual([["worker"], ["lapsed", "merged"]]);
  expect(phases(all)).toEqual([...STEPS.slice(0, 3), ...STEPS]);
}, 240_000);
