/** Letters to the operator about stuck sessions: one per stall, a bounded number, and owed until they are written. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { renderLetter } from "../../src/domain/operator-letter.ts";
import { react } from "../../src/domain/react.ts";
import { look, looping, upTo, working } from "./supervision-kit.ts";
import type { World } from "./world.ts";

const { stallMs } = DEFAULT_LIMITS.supervision;
const owed = (world: World) => react(world.state, world.now).effects.filter(({ kind }) => kind === "write_operator");
const works = (world: World): void => {
  const { id: session, run } = world.session("dev-0");
  world.must({ type: "record_alive", session, run });
};

test("[supervision.letter] the first warning of a stall owes one letter, which stays owed until it is written, whoever is gone by then", () => {
  const world = working();
  upTo(world, 1);
  expect(owed(world)).toEqual([]);
  upTo(world, 1);
  const [letter] = world.state.letters ?? [];
  expect(letter).toMatchObject({ seat: "dev-0", job: "t1, attempt 1", why: "silent for 10 minutes", unknown: false });
  const { id: session, run } = world.session("dev-0");
  world.must({ type: "record_session_end", session, run, why: "exited", output: null });
  // Another host owes it under the same key, so that it lies in the inbox once.
  const keys = owed(world).map(({ key }) => key);
  world.must({ type: "take_lease", over: 1, holder: { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" }, address: "x" });
  expect(owed(world).map(({ key }) => key)).toEqual(keys);
  const written = { type: "record_written", session, at: letter?.at ?? 0 } as const;
  expect([world.must(written), world.must(written)].map((decision) => decision.ok && decision.events.length)).toEqual([1, 0]);
  expect(owed(world)).toEqual([]);
});

test("[supervision.letter] however a session stalls and works, there is at most one letter per stall, and five of a session", () => {
  const tiers = [1, 1.5, 2, 3].map((after) => ({ after, do: "warn" as const }));
  const step = fc.oneof(
    { arbitrary: fc.constant("look" as const), weight: 4 },
    { arbitrary: fc.constant("work" as const), weight: 1 },
    { arbitrary: fc.constant("call" as const), weight: 1 },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = working({ supervision: { ...DEFAULT_LIMITS.supervision, tiers } });
      let stalls = 0;
      let silent = false;
      let calls = 0;
      for (const one of steps) {
        world.now += stallMs;
        if (one === "work") [silent, calls] = [false, 0];
        if (one === "work") looping(world, 1);
        if (one === "work") works(world);
        if (one === "call") {
          calls += 5;
          if (calls === 5) stalls += 1;
          looping(world, calls);
        }
        for (const event of look(world)) {
          if (event.type !== "session_stalled" || event.because !== "silence") continue;
          if (!silent) stalls += 1;
          silent = true;
        }
      }
      const letters = world.history.flatMap(({ events }) => events.filter((event) => event.type === "session_stalled" && event.letter));
      expect(letters.length).toBeLessThanOrEqual(Math.min(stalls, 5));
      expect(letters.length > 0).toBe(stalls > 0);
    }),
    { numRuns: 100 },
  );
});

test("[supervision.letter] one that is spared again and again for want of evidence is written of once", () => {
  const world = working({ supervision: { ...DEFAULT_LIMITS.supervision, tiers: [{ after: 1, do: "end" }] } });
  for (let n = 0; n < 4; n += 1) {
    world.now += stallMs;
    look(world, { readable: false });
  }
  expect(world.state.letters).toHaveLength(1);
});

test("[supervision.letter] it says who, in what, since when, and where to look", () => {
  const world = working();
  upTo(world, 2);
  const [letter] = world.state.letters ?? [];
  if (!letter) throw new Error("no letter");
  expect(renderLetter(letter, world.state)).toEqual({
    subject: "dev-0 is stuck",
    body: [
      "dev-0 is stuck in t1, attempt 1: silent for 10 minutes.",
      "If that goes on, skep asks it for a note and ends it; its work is kept, and its job goes on in a fresh session.",
      "You need not act. To see what it did: skep logs dev-0 --swarm s-test",
    ].join("\n"),
  });
});
