/** Circling with real processes and real git: to its agreement, to its cap, past deaths, and through a host that dies in every step. */
import { afterEach, expect, test } from "vitest";
import type { GateId } from "../../src/base/ids.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import type { Rig } from "../e2e/support/rig.ts";
import {
  circlingScripts,
  closeRigs,
  cost,
  crashes,
  events,
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
  stepLives,
  T1,
  together,
  toldCost,
  untilEnd,
  writes,
} from "../e2e/support/together.ts";

afterEach(closeRigs);

const MODE = { kind: "circling", seats: READERS, rounds: 2 } as const;
const STEPS = ["init 1", "analyse 1", "refine 1", "analyse 2", "refine 2", "final 2"];
const MENDED = [finds("mended in 2")];

const openGate = (rig: Rig, swarm: LiveSwarm): Promise<GateId> =>
  rig.until(swarm, "the gate", ({ openGates }) => [...openGates][0] ?? null, 150_000);

async function dieIn(rig: Rig, swarm: LiveSwarm, steps: readonly number[]): Promise<void> {
  for (const step of steps) {
    await stepLives(rig, swarm, step);
    rig.killHost();
  }
}

/** Dies before and after the work of each step is saved; the one before the first of them saves nothing. */
async function dieAtSaving(rig: Rig, swarm: LiveSwarm, steps: readonly number[]): Promise<void> {
  await stepLives(rig, swarm, (steps[0] ?? 0) - 1);
  for (const step of steps) {
    rig.killAt(["before save_contribution", "after save_contribution"]);
    await rig.until(
      swarm,
      `what follows step ${step}`,
      ({ tasks, openGates }) => (tasks.get(T1)?.collab?.step ?? 0) > step || openGates.size > 0,
      150_000,
    );
    expect(rig.killsLeft()).toEqual([]);
  }
}

async function dieAtGate(rig: Rig, swarm: LiveSwarm): Promise<void> {
  const [gate, { epoch }] = [await openGate(rig, swarm), swarm.state];
  rig.killHost();
  await rig.until(swarm, "the next host", (state) => state.epoch > epoch);
  expect([...swarm.state.openGates]).toEqual([gate]);
}

async function dieInResult(rig: Rig, swarm: LiveSwarm): Promise<void> {
  await rig.until(swarm, "the lead", ({ sessions }) =>
    [...sessions.values()].some(({ job, status }) => job.kind === "task" && status === "live"),
  );
  rig.killHost();
}

const nothing = async (): Promise<void> => undefined;
test.each([
  ["the first four steps", (rig: Rig, swarm: LiveSwarm) => dieIn(rig, swarm, [1, 2, 3, 4]), nothing, nothing],
  ["the last two, at the gate and in the result", (rig: Rig, swarm: LiveSwarm) => dieIn(rig, swarm, [5, 6]), dieAtGate, dieInResult],
  ["the saving of what is made in round 2", (rig: Rig, swarm: LiveSwarm) => dieAtSaving(rig, swarm, [5, 6]), nothing, nothing],
])(
  "[mode.e2e.circling] to its cap and past a blocked vote, though the host dies in %s: each step once, each part once, the same result",
  async (_, early, atGate, late) => {
    const { rig, swarm } = await together({ mode: MODE, scripts: circlingScripts(2, "continue", "blocked"), result: MENDED });
    await early(rig, swarm);
    await atGate(rig, swarm);
    const gate = await openGate(rig, swarm);
    expect(swarm.state.gates.get(gate)).toMatchObject({ kind: "mode", title: "t1: a vote says blocked" });
    await swarm.submit({ type: "answer_gate", gate, answer: "go_on" }, { kind: "operator" });
    await late(rig, swarm);
    await untilEnd(rig, swarm);
    const all = await events(swarm);
    expect(phases(all)).toEqual(STEPS);
    expect(new Set(of(all, "contributed").map(({ step, place }) => `${step} ${place}`)).size).toBe(18);
    expect(of(all, "contributed")).toHaveLength(18);
    expect(of(all, "contribution_saved").flatMap(({ step, sha }) => (sha === null ? [] : [step]))).toEqual([1, 3, 5, 6]);
    expect([losses(all), results(all)]).toEqual([[], ["merged"]]);
    expect(merged(rig, swarm)).toBe("mended in 2");
    expect(swarm.state.tasks.get(T1)?.authors).not.toContain(of(all, "review_recorded")[0]?.by);
  },
  300_000,
);

test("[mode.e2e.converged] [mode.cost] circling ends when all three agree, before its rounds are used up", async () => {
  const { rig, swarm } = await together({ mode: { ...MODE, rounds: 5 }, scripts: circlingScripts(2, "converged"), result: MENDED });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([phases(all), outcome(all)]).toEqual([STEPS, { done: "converged" }]);
  // What a place that only reads wrote all the same is put aside.
  expect(of(all, "worktree_opened").flatMap(({ discarded }) => discarded)).toContain("out/t1.txt");
  expect([merged(rig, swarm), await cost(rig, swarm)]).toEqual(["mended in 2", toldCost("`circling`")]);
}, 200_000);

test("[mode.e2e.death] circling goes on without a reviewer who dies, and its worker is told whose findings are not there", async () => {
  const { rig, swarm } = await together({
    mode: { ...MODE, rounds: 1 },
    scripts: {
      ...circlingScripts(1, "converged"),
      "rev_b 2": [crashes],
      "worker 3": [isShown("rev_b made no findings"), writes("mended in 1"), gives("converged", judged(2, ["rev_a"]))],
      "rev_a 3": [gives("converged", { strategy: "the same" })],
    },
    result: [finds("mended in 1")],
  });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([losses(all), outcome(all), results(all)]).toEqual([["rev_b"], { done: "converged" }, ["merged"]]);
}, 200_000);

test("[mode.e2e.death] circling without its worker begins again, together, from the work that was saved", async () => {
  const scripts = circlingScripts(1, "converged");
  const { rig, swarm } = await together({
    mode: { ...MODE, rounds: 1 },
    scripts: {
      ...scripts,
      "worker 1": [inAttempt(1, ...(scripts["worker 1"] ?? [])), inAttempt(2, finds("first"), gives())],
      "rev_a 1": [gives(undefined, { strategy: "look at the file" })],
      "rev_b 1": [gives(undefined, { strategy: "look at it twice" })],
      "worker 3": [inAttempt(1, crashes), inAttempt(2, ...(scripts["worker 3"] ?? []))],
    },
    result: [finds("mended in 1")],
  });
  await untilEnd(rig, swarm);
  const all = await events(swarm);
  expect([losses(all), results(all)]).toEqual([["worker"], ["lapsed", "merged"]]);
  expect(phases(all)).toEqual([...STEPS.slice(0, 3), ...STEPS.slice(0, 3), "final 1"]);
  expect(of(all, "collab_begun").map(({ places }) => places.length)).toEqual([3, 3]);
}, 240_000);
