import { expect, test } from "vitest";
import type { EngineCommand } from "../../src/domain/commands.ts";
import { eventLine } from "../../src/domain/feed.ts";
import type { Task } from "../../src/domain/model.ts";
import { react } from "../../src/domain/react.ts";
import { MINIMAL, taskSpec, usualResult, World } from "./world.ts";

/** One developer and one reviewer on one task. */
function solo(): World {
  const seats = MINIMAL.filter(({ seat }) => seat === "reviewer" || seat === "dev-0");
  const world = World.started({}, seats, taskSpec("t1"));
  world.settle();
  return world;
}

const task = (world: World): Task => world.state.tasks.get("t1" as never) as Task;

type Said = readonly { readonly check: string; readonly passed: boolean; readonly value?: number }[];

/** The next attempt is handed in with this summary, and its checks say what is given. */
function attempt(world: World, summary: string, said: Said): string {
  const { attempt: n } = task(world);
  const submission = JSON.stringify({ summary });
  expect(world.as("dev-0", { type: "submit_task", task: "t1" as never, attempt: n, evidence: [1, 2], submission }).ok).toBe(true);
  world.endTurn("dev-0");
  for (;;) {
    const [effect] = react(world.state, world.now).effects;
    if (!effect) throw new Error("the checks never came");
    const usual = usualResult(world.state, effect);
    if (usual.type !== "record_checks") {
      world.must(usual);
      continue;
    }
    const checks = said.map(({ check, passed, value }) => ({
      ...{ check, passed, input: "i", ms: 1 },
      ...(value === undefined ? {} : { measured: [{ name: "speed", value, wanted: "at most 10" }] }),
    }));
    const failed = said.filter(({ passed }) => !passed).length;
    const command: EngineCommand = { ...usual, checks, findings: failed > 0 ? "[]" : null, findingsCount: failed };
    world.must(command);
    world.settle();
    return usual.sha;
  }
}

test("[domain.metric] work that misses a metric is discarded, and the next attempt starts from the base again", () => {
  const world = solo();
  attempt(world, "cache it", [{ check: "metric", passed: false, value: 14 }]);
  expect(task(world)).toMatchObject({ attempt: 2, prior: null, kept: null });
  expect(task(world).history).toEqual([
    {
      ...{ attempt: 1, seat: "dev-0", result: "checks_failed", keep: false },
      why: "metric failed (speed 14, wanted at most 10)",
      approach: JSON.stringify({ summary: "cache it" }),
    },
  ]);
  const ended = world.history.flatMap(({ events }) => events).find((event) => event.type === "attempt_ended");
  expect(ended && eventLine(ended)).toBe(
    "t1 attempt 1 ended: checks failed, metric failed (speed 14, wanted at most 10); its work is discarded",
  );
});

test("[domain.metric.kept] work that reaches its metric is kept when other checks fail, and is what a later miss goes back to", () => {
  const world = solo();
  const good = attempt(world, "sort it", [
    { check: "commands", passed: false },
    { check: "metric", passed: true, value: 8 },
  ]);
  expect(task(world)).toMatchObject({ attempt: 2, prior: { sha: good, attempt: 1 } });
  expect(task(world).history.at(-1)).not.toHaveProperty("keep");
  const bad = attempt(world, "sort it less", [{ check: "metric", passed: false, value: 11 }]);
  expect(bad).not.toBe(good);
  expect(task(world)).toMatchObject({ attempt: 3, prior: { sha: good, attempt: 1 } });
  expect(task(world).history.map(({ keep }) => keep)).toEqual([undefined, false]);
});
