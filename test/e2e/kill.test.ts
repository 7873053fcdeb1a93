/** The host dies behind every kind of effect: done, and not written down. */
import { afterEach, expect, test } from "vitest";
import { EFFECTS } from "../../src/engine/effects/index.ts";
import { endsThoughKilled, killRig, ORDER, runsOf } from "./support/kill-matrix.ts";
import type { Rig } from "./support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

test("[e2e.kill.complete] the kill matrix names every effect", () => {
  expect([...ORDER].sort()).toEqual(Object.keys(EFFECTS).sort());
});

test.each(runsOf("after"))(
  "[e2e.kill] the host is killed %s, %s, %s, and the swarm ends by itself with the same result",
  {
    timeout: 120_000,
  },
  async (...points) => {
    const rig = await killRig();
    rigs.push(rig);
    await endsThoughKilled(
      rig,
      points.filter((point): point is string => typeof point === "string"),
    );
  },
);
