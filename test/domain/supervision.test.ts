/** Tiers of a stall: their order, what resets them, and what may never be ended. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { eventLine } from "../../src/domain/feed.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { react } from "../../src/domain/react.ts";
import { renderTurn, turnFacts } from "../../src/domain/turns.ts";
import { swarmView } from "../../src/domain/view.ts";
import { eventsOf, look, stalls, upTo, working } from "./supervision-kit.ts";
import { id, type World } from "./world.ts";

const { stallMs, tiers } = DEFAULT_LIMITS.supervision;

describe("tiers", () => {
  test("[supervision.tiers] nudge, warn and the last question come at one, two and three stall times", () => {
    const world = working();
    world.now += stallMs - 1;
    expect(look(world)).toEqual([]);
    world.now += 1;
    expect(stalls(look(world))).toEqual(["nudge"]);
    expect(look(world)).toEqual([]);
    world.now += stallMs;
    expect(stalls(look(world))).toEqual(["warn"]);
    world.now += stallMs;
    expect(look(world)).toMatchObject([{ does: "end", why: "silent for 15 minutes", evidence: "silent" }]);
    expect(world.session("dev-0")).toMatchObject({ status: "live", watch: { probe: { because: "silence" } } });
    expect(look(world)).toEqual([]);
  });

  test("[supervision.tiers] in any order of looks and signs each tier comes once per stall, in order, and none before its time", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: stallMs }) }),
      fc.record({ do: fc.constant("work" as const) }),
      fc.record({ do: fc.constant("look" as const), ago: fc.option(fc.integer({ min: 0, max: 4 * stallMs })), readable: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = working();
        let workAt = world.now;
        let reached = 0;
        for (const one of steps) {
          const session = world.session("dev-0");
          if (session.watch.probe) break;
          if (one.do === "wait") world.now += one.ms;
          else if (one.do === "work") {
            world.must({ type: "record_alive", session: session.id, run: session.run });
            [workAt, reached] = [world.now, 0];
          } else {
            const active = one.ago === null ? null : { at: world.now - one.ago, by: "files" as const };
            for (const event of look(world, { active, readable: one.readable })) {
              if (event.type === "session_seen") {
                workAt = Math.max(workAt, event.activeAt ?? world.now);
                reached = 0;
              }
              if (event.type !== "session_stalled") continue;
              expect(event.tier).toBe(reached);
              reached += 1;
              // Neither by what was known nor by what was just seen had it worked in that time.
              const quiet = world.now - Math.max(workAt, active?.at ?? 0);
              expect(quiet).toBeGreaterThanOrEqual((tiers[event.tier]?.after ?? 0) * stallMs);
              if (event.does === "end") expect(one.readable).toBe(true);
            }
          }
          expect(world.state.sessions.get(session.id)?.status).toBe("live");
        }
      }),
      { numRuns: 100 },
    );
  });

  test("[supervision.files] files that change within the stall time begin the tiers anew, at every tier", () => {
    for (const at of [0, 1, 2]) {
      const world = working();
      upTo(world, at);
      world.now += stallMs;
      const seen = look(world, { active: { at: world.now - stallMs + 1, by: "files" } });
      expect(seen).toMatchObject([{ type: "session_seen", by: "files" }]);
      expect(world.session("dev-0").watch).toMatchObject({ silence: 0, probe: null });
    }
  });

  test("[supervision.unknown] what cannot be seen is told of and lives on until its time is up", () => {
    const world = working();
    const said = [1, 2, 3, 4, 5].flatMap(() => {
      world.now += stallMs;
      return stalls(look(world, { readable: false }));
    });
    // At the last tier it is spared, and looked at again each stall time; the queen is woken for it once.
    expect(said).toEqual(["nudge", "warn", "warn", "warn", "warn"]);
    expect(world.state.wake.filter(({ what }) => what === "stalled").length).toBeLessThanOrEqual(1);
    expect(swarmView(world.state).agents.find(({ agent }) => agent === "dev-0")?.doing).toMatch(/its work cannot be seen/);
    world.now += DEFAULT_LIMITS.sessionMs;
    expect(react(world.state, world.now).due).toMatchObject([{ type: "lapse_session", why: "ran for 90 minutes" }]);
  });

  test("[supervision.unknown] one that is spared once for want of evidence is ended when a later look sees that it does nothing", () => {
    const world = working();
    for (const n of [1, 2, 3]) {
      world.now += stallMs;
      look(world, { readable: n < 3 });
    }
    expect(world.session("dev-0").watch).toMatchObject({ unknown: true, probe: null });
    world.now += stallMs - 1;
    expect(look(world)).toEqual([]);
    world.now += 1;
    expect(stalls(look(world))).toEqual(["end"]);
  });

  test("[supervision.tiers] one that waits for a person, or retries its model, is not watched", () => {
    const asks = working();
    asks.as("dev-0", { type: "ask_human", title: "Which?", question: "A or B?", options: ["a"], fallback: null, minutes: null });
    asks.now += 4 * stallMs;
    expect(look(asks)).toEqual([]);
    const retries = working();
    const { id: session, run } = retries.session("dev-0");
    retries.must({ type: "record_retrying", session, run, problem: { kind: "overloaded", message: "529", resetAt: null } });
    retries.now += 4 * stallMs;
    expect(look(retries)).toEqual([]);
  });

  test("[supervision.settings] tiers are data: others are followed as they are written", () => {
    const supervision = { ...DEFAULT_LIMITS.supervision, stallMs: 1_000, tiers: [{ after: 2, do: "warn" as const }] };
    const world = working({ supervision });
    world.now += 1_999;
    expect(look(world)).toEqual([]);
    world.now += 1;
    expect(stalls(look(world))).toEqual(["warn"]);
    world.now += 100_000;
    expect(look(world)).toEqual([]);
  });

  test("[supervision.tiers] a look of an older run, or one that comes twice, changes nothing", () => {
    const world = working();
    world.now += stallMs;
    const { id: session, run } = world.session("dev-0");
    const command = { type: "record_look", session, because: "silence", tier: 0, active: null, readable: true, reachable: true } as const;
    expect(world.send({ ...command, run: run - 1 })).toMatchObject({ refusal: { code: "STALE_RUN" } });
    expect([1, 2].map(() => eventsOf(world.send({ ...command, run })).length)).toEqual([1, 0]);
  });
});

describe("what is said", () => {
  const inline = textsFrom(new Map());
  const words = (world: World, kind: "stalled" | "probe" | "digest", seat = "dev-0"): string => {
    const facts = turnFacts(world.state, world.session(seat).id, kind, world.state.wake);
    return facts ? renderTurn(facts, inline) : "";
  };

  test("[supervision.warn] the queen is woken with what is wrong; feed and status name it", () => {
    const world = working();
    const lines = [1, 2].flatMap(() => {
      world.now += stallMs;
      return look(world).map(eventLine);
    });
    expect(lines).toEqual([
      expect.stringMatching(/^x\d+ silent for 5 minutes: it is spoken to$/),
      expect.stringMatching(/^x\d+ silent for 10 minutes: the queen and you are told$/),
    ]);
    expect(world.state.wake).toEqual([{ what: "stalled", id: "dev-0" }]);
    expect(words(world, "digest", "queen")).toContain("- dev-0 is stuck in t1, attempt 1, silent for 10 minutes; skep ends it");
    expect(swarmView(world.state).agents.find(({ agent }) => agent === "dev-0")?.doing).toMatch(/^t1 attempt 1, no sign of work since /);
  });

  test("[supervision.nudge] the session is told what is wrong and its next call; a turn that takes no word is noted", async () => {
    const world = working();
    world.now += stallMs;
    look(world);
    await expect(words(world, "stalled")).toMatchFileSnapshot("prompts/stalled.txt");
    const deaf = working();
    deaf.now += stallMs;
    expect(look(deaf, { reachable: false }).map(eventLine)).toEqual([expect.stringMatching(/its turn takes no word$/)]);
  });

  test("[supervision.probe] the last question asks for a note by the tool for it", async () => {
    const world = working();
    upTo(world, tiers.length);
    await expect(words(world, "probe")).toMatchFileSnapshot("prompts/probe.txt");
  });
});

describe("the last question", () => {
  function asked(limits: Parameters<typeof working>[0] = {}): World {
    const world = working(limits);
    upTo(world, tiers.length);
    return world;
  }
  const probed = (world: World, answered: boolean, note: string | null = null): readonly Event[] => {
    const { id: session, run } = world.session("dev-0");
    return eventsOf(world.must({ type: "record_probe", session, run, answered, note }));
  };

  test("[supervision.probe] who answers leaves the attempt and its note to a fresh session", () => {
    const world = asked();
    probed(world, true, "The parser is written, the tests hang.");
    world.doOwed("stop_session");
    world.settle();
    const task = world.state.tasks.get(id.task("t1"));
    expect(task).toMatchObject({ attempt: 1, status: "claimed", progress: "The parser is written, the tests hang." });
    expect(world.session("dev-0")).toMatchObject({ restarts: 1, status: "live", watch: { probe: null, silence: 0 } });
    expect(world.session("dev-0").handOff).toMatch(/^silent for 15 minutes; asked, it left a note$/);
  });

  test("[supervision.probe] a note by the tool is not written over, and no turn is owed while it is asked", () => {
    const world = asked();
    world.as("dev-0", { type: "report_progress", task: id.task("t1"), attempt: 1, progress: "by the tool" });
    world.endTurn("dev-0");
    world.now += 1;
    const { id: session, run } = world.session("dev-0");
    // The cut of its turn is no sign of work, and does not change what is wrong.
    world.must({ type: "record_alive", session, run });
    expect(react(world.state, world.now).due).toEqual([]);
    expect(react(world.state, world.now).effects.filter((one) => "session" in one && one.session === session)).toMatchObject([
      { kind: "probe_session" },
    ]);
    probed(world, true, "in words");
    expect(world.state.tasks.get(id.task("t1"))?.progress).toBe("by the tool");
    expect(world.session("dev-0").why).toBe("silent for 15 minutes; asked, it left a note");
  });

  test("[supervision.probe] who does not answer is ended; the task goes back with its work, and the log says why", () => {
    const world = asked();
    probed(world, false);
    world.doOwed("stop_session");
    const task = world.state.tasks.get(id.task("t1"));
    expect(task).toMatchObject({ status: "open", unsaved: { seat: "dev-0", attempt: 1 } });
    expect(task?.history.at(-1)).toMatchObject({ result: "lapsed", why: "silent for 15 minutes; asked, it did not answer" });
    expect(world.send({ type: "record_probe", session: id.session("x9"), run: 1, answered: true, note: "late" })).toMatchObject({
      refusal: { code: "SESSION_ENDED" },
    });
  });

  test("[supervision.probe] an attempt that began anew too often is not begun anew once more", () => {
    const world = asked({ restarts: 0 });
    probed(world, true, "again");
    world.doOwed("stop_session");
    expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "open" });
  });
});
