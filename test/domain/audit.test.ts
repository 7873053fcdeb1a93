/** A swarm that only reviews: how it is born, what a review makes of a task, how it ends. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../../src/domain/decide.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import type { TaskStatus } from "../../src/domain/model.ts";
import { react } from "../../src/domain/react.ts";
import { badMoves, broken, dueRefused, replays } from "./invariants.ts";
import { interpret, move } from "./moves.ts";
import { id, USAGE, World } from "./world.ts";

const read = (world: World, seat: string): void => {
  const { job } = world.session(seat);
  if (job.kind !== "review") throw new Error(`${seat} has no review`);
  world.as(seat, { type: "read_diff", task: job.task, sha: job.sha, page: 1, pages: 1 });
};
const review = (world: World, seat: string, confidence: "high" | "low" | null) => {
  const { job } = world.session(seat);
  if (job.kind !== "review") throw new Error(`${seat} has no review`);
  return world.as(seat, {
    type: "review_task",
    task: job.task,
    sha: job.sha,
    criteria: [
      { n: 1, met: "yes" },
      { n: 2, met: "yes" },
    ],
    findings: confidence === null ? [] : [{ effect: "crash", confidence, criterion: null }],
    text: "{}",
  });
};
const statuses = ({ state }: World): readonly TaskStatus[] => [...state.tasks.values()].map(({ status }) => status);

test("[review.audit.swarm] its tasks are born under review, each commit on its own base, and nothing else is owed", () => {
  const world = World.audit(3);
  expect(statuses(world)).toEqual(["reviewing", "reviewing", "reviewing"]);
  expect(world.state.tasks.get(id.task("t2"))).toMatchObject({ attempt: 1, base: "base-t2", sha: "sha-t2", authors: [], checks: null });
  world.settle();
  expect([...world.state.sessions.values()].map(({ job }) => job)).toMatchObject([
    { kind: "review", task: "t1", round: 1 },
    { kind: "review", task: "t2", round: 1 },
  ]);
});

test("[review.audit.swarm] approved, sure or unsure, a review settles its task at once; with the last one the audit is complete", () => {
  const world = World.audit(3);
  world.settle();
  for (const [seat, confidence] of [
    ["reviewer", "high"],
    ["reviewer-1", "low"],
  ] as const) {
    read(world, seat);
    expect(review(world, seat, confidence)).toMatchObject({
      ok: true,
      events: [
        { type: "review_recorded", approved: false },
        { type: "task_moved", to: "reviewed" },
      ],
    });
    world.endTurn(seat);
  }
  expect(statuses(world)).toEqual(["reviewed", "reviewed", "reviewing"]);
  world.settle();
  expect([...world.state.sessions.values()].map(({ job }) => job.kind)).toEqual(["review"]);
  expect(world.state.status).toBe("running");
  read(world, "reviewer");
  expect(review(world, "reviewer", null)).toMatchObject({ ok: true, events: [{ approved: true }, { to: "reviewed" }] });
  // A second word on it comes too late.
  expect(review(world, "reviewer", "high")).toMatchObject({ ok: false, refusal: { code: "WRONG_STATUS" } });
  world.endTurn("reviewer");
  world.settle();
  expect(world.state).toMatchObject({ status: "completed", closed: true, tip: "base" });
  expect(world.state.openGates.size).toBe(0);
});

test("[review.audit.swarm] given up without a single review it has failed", () => {
  const world = World.audit(1, {}, []);
  world.settle();
  const [gate] = world.state.openGates;
  world.must({ type: "answer_gate", gate: gate as never, answer: "give_up" }, { kind: "operator" });
  world.settle();
  expect(world.state).toMatchObject({ status: "failed", ending: "nothing was reviewed", closed: true });
});

test("[review.audit.budget] at its cap an audit is paused and asks, like any swarm", () => {
  const none = DEFAULT_LIMITS.budgets;
  const world = World.audit(3, { budgets: { ...none, swarm: { ...none.swarm, usd: USAGE.usd } } });
  world.settle();
  world.endTurn("reviewer");
  world.settle();
  expect(world.state).toMatchObject({ status: "paused", pausedBy: "budget" });
  expect([...world.state.openGates].map((gate) => world.state.gates.get(gate)?.kind)).toEqual(["budget"]);
  expect(world.state.byStatus.reviewing.size).toBe(3);
});

test("[review.audit.property] any order of commands keeps every invariant of an audit, and nothing of it is ever approved, worked on or merged", () => {
  let reviewed = 0;
  const allowed: readonly TaskStatus[] = ["reviewing", "reviewed", "failed", "cancelled"];
  fc.assert(
    fc.property(fc.array(move, { maxLength: 100, size: "max" }), (moves) => {
      const world = World.audit(4, { lapses: 2, effectTries: 3, turns: 8 });
      for (const one of moves) {
        const sent = interpret(world, one);
        const before = new Map<string, TaskStatus>([...world.state.tasks.values()].map((task) => [task.id, task.status]));
        const length = world.history.length;
        if (sent) world.send(sent.command, sent.actor);
        const entry = world.history.length > length ? world.history.at(-1) : undefined;
        const trail = (): string => `after ${JSON.stringify(world.history.map((past) => past.command.type))}`;
        if (entry) expect([...badMoves(entry, before, world.state)], trail()).toEqual([]);
        expect([...broken(world)], trail()).toEqual([]);
        expect([...dueRefused(world, (command) => decide(world.state, command, world.engine, world.now))], trail()).toEqual([]);
        for (const status of statuses(world)) expect(allowed, trail()).toContain(status);
        for (const { kind } of react(world.state, world.now).effects)
          expect(["commit_submission", "run_checks", "verify_merge", "merge_task", "save_work", "undo_task"], trail()).not.toContain(kind);
        expect(["", "base"], trail()).toContain(world.state.tip);
      }
      expect(replays(world)).toBe(true);
      reviewed += world.state.byStatus.reviewed.size;
    }),
    { numRuns: Number(process.env.SKEP_PROPERTY_RUNS ?? 20) },
  );
  // Otherwise nothing was shown.
  expect(reviewed).toBeGreaterThan(0);
});
