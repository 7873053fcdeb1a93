/** In turn, with real processes and real git: to agreement, and past a death to the cap. */
import { afterEach, expect, test } from "vitest";
import {
  appends,
  closeRigs,
  cost,
  crashes,
  events,
  finds,
  gives,
  isShown,
  losses,
  merged,
  of,
  outcome,
  phases,
  results,
  together,
  toldCost,
  untilEnd,
  WRITERS,
  writes,
} from "../e2e/support/together.ts";

afterEach(closeRigs);

test("[mode.e2e.converged] [mode.cost] in turn each reads what those before it said, and they end when they agree", async () => {
  const { rig, swarm } = await together({
    mode: { kind: "sequential", seats: WRITERS, rounds: 5 },
    scripts: {
      "a 1": [writes("a"), gives("continue")],
      "b 2": [isShown("of a in 1"), appends("b"), gives("continue")],
      "c 3": [isShown("of b in 2"), finds("b"), gives("continue")],
      "a 4": [isShown("of c in 3"), finds("b"), appends("a again"), gives("converged")],
      default: [isShown("of a in 4"), finds("a again"), gives("converged")],
    },
    result: [isShown("of c in 6"), finds("a again")],
  });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([phases(all), outcome(all)]).toEqual([
    ["turn 1 a", "turn 1 b", "turn 1 c", "turn 2 a", "turn 2 b", "turn 2 c"],
    { done: "converged" },
  ]);
  expect([merged(rig, swarm), await cost(rig, swarm)]).toEqual(["a\nb\na again", toldCost("`sequential`")]);
}, 150_000);

test("[mode.e2e.sequential] a turn begins where the last one ended; one who dies is passed over, on record, to the cap", async () => {
  const { rig, swarm } = await together({
    mode: { kind: "sequential", seats: WRITERS, rounds: 1 },
    scripts: { a: [writes("a"), gives("continue")], b: [crashes], c: [finds("a"), appends("c"), gives("continue")] },
    result: [appends("end")],
  });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([losses(all), phases(all), outcome(all)]).toEqual([["b"], ["turn 1 a", "turn 1 b", "turn 1 c"], { done: "rounds" }]);
  expect(merged(rig, swarm)).toBe("a\nc\nend");
}, 150_000);

test("[mode.e2e.death] in turn the others end the round without their lead, and another agent makes the result of it", async () => {
  const { rig, swarm } = await together({
    mode: { kind: "sequential", seats: WRITERS, rounds: 1 },
    scripts: { a: [crashes], b: [writes("b"), gives("continue")], c: [finds("b"), appends("c"), gives("continue")] },
    result: [isShown("of c in 3"), finds("c"), appends("end")],
  });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([losses(all), phases(all), outcome(all)]).toEqual([["a"], ["turn 1 a", "turn 1 b", "turn 1 c"], { done: "rounds" }]);
  expect(results(all)).toEqual(["lapsed", "merged"]);
  expect(of(all, "collab_begun")).toHaveLength(1);
  expect(merged(rig, swarm)).toBe("b\nc\nend");
}, 150_000);
