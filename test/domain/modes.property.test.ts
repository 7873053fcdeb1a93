/** Each mode under random votes, deaths, delays, duplicates and foreign parts, among everything else a swarm may meet. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { runningOf } from "../../src/domain/collab.ts";
import { decide } from "../../src/domain/decide.ts";
import type { ModeKind, ModeSpec } from "../../src/domain/modes/mode.ts";
import { broken, dueRefused, replays } from "./invariants.ts";
import { begun, CREW, modeSpec, SEATS } from "./modes-kit.ts";
import { interpret, move } from "./moves.ts";
import { disagreements } from "./why-agrees.ts";
import { taskSpec, type World } from "./world.ts";

const RUNS = Number(process.env.SKEP_PROPERTY_RUNS ?? 20);
const KINDS = Object.keys(SEATS) as readonly ModeKind[];

const mode: fc.Arbitrary<ModeSpec> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    rounds: fc.integer({ min: 1, max: 3 }),
    tier: fc.constantFrom(1 as const, 2 as const, 3 as const),
    convergence: fc.constantFrom("unanimous" as const, "majority" as const, "rounds" as const),
    stepMinutes: fc.constantFrom(2, 30, 300),
  })
  .map(({ kind, ...more }) => modeSpec(kind, more));

/** Kept sessions stand in the way of a fresh one, and every other task wants the same workers. */
const KEPT = CREW.map((seat) => (seat.duty === "queen" ? seat : { ...seat, keeps: true as const }));

function check(world: World): void {
  const trail = (): string => `after ${JSON.stringify(world.history.slice(-40).map(({ command }) => command.type))}`;
  expect([...broken(world)], trail()).toEqual([]);
  expect([...dueRefused(world, (command) => decide(world.state, command, world.engine, world.now))], trail()).toEqual([]);
  expect([...disagreements(world)], trail()).toEqual([]);
}

/** Votes, parts and gates as they come; the moves of the engine alone go on to the end. */
test("[mode.property] whatever is voted, lost, repeated or forged, every invariant holds and the log folds to the same", () => {
  fc.assert(
    fc.property(mode, mode, fc.boolean(), fc.array(move, { maxLength: 150, size: "max" }), (one, two, keeps, moves) => {
      const tasks = [taskSpec("t2", [], { mode: two }), taskSpec("t3")];
      const world = begun(one, { tasks, seats: keeps ? KEPT : CREW, limits: { attempts: 3, lapses: 4 } });
      check(world);
      const parts = new Map<string, string>();
      for (const next of moves) {
        const sent = interpret(world, next);
        const length = world.history.length;
        const before = sent?.command.type === "contribute" ? runningOf(world.state.tasks.get(sent.command.task)) : null;
        const step = before?.collab.step;
        const decision = sent ? world.send(sent.command, sent.actor) : null;
        check(world);
        const entry = world.history.length > length ? world.history.at(-1) : undefined;
        for (const event of entry?.events ?? []) {
          if (event.type !== "contributed") continue;
          const name = `${event.task} ${event.attempt} ${event.step} ${event.place}`;
          expect(parts.get(name), `${name} counts twice`).toBeUndefined();
          parts.set(name, event.seat);
          expect(event.step).toBe(step);
          expect(sent?.actor).toMatchObject({ kind: "session", seat: event.seat });
        }
        if (sent?.command.type === "contribute" && sent.command.step !== step)
          expect(decision?.ok ? (decision.repeated ?? false) : true).toBe(true);
      }
      expect(replays(world)).toBe(true);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
  );
});
