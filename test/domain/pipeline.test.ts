/** A plan by rule in a swarm without a queen: begun at once, and ended by itself. */
import { expect, test } from "vitest";
import type { TaskSpec } from "../../src/domain/model.ts";
import { seatSpec, taskSpec, World } from "./world.ts";

const SEATS = [seatSpec("reviewer", "reviewer"), seatSpec("dev-0", "worker")];
const TASKS = [taskSpec("t1"), taskSpec("t2", ["t1"]), taskSpec("t3", ["t2"])];

const started = (tasks: readonly TaskSpec[]): World =>
  World.started({}, SEATS, null, "s-test", null, { hash: "h", conditions: ["it is so"], text: "", tasks, pipeline: "p" });
const move = (world: World, id: string, to: "merged" | "failed"): void => {
  const task = id as TaskSpec["id"];
  world.remember({
    at: world.now,
    events: [to === "merged" ? { type: "task_moved", task, to } : { type: "task_cancelled", task, to, why: "given up" }],
  });
};
const finish = (world: World): boolean => world.due().some(({ type }) => type === "finish_solo");

test("[pipeline.end] with every task merged it is complete", () => {
  const world = started(TASKS);
  expect([...world.state.tasks.values()].map(({ status }) => status)).toEqual(["open", "blocked", "blocked"]);
  for (const id of ["t1", "t2"]) move(world, id, "merged");
  expect(finish(world)).toBe(false);
  move(world, "t3", "merged");
  expect(finish(world)).toBe(true);
  world.must({ type: "finish_solo" });
  expect(world.state).toMatchObject({ status: "completed" });
});

test("[pipeline.end] with one given up it failed, as soon as nothing can go on, and says what waited", () => {
  const world = started([...TASKS, taskSpec("t4")]);
  move(world, "t1", "merged");
  move(world, "t2", "failed");
  expect(finish(world)).toBe(false);
  expect(world.send({ type: "finish_solo" })).toMatchObject({ ok: false, refusal: { code: "NOT_COMPLETE" } });
  move(world, "t4", "merged");
  expect(finish(world)).toBe(true);
  world.must({ type: "finish_solo" });
  expect(world.state).toMatchObject({ status: "failed", ending: "t2 was given up; t3 waited for that" });
});

test("[pipeline.start] a plan that a plan's own rules refuse makes no swarm", () => {
  expect(() => started([taskSpec("t1", ["t9"])])).toThrow(/PLAN_REFUSED.*t1 comes after t9/);
});
