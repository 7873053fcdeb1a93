/** The kill matrix: the host dies before every kind of effect, and behind it: done, and not written down. */
import { test } from "vitest";
import { killedAt, runsOf } from "../e2e/support/kill-matrix.ts";

test.each(runsOf("before"))(
  "[e2e.kill.before] the host is killed %s, %s, %s, and the swarm ends by itself with the same result",
  {
    timeout: 120_000,
  },
  (...points) => killedAt(points),
);

test.each(runsOf("after"))(
  "[e2e.kill] the host is killed %s, %s, %s, and the swarm ends by itself with the same result",
  {
    timeout: 120_000,
  },
  (...points) => killedAt(points),
);
