/** Growth and leaving under any order of commands: caps hold, nobody joins without need, and whoever leaves leaves nothing behind. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SeatId } from "../../src/base/ids.ts";
import type { Command } from "../../src/domain/commands.ts";
import { decide } from "../../src/domain/decide.ts";
import { demand } from "../../src/domain/demand.ts";
import type { Limits } from "../../src/domain/limits.ts";
import type { SeatSpec, State } from "../../src/domain/model.ts";
import { react } from "../../src/domain/react.ts";
import { idleAt } from "../../src/domain/reap.ts";
import { scalingOf } from "../../src/domain/scaling.ts";
import { broken, dueRefused, replays } from "./invariants.ts";
import { interpret, move } from "./moves.ts";
import { independent, ONE_DEVELOPER, planned, RISK, scaling } from "./scaling-world.ts";
import { disagreements } from "./why-agrees.ts";
import { seatSpec, taskSpec, type World } from "./world.ts";

const RUNS = Number(process.env.SKEP_PROPERTY_RUNS ?? 12);

const SCALING = scaling(
  { swarm: 8, roles: { developer: 3, reviewer: 2, risk: 2 }, providers: { p2: 1 } },
  { perTick: 2, coolDownMs: 60_000, idleMs: 600_000 },
);
const LIMITS: Partial<Limits> = {
  ...{ attempts: 3, rounds: 2, lapses: 2, refusals: 2, effectTries: 3, turns: 8, planRevisions: 4, restarts: 2 },
  scaling: SCALING,
};
const TEAM: readonly SeatSpec[] = [...ONE_DEVELOPER, RISK];
const TASKS = [...independent(4), taskSpec("t5", ["t1"], { risk: "high" }), taskSpec("t6", [], { risk: "high" })];
const KEPT = TEAM.map((seat) => (seat.duty === "queen" ? seat : { ...seat, keeps: true as const }));

/** Everything a cap counts. */
function* overCap({ seats, limits }: Readonly<State>, now: number): Iterable<string> {
  const there = [...seats.values()].filter(({ status }) => status !== "stopped");
  const { max, perTick, coolDownMs } = scalingOf({ limits });
  if (there.length > (max.swarm ?? Number.POSITIVE_INFINITY)) yield `${there.length} agents`;
  if (there.filter(({ duty, status }) => duty === "worker" && status === "active").length > limits.workers) yield "workers";
  for (const [role, most] of Object.entries(max.roles)) if (there.filter((one) => one.role === role).length > most) yield role;
  for (const [provider, most] of Object.entries(max.providers))
    if (there.filter(({ own }) => own.provider === provider).length > most) yield provider;
  const joined = [...seats.values()].filter(({ scaled }) => scaled && scaled.at > now - coolDownMs);
  if (joined.length > perTick) yield `${joined.length} joined within one cool-down`;
}

/** What another process may send that looked earlier, and what an operator or a confused engine may. */
function seatMove(world: World, old: readonly Command[], a: number, b: number): void {
  const seats = [...world.state.seats.keys()];
  const seat = (seats[b % seats.length] ?? "dev-0") as SeatId;
  const stale = old[b % Math.max(1, old.length)];
  if (a % 4 === 0 && stale) world.send(stale);
  else if (a % 4 === 1) {
    const idle = [...world.state.seats.values()].find((one) => idleAt(world.state, one) !== null);
    // Sometimes its time comes this very moment.
    if (idle && b % 2) world.now = Math.max(world.now, idleAt(world.state, idle) ?? 0);
    world.send({ type: "reap_seat", seat: idle?.seat ?? seat });
  } else if (a % 4 === 2)
    world.send({ type: "scale_up", seat: seatSpec(`dev-${b % 9}`, "worker"), need: { kind: "work", task: `t${a % 5}` as never } });
  else
    world.send(
      { type: "spawn_seat", seat: seatSpec(`${b % 2 ? "dev" : "reviewer"}-${b % 7}`, b % 2 ? "worker" : "reviewer") },
      { kind: "operator" },
    );
}

const teams = fc.constantFrom(TEAM, KEPT);
const moves = fc.array(fc.tuple(move, fc.nat({ max: 999 })), { maxLength: 220, size: "max" });

test("[scaling.property] caps, need and what is in work hold in any order of commands", () => {
  let [grown, left] = [0, 0];
  fc.assert(
    fc.property(teams, moves, (team, all) => {
      const world = planned(LIMITS, TASKS, team);
      const old: Command[] = [];
      for (const [one, extra] of all) {
        const trail = () => `after ${JSON.stringify(world.history.map((past) => past.command.type))}`;
        const length = world.history.length;
        const [wanted, before] = [
          demand(world.state, world.now),
          new Map([...world.state.seats].map(([id, seat]) => [id, { ...seat, idleAt: idleAt(world.state, seat) }])),
        ];
        old.push(...react(world.state, world.now).due.filter(({ type }) => type === "scale_up"));
        if (extra % 5 === 0) seatMove(world, old, one.a, one.b);
        else {
          const sent = interpret(world, one);
          if (sent) world.send(sent.command, sent.actor);
        }
        for (const event of world.history.length > length ? (world.history.at(-1)?.events ?? []) : []) {
          if (event.type === "seat_added" && event.scaled) {
            grown += 1;
            const { kind, task } = event.scaled;
            expect(
              wanted.map((need) => [need.kind, need.task]),
              trail(),
            ).toContainEqual([kind, task]);
          }
          if (event.type === "seat_stopping" && event.idle) {
            left += 1;
            const gone = before.get(event.seat);
            expect(gone, trail()).toMatchObject({ status: "active", session: null, task: null, gate: null, scaled: {} });
            expect(gone?.idleAt, trail()).toBeLessThanOrEqual(world.now);
            const others = [...world.state.seats.values()].filter(({ role, status }) => role === gone?.role && status === "active");
            expect(others.length, trail()).toBeGreaterThan(0);
          }
        }
        expect([...overCap(world.state, world.now)], trail()).toEqual([]);
        expect([...broken(world)], trail()).toEqual([]);
        expect([...disagreements(world)], trail()).toEqual([]);
        expect([...dueRefused(world, (command) => decide(world.state, command, world.engine, world.now))], trail()).toEqual([]);
      }
      expect(replays(world)).toBe(true);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
  );
  // A few random walks may meet neither; many do.
  if (RUNS >= 100) expect([grown > 0, left > 0]).toEqual([true, true]);
});
