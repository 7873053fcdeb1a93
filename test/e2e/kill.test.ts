/** The host dies behind an effect: done, and not written down. Beside every commit one run of the matrix; the long suite has all. */
import { expect, test } from "vitest";
import { EFFECTS } from "../../src/engine/effects/index.ts";
import { killedAt, OF_STALLS, OF_WARNINGS, ORDER, runsOf } from "./support/kill-matrix.ts";

test("[e2e.kill.complete] the kill matrix names every effect", () => {
  expect([...ORDER, ...OF_STALLS, ...OF_WARNINGS].sort()).toEqual(Object.keys(EFFECTS).sort());
});

test.each(runsOf("after").filter((points) => points.includes("after merge_task")))(
  "[e2e.kill] the host is killed %s, %s, %s, and the swarm ends by itself with the same result",
  {
    timeout: 120_000,
  },
  (...points) => killedAt(points),
);
