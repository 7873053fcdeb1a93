/** The other half of the kill matrix: the host dies before every kind of effect. */
import { afterEach, test } from "vitest";
import { endsThoughKilled, killRig, runsOf } from "../e2e/support/kill-matrix.ts";
import type { Rig } from "../e2e/support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

test.each(runsOf("before"))(
  "[e2e.kill.before] the host is killed %s, %s, %s, and the swarm ends by itself with the same result",
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
