/** What the view shows of a state, by property over everything that can be reached and by example. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { cardsOf } from "../../../src/cli/watch/board.ts";
import { pictureOf } from "../../../src/cli/watch/picture.ts";
import { share } from "../../../src/cli/watch/room.ts";
import { inline } from "../../../src/domain/foreign.ts";
import { OVER } from "../../../src/domain/model.ts";
import { reasons } from "../../../src/domain/why.ts";
import { interpret, move } from "../../domain/moves.ts";
import { stuckSwarms } from "../../domain/stuck.ts";
import { World } from "../../domain/world.ts";
import { AT, busyWorld } from "./support/scene.ts";

test("[watch.picture] in every reachable state each agent and task stands there once, and nothing is left without its reason", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 120, size: "max" }), fc.nat({ max: 10_000_000 }), (moves, later) => {
      const world = World.started({ attempts: 3, rounds: 2, lapses: 2, effectTries: 3, planRevisions: 4 });
      for (const one of moves) {
        const sent = interpret(world, one);
        if (sent) world.send(sent.command, sent.actor);
      }
      const { state } = world;
      const now = world.now + later;
      const picture = pictureOf(state, now, null);
      expect(
        cardsOf(picture.board)
          .map(({ task }) => task)
          .sort(),
      ).toEqual([...state.tasks.keys()].sort());
      expect(picture.seats.map(({ seat }) => seat)).toEqual(
        [...state.seats.values()].flatMap(({ seat, status }) => (status === "stopped" ? [] : [seat])),
      );
      expect(picture.gates.map(({ gate }) => gate)).toEqual(OVER.has(state.status) ? [] : [...state.openGates]);
      // Shares nothing with the state, and is plain data.
      expect(structuredClone(picture)).toEqual(picture);
      const why = reasons(state, now, null).filter(({ of, code }) => of === "task" && code !== "moving" && code !== "over");
      // In its own words; those of a gate stand above the team.
      for (const { id, code, text } of why) {
        const row = picture.waits.find(({ who }) => who.includes(id));
        expect(row?.text, id).toEqual(code === "gate" || code === "budget" ? expect.stringMatching(/^waits for g\d+$/) : inline(text, 240));
      }
      for (const { quietMs, usd } of picture.seats) expect([quietMs ?? 0, usd].every((n) => n >= 0)).toBe(true);
    }),
    { numRuns: Number(process.env.SKEP_PROPERTY_RUNS ?? 40) },
  );
});

test("[watch.picture] a question, a pause and a resting provider are told with the command that helps", () => {
  const told = (name: string) => {
    const world = stuckSwarms(AT).find((one) => one.name === name)?.world;
    if (!world) throw new Error(`no swarm "${name}"`);
    return pictureOf(world.state, AT, null);
  };
  const asked = told("a question of the queen");
  expect(asked.gates).toMatchObject([{ gate: "g1", who: "queen", options: ["CSV", "JSON"], leftMs: null }]);
  expect(asked.next).toMatch(/^skep answer g1 /);
  const paused = told("paused by a person");
  expect(paused).toMatchObject({ status: "paused", still: { waitsFor: "you" }, gates: [] });
  const rests = told("the provider rests");
  expect(rests.seats.find(({ seat }) => seat === "dev-0")).toMatchObject({ troubled: true, task: "t1", harness: expect.any(String) });
  const merged = told("a conflict in the last attempt").board;
  expect(merged.total).toBe(2);
  expect(merged.waves.map((wave) => wave.length)).toEqual([1, 1]);
});

test("[watch.picture] whoever waits for an open question says so, and who waits for that one, for what and which answer helps", () => {
  const world = busyWorld();
  world.endTurn("dev-1");
  world.settle();
  const { waits } = pictureOf(world.state, AT, null);
  expect(waits.find(({ who }) => who.includes("t2"))).toMatchObject({ text: "waits for g1", command: null });
  expect(waits.find(({ who }) => who.includes("t4"))).toMatchObject({
    text: expect.stringMatching(/^waits for t2 \(claimed\)/),
    command: "answer g1",
  });
});

test("[watch.frame] no line is given twice or lost when sections share the screen, and the first come first", () => {
  const wish = fc.record({ want: fc.nat({ max: 60 }), least: fc.nat({ max: 8 }) });
  fc.assert(
    fc.property(fc.nat({ max: 80 }), fc.array(wish, { maxLength: 8 }), (rows, wishes) => {
      const given = share(rows, wishes);
      const used = given.reduce((sum, n) => sum + n, 0);
      expect(used).toBeLessThanOrEqual(rows);
      for (const [at, { want, least }] of wishes.entries()) {
        const has = given[at] ?? 0;
        expect(has === 0 || (has >= Math.min(want, least) && has <= want)).toBe(true);
      }
      // What is left over is wanted by nobody who is shown.
      if (used < rows) for (const [at, { want }] of wishes.entries()) expect(given[at] === 0 || given[at] === want).toBe(true);
    }),
  );
});
