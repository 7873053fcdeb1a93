/** In every reachable state each thing that does not move has one reason, and it agrees with what the engine does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../src/domain/limits.ts";
import type { SeatSpec, TaskSpec } from "../../src/domain/model.ts";
import { interpret, move } from "./moves.ts";
import { disagreements } from "./why-agrees.ts";
import { MINIMAL, seatSpec, taskSpec, World } from "./world.ts";

const RUNS = Number(process.env.SKEP_PROPERTY_RUNS ?? 60);
const LIMITS: Partial<Limits> = { attempts: 3, rounds: 2, lapses: 2, refusals: 2, effectTries: 3, turns: 8, planRevisions: 4 };
const none = DEFAULT_LIMITS.budgets;
const TIGHT: Partial<Limits> = {
  ...LIMITS,
  verify: "always",
  batch: 2,
  budgets: {
    swarm: { ...none.swarm, turns: 40, minutes: 200 },
    task: { ...none.task, turns: 5 },
    agent: { ...none.agent, turns: 9 },
    day: { ...none.day, usd: 0.9 },
  },
};
const ROUTED: readonly SeatSpec[] = [...MINIMAL, { ...seatSpec("resolver-0", "worker"), role: "resolver" }].map((seat) => ({
  ...seat,
  ...(seat.duty === "queen" ? {} : { keeps: true as const }),
  ...(seat.seat === "dev-1" ? { fallbacks: [{ harness: "other", provider: "p2", model: "m" }] } : {}),
}));
const SOLO = MINIMAL.filter(({ seat }) => seat === "reviewer" || seat === "dev-0");

const WORLDS: readonly (readonly [string, Partial<Limits>, readonly SeatSpec[], TaskSpec | null])[] = [
  ["a queen", LIMITS, MINIMAL, null],
  ["kept sessions, other routes and budgets", TIGHT, ROUTED, null],
  ["one task and no queen", LIMITS, SOLO, taskSpec("t1")],
];

test.each(WORLDS)("[why.property] a swarm with %s explains every state that can be reached, as react sees it", (_, limits, seats, solo) => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 200, size: "max" }), (moves) => {
      const world = World.started(limits, seats, solo);
      for (const one of moves) {
        const sent = interpret(world, one);
        if (sent) world.send(sent.command, sent.actor);
        expect([...disagreements(world)], `after ${JSON.stringify(world.history.map(({ command }) => command.type))}`).toEqual([]);
      }
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
  );
});
