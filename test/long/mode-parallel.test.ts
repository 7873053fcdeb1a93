/** Side by side with real processes and real git: to agreement, to the cap, past a death, and past a deadline that outlives its host. */
import { afterEach, expect, test } from "vitest";
import { first } from "../e2e/support/first.ts";
import { makeRig } from "../e2e/support/rig.ts";
import {
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
  stepLives,
  T1,
  together,
  toldCost,
  untilEnd,
  WRITERS,
  writes,
} from "../e2e/support/together.ts";

afterEach(closeRigs);

test("[mode.e2e.parallel] [mode.cost] each goes its own line and is shown the others' changes, and the lead's result is merged", async () => {
  const { rig, swarm } = await together({
    mode: { kind: "parallel", seats: WRITERS },
    scripts: {
      "a 1": [writes("a one"), gives("continue")],
      "b 1": [writes("b one"), gives("continue")],
      "c 1": [writes("c one"), gives("continue")],
      "a 2": [finds("a one"), isShown("\\+b one"), writes("a two"), gives("converged")],
      "b 2": [finds("b one"), isShown("\\+a one"), gives("converged")],
      "c 2": [finds("c one"), isShown("\\+b one"), gives("continue")],
    },
    result: [finds("a two"), writes("both")],
  });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([phases(all), outcome(all)]).toEqual([["work 1", "work 2"], { done: "converged" }]);
  expect([merged(rig, swarm), await cost(rig, swarm)]).toEqual(["both", toldCost("`parallel`")]);
  const result = of(all, "session_wanted").find(({ job }) => job.kind === "task")?.session ?? "";
  const message = await first("message", rig, swarm.id, result);
  expect(message).toContain("## Done together");
  expect(message).toContain("| +b one");
  expect(message).not.toContain("| +a two");
}, 150_000);

test("[mode.e2e.death] side by side the others go on without one who dies, to the cap", async () => {
  const { rig, swarm } = await together({
    mode: { kind: "parallel", seats: WRITERS, rounds: 2 },
    scripts: { b: [crashes], default: [writes("one of them"), gives("continue")] },
  });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([losses(all), phases(all), outcome(all), results(all)]).toEqual([["b"], ["work 1", "work 2"], { done: "rounds" }, ["merged"]]);
}, 150_000);

const SPEED = "import { readFileSync } from 'node:fs'; console.log('calls', readFileSync('out/t1.txt', 'utf8'));\n";
const CALLS = "{name: calls, argv: [node, speed.mjs], minutes: 1, paths: [out/t1.txt], number: {direction: lower, atMost: 10}}";

test("[mode.e2e.metric] where a metric decides, a result that misses it is measured, and all of them go into another round", async () => {
  const { rig, swarm } = await together(
    {
      mode: { kind: "parallel", seats: WRITERS.slice(0, 2), rounds: 3, convergence: "metric" },
      scripts: { "a 1": [writes("50"), gives("converged")], "a 2": [writes("5"), gives("continue")], b: [gives("converged")] },
      result: [],
    },
    ({ files, ...options }) => makeRig({ ...options, files: { ...files, "speed.mjs": SPEED }, config: `checks: {metrics: [${CALLS}]}` }),
  );
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([phases(all), outcome(all)]).toEqual([["work 1", "work 2"], { done: "metric" }]);
  expect(results(all)).toEqual(["checks_failed", "merged"]);
  expect(merged(rig, swarm)).toBe("5");
}, 200_000);

test("[mode.e2e.deadline] the time of a step is in the log: the next host ends it where this one would have", async () => {
  const minutes = 0.5;
  const { rig, swarm } = await together({
    mode: { kind: "parallel", seats: WRITERS, rounds: 1, stepMinutes: minutes },
    scripts: { b: [{ sleepMs: 60_000 }, { sleepMs: 60_000 }], default: [writes("one of them"), gives("converged")] },
  });
  await stepLives(rig, swarm, 1);
  const left = (): number | null => swarm.state.tasks.get(T1)?.collab?.turns.find(({ place }) => place === "b")?.until ?? null;
  const [before, { epoch }] = [left(), swarm.state];
  rig.killHost();
  await rig.until(swarm, "b under the next host", ({ sessions, epoch: now }) =>
    [...sessions.values()].some(
      ({ job, status, epoch: its }) => now > epoch && its === now && status === "live" && job.kind === "collab" && job.place === "b",
    ),
  );
  // The time without a host is added; a whole new one is not.
  expect((left() ?? 0) - (before ?? 0)).toBeLessThan(minutes * 60_000);
  await untilEnd(rig, swarm);
  const [lost] = of(await events(swarm), "place_lost");
  expect(lost).toMatchObject({ place: "b", why: "its time for the step is over" });
}, 200_000);
