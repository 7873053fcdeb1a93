/** A swarm in which nothing moves pauses itself; what next comes from outside resumes it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { GateId, SeatId } from "../../src/base/ids.ts";
import { timeIsUp } from "../../src/domain/budget.ts";
import type { Command } from "../../src/domain/commands.ts";
import { eventLine } from "../../src/domain/feed.ts";
import { pausesAt, wantsRousing } from "../../src/domain/idle.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/domain/limits.ts";
import type { SeatSpec, State } from "../../src/domain/model.ts";
import { react } from "../../src/domain/react.ts";
import { reasons } from "../../src/domain/why.ts";
import { asking, IDLE } from "./idle-world.ts";
import { broken, replays } from "./invariants.ts";
import { interpret, move } from "./moves.ts";
import { disagreements } from "./why-agrees.ts";
import { id, MINIMAL, seatSpec, World } from "./world.ts";

const OPERATOR = { kind: "operator" } as const;
const MINUTE = 60_000;
const G1 = "g1" as GateId;
const ANSWER: Command = { type: "answer_gate", gate: G1, answer: "ms" };
const ROUSE: Command = { type: "rouse_swarm" };

function paused(limits: Partial<Limits> = IDLE): World {
  const world = asking(limits);
  world.now = pausesAt(world.state, world.now) ?? 0;
  world.must({ type: "pause_itself" });
  return world;
}

test("[idle.pause] a swarm that waits at a gate pauses itself after the set time and not before, and says why", () => {
  const world = asking();
  const at = world.state.changedAt + 30 * MINUTE;
  expect(pausesAt(world.state, world.now)).toBe(at);
  world.now = at - 1;
  expect(world.send({ type: "pause_itself" })).toMatchObject({ ok: true, events: [], repeated: true });
  world.now = at;
  world.must({ type: "pause_itself" });
  const words = 'paused itself after 30 minutes in which nothing moved; waits for gate g1 "ms or s?"';
  const [event] = world.history.at(-1)?.events ?? [];
  expect(event).toMatchObject({ type: "swarm_paused", why: "itself" });
  expect(event && eventLine(event)).toBe(`swarm ${words}; your next message or answer resumes it`);
  world.settle();
  expect(reasons(world.state, world.now)[0]).toMatchObject({ code: "paused_itself", text: words, next: { do: "answer", gate: "g1" } });
  expect(react(world.state, world.now)).toEqual({ effects: [], due: [], wakeAt: null });
  expect([...disagreements(world)]).toEqual([]);
});

const FIX_HOST = { type: "take_lease", over: 1, holder: { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" }, address: "a" } as const;
const STILL: readonly (readonly [string, () => World])[] = [
  ["a swarm without the setting", () => asking({})],
  ["a swarm with it off", () => asking({ pauseMs: null })],
  ["a deadline that answers the gate", () => asking(IDLE, 600)],
  [
    "a turn",
    () => {
      const world = World.started(IDLE);
      world.settle();
      return world;
    },
  ],
  [
    "a host that has just come: its sessions are to be resumed",
    () => {
      const world = asking();
      world.must(FIX_HOST);
      return world;
    },
  ],
  [
    "a provider that rests",
    () => {
      const world = World.started({ ...IDLE, supervision: { ...DEFAULT_LIMITS.supervision, tiers: [] } });
      world.settle();
      world.endTurn("queen", false, { kind: "quota", message: "used up", resetAt: world.now + 5 * 3_600_000 });
      world.settle();
      return world;
    },
  ],
  [
    "a session in a person's hands",
    () => {
      const world = asking();
      world.must({ type: "hand_over", seat: id.seat("dev-0"), now: true }, OPERATOR);
      world.settle();
      return world;
    },
  ],
];
test.each(STILL)("[idle.still][idle.off] %s: it does not pause itself", (_, make) => {
  const world = make();
  expect(pausesAt(world.state, world.now)).toBeNull();
  world.now += 3 * 3_600_000;
  expect(world.send({ type: "pause_itself" })).toMatchObject({ events: [] });
  expect(world.state.status).toBe("running");
});

test("[idle.still] its own running time, of which a cap is left, is no time that would bring anything", () => {
  const none = DEFAULT_LIMITS.budgets;
  const world = paused({ ...IDLE, budgets: { ...none, swarm: { ...none.swarm, minutes: 300 } } });
  expect(world.state.pausedBy).toBe("itself");
});

test("[idle.sessions] its sessions end and are resumed in the same attempt, and only the one that was answered gets a turn", () => {
  const world = paused();
  const before = world.session("dev-0");
  const { cli, attempt } = { cli: before.cli, attempt: world.state.tasks.get(id.task("t1"))?.attempt };
  world.settle();
  const asleep = [...world.state.sessions.values()];
  expect(asleep.map(({ seat, status, tokenHash }) => [seat, status, tokenHash])).toEqual([
    ["queen", "opened", null],
    ["dev-0", "opened", null],
  ]);
  // A person who wants one of them is told what to do.
  expect(world.send({ type: "hand_over", seat: id.seat("dev-0"), now: true }, OPERATOR)).toMatchObject({
    refusal: { code: "NOT_READY", next: expect.stringContaining("swarm_resume") },
  });
  const from = world.history.length;
  world.must(ANSWER, OPERATOR);
  world.settle();
  const later = world.history.slice(from).flatMap(({ events }) => [...events]);
  expect(later.filter(({ type }) => type === "session_started")).toMatchObject([{ turn: "idle" }, { turn: "idle" }]);
  expect(later.filter(({ type }) => type === "turn_started")).toMatchObject([{ session: before.id }]);
  expect(world.session("dev-0")).toMatchObject({ id: before.id, cli, turn: "running" });
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "claimed", attempt });
});

test("[idle.sessions] an answer that comes while the sessions still end is told all the same", () => {
  const world = paused();
  world.must(ANSWER, OPERATOR);
  expect(world.session("dev-0").status).toBe("ending");
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ turn: "running", owed: null });
});

const OUTSIDE: readonly Command[] = [ROUSE, ANSWER, { type: "resume_swarm" }, { type: "spawn_seat", seat: seatSpec("dev-7", "worker") }];
test.each(OUTSIDE)("[idle.resume] $type of the operator resumes it", (command) => {
  const world = paused();
  world.settle();
  world.must(command, OPERATOR);
  world.settle();
  expect(world.state).toMatchObject({ status: "running", pausedBy: null });
  expect(world.state.itself).toBeUndefined();
});

test.each(OUTSIDE.filter(({ type }) => type !== "resume_swarm"))("[idle.person] $type leaves the pause of a person alone", (command) => {
  for (const world of [asking(), paused()]) {
    // Also one who pauses what had paused itself.
    world.must({ type: "pause_swarm" }, OPERATOR);
    world.settle();
    world.send(command, OPERATOR);
    expect(world.state).toMatchObject({ status: "paused", pausedBy: "operator" });
  }
});

test("[idle.race] a letter before the pause keeps it running for as long again, one after it resumes it; a busy swarm writes nothing down", () => {
  const first = asking();
  first.now = pausesAt(first.state, first.now) ?? 0;
  first.must(ROUSE, OPERATOR);
  first.must({ type: "pause_itself" });
  expect(first.state.status).toBe("running");
  expect(pausesAt(first.state, first.now)).toBe(first.now + 30 * MINUTE);
  const second = paused();
  second.must(ROUSE, OPERATOR);
  expect(second.state.status).toBe("running");
  const busy = World.started(IDLE);
  busy.settle();
  expect(wantsRousing(busy.state, busy.now)).toBe(false);
  expect(busy.send(ROUSE, OPERATOR)).toMatchObject({ events: [], repeated: true });
});

const RUNS = Number(process.env.SKEP_PROPERTY_RUNS ?? 40);
const SHORT: Partial<Limits> = { ...IDLE, attempts: 3, rounds: 2, lapses: 2, refusals: 2, effectTries: 3, turns: 8, planRevisions: 4 };
const none = DEFAULT_LIMITS.budgets;
const CAPPED: Partial<Limits> = {
  ...SHORT,
  budgets: { ...none, swarm: { ...none.swarm, minutes: 300 }, agent: { ...none.agent, turns: 9 } },
};
const KEPT: readonly SeatSpec[] = MINIMAL.map((seat) => (seat.duty === "queen" ? seat : { ...seat, keeps: true as const }));
const FROM_OUTSIDE: readonly ((state: Readonly<State>, n: number) => Command | null)[] = [
  () => ROUSE,
  ({ openGates, gates }, n) => {
    const gate = gates.get([...openGates][n % Math.max(1, openGates.size)] as GateId);
    return gate ? { type: "answer_gate", gate: gate.id, answer: gate.options[0] ?? "yes" } : null;
  },
  (_, n) => ({ type: "spawn_seat", seat: seatSpec(`dev-${n % 9}` as SeatId, "worker") }),
];

/** Nothing runs, nothing is owed or due, and no time but that of its own cap brings anything. */
function* movesIn(state: State, now: number): Iterable<string> {
  if (state.status !== "running") yield `it is ${state.status}`;
  for (const { id: session, turn } of state.sessions.values()) if (turn === "running") yield `a turn of ${session} runs`;
  const { effects, due, wakeAt } = react(state, now);
  if (effects.length + due.length > 0) yield `owed: ${JSON.stringify([effects, due])}`;
  if (wakeAt !== null && wakeAt !== timeIsUp(state)) yield `it wakes at ${wakeAt}`;
  if (now - state.changedAt < 30 * MINUTE) yield "it has just moved";
}

test("[idle.property] it pauses only when nothing runs, is owed or is to come, and no pause but its own ends by work from outside", () => {
  let [pauses, resumed] = [0, 0];
  const moves = fc.array(fc.tuple(move, fc.nat({ max: 999 })), { maxLength: 90, size: "max" });
  fc.assert(
    fc.property(fc.boolean(), fc.constantFrom(SHORT, CAPPED), fc.constantFrom(MINIMAL, KEPT), moves, (asks, limits, seats, all) => {
      const world = asks ? asking(limits, null, seats) : World.started(limits, seats);
      for (const [one, extra] of all) {
        const trail = () => `after ${JSON.stringify(world.history.map(({ command }) => command.type))}`;
        const by = world.state.pausedBy;
        if (extra % 4 === 0) {
          if (extra % 3 > 0) world.now = Math.max(world.now, pausesAt(world.state, world.now) ?? 0);
          const moving = [...movesIn(world.state, world.now)];
          const decision = world.send({ type: "pause_itself" });
          if (decision.ok && decision.events.length > 0) {
            pauses += 1;
            expect(moving, trail()).toEqual([]);
            expect(world.state.pausedBy).toBe("itself");
          }
        } else if (extra % 4 === 1 && by !== null) {
          const command = FROM_OUTSIDE[extra % FROM_OUTSIDE.length]?.(world.state, extra);
          const decision = command && world.send(command, OPERATOR);
          const goes = decision?.ok && decision.events.length > 0;
          if (by === "itself" && goes && world.state.status !== "stopped") {
            resumed += 1;
            expect(world.state.status, trail()).toBe("running");
          }
          if (by === "operator") expect(["paused", "stopped"], trail()).toContain(world.state.status);
          if (by === "budget" && command?.type !== "answer_gate") expect(world.state.status, trail()).toBe("paused");
        } else {
          const sent = interpret(world, one);
          if (sent) world.send(sent.command, sent.actor);
        }
        expect([...broken(world)], trail()).toEqual([]);
        expect([...disagreements(world)], trail()).toEqual([]);
      }
      expect(replays(world)).toBe(true);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
  );
  // Few walks may by chance have none; that each happens is held by examples above.
  if (RUNS >= 1_000) expect([pauses > 0, resumed > 0]).toEqual([true, true]);
});
