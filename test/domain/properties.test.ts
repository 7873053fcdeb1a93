import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "../../src/domain/decide.ts";
import { type Budgets, type Caps, DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import type { TaskStatus } from "../../src/domain/model.ts";
import { badMoves, broken, discards, dueRefused, replays, sharedGrant } from "./invariants.ts";
import { interpret, type Move, move } from "./moves.ts";
import { MINIMAL, seatSpec, taskSpec, World } from "./world.ts";

const LIMITS = {
  attempts: 3,
  rounds: 2,
  lapses: 2,
  refusals: 2,
  effectTries: 3,
  turns: 8,
  planRevisions: 4,
  budgets: budgets({ usd: 0.5 }),
};

function budgets(swarm: Partial<Caps>, task: Partial<Caps> = {}, agent: Partial<Caps> = {}, day: Partial<Caps> = {}): Budgets {
  const none = DEFAULT_LIMITS.budgets;
  return {
    swarm: { ...none.swarm, ...swarm },
    task: { ...none.task, ...task },
    agent: { ...none.agent, ...agent },
    day: { ...none.day, ...day },
  };
}

/** Kept sessions, one worker with other harnesses to turn to, and budgets of every kind. */
const RESOLVER = { ...seatSpec("resolver-0", "worker"), role: "resolver" };
const ROUTED = [...MINIMAL, RESOLVER].map((seat) => ({
  ...seat,
  ...(seat.seat === "dev-1"
    ? {
        fallbacks: [
          { harness: "other", provider: "p2", model: null },
          { harness: "third", provider: "p3", model: "m" },
        ],
      }
    : {}),
  ...(seat.duty === "queen" ? {} : { keeps: true as const }),
}));
const TIGHT = {
  ...{ ...LIMITS, restarts: 2, verify: "always" as const, batch: 2 },
  budgets: budgets({ minutes: 200, turns: 40 }, { turns: 5, minutes: 90 }, { turns: 9, tokens: 160 }, { usd: 0.9 }),
};
const RUNS = Number(process.env.SKEP_PROPERTY_RUNS ?? 200);

function play(world: World, moves: readonly Move[]): void {
  const approved = new Set<string>();
  const attempts = new Map<string, number>();
  for (const one of moves) {
    const sent = interpret(world, one);
    const before = new Map<string, TaskStatus>([...world.state.tasks.values()].map((task) => [task.id, task.status]));
    const length = world.history.length;
    if (sent) world.send(sent.command, sent.actor);
    const entry = world.history.length > length ? world.history.at(-1) : undefined;
    const trail = () => `after ${JSON.stringify(world.history.map((past) => past.command.type))}`;
    if (entry) {
      expect([...badMoves(entry, before, world.state)], trail()).toEqual([]);
      expect([...discards(entry, world.state)], trail()).toEqual([]);
      for (const event of entry.events) {
        if (event.type === "review_recorded" && event.approved) approved.add(`${event.task} ${event.sha}`);
        if (event.type === "review_skipped") approved.add(`${event.task} ${event.sha}`);
        if (event.type === "task_merged") expect(approved, trail()).toContain(`${event.task} ${world.state.tasks.get(event.task)?.sha}`);
        if (event.type === "task_extended") expect([...sharedGrant(world.state, event)], trail()).toEqual([]);
        if (event.type === "task_claimed") {
          expect(event.attempt, trail()).toBe((attempts.get(event.task) ?? 0) + 1);
          attempts.set(event.task, event.attempt);
          const [seat, task] = [world.state.seats.get(event.seat), world.state.tasks.get(event.task)];
          expect([event.because === undefined ? task?.role : "resolver"], trail()).toEqual([seat?.role]);
        }
      }
    }
    expect([...broken(world)], trail()).toEqual([]);
    expect([...dueRefused(world, (command) => decide(world.state, command, world.engine, world.now))], trail()).toEqual([]);
  }
  expect(replays(world)).toBe(true);
}

test("[domain.property.swarm] any order of commands keeps every invariant of a swarm with a queen", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 250, size: "max" }), (moves) => play(World.started(LIMITS), moves)),
    { numRuns: RUNS, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true },
  );
});

test("[domain.property.providers] with other harnesses to turn to, kept sessions and every budget the invariants hold as well", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 250, size: "max" }), (moves) => play(World.started(TIGHT, ROUTED), moves)),
    { numRuns: RUNS, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true },
  );
});

test("[domain.property.solo] any order of commands keeps every invariant of a solo swarm", () => {
  const team = MINIMAL.filter(({ seat }) => seat === "reviewer" || seat === "dev-0");
  fc.assert(
    fc.property(fc.array(move, { maxLength: 250, size: "max" }), (moves) => play(World.started(LIMITS, team, taskSpec("t1")), moves)),
    { numRuns: RUNS, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true },
  );
});
