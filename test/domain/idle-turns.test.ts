/** Turns that end without progress: what counts, one word after so many, and a fresh session after one more. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { react } from "../../src/domain/react.ts";
import { renderTurn, turnFacts } from "../../src/domain/turns.ts";
import { swarmView } from "../../src/domain/view.ts";
import { reasons } from "../../src/domain/why.ts";
import { eventsOf, look, working } from "./supervision-kit.ts";
import { id, usualResult, type World } from "./world.ts";

const afterTurns = (idleTurns: number) => ({ supervision: { ...DEFAULT_LIMITS.supervision, idleTurns } });
const inline = textsFrom(new Map());
const note = (world: World, progress = `note at ${world.now}`): void => {
  world.as("dev-0", { type: "report_progress", task: id.task("t1"), attempt: 1, progress });
};
const told = (world: World) =>
  world.history.flatMap(({ events }) => events.filter((event) => event.type === "session_stalled" && event.because === "turns"));

/** Its turn ends, and what is owed to it is done until its next turn runs or it is being ended. */
function turn(world: World, found: { readonly files?: boolean; readonly readable?: boolean } = {}, seat = "dev-0"): readonly Event[] {
  world.now += 1_000;
  const seen: Event[] = [...eventsOf(world.endTurn(seat))];
  for (let round = 0; round < 10; round += 1) {
    const { effects, due } = react(world.state, world.now);
    const session = world.session(seat);
    if (session.turn === "running" || session.watch.probe || session.status === "ending") break;
    const mine = effects.find((effect) => "session" in effect && effect.session === session.id);
    const command = due.find((one) => "session" in one && one.session === session.id);
    if (mine?.kind === "look_at_session") {
      const active = found.files ? { at: world.now, by: "files" as const } : null;
      seen.push(...look(world, { active, readable: found.readable ?? true }));
    } else if (mine) seen.push(...eventsOf(world.send(usualResult(world.state, mine))));
    else if (command) seen.push(...eventsOf(world.send(command)));
    else break;
  }
  return seen;
}
const again = (world: World, times: number, seat = "dev-0"): void => {
  for (let n = 0; n < times; n += 1) turn(world, {}, seat);
};

describe("turns without progress", () => {
  test("[supervision.turns] after five in a row it is told once what is missing, after one more it is asked, and a fresh session goes on", async () => {
    const world = working();
    note(world);
    turn(world);
    again(world, 4);
    expect(told(world)).toEqual([]);
    const events = turn(world);
    expect(events.filter(({ type }) => type === "session_stalled")).toMatchObject([
      { because: "turns", does: "nudge", tier: 5, why: "5 turns in a row ended without progress", evidence: "silent" },
    ]);
    expect(events).toContainEqual(expect.objectContaining({ type: "turn_owed", turn: expect.objectContaining({ kind: "idle" }) }));
    const facts = turnFacts(world.state, world.session("dev-0").id, "idle");
    await expect(facts ? renderTurn(facts, inline) : "").toMatchFileSnapshot("prompts/idle-turns.txt");
    expect(swarmView(world.state).agents.find(({ agent }) => agent === "dev-0")?.doing).toBe(
      "t1 attempt 1, 5 turns in a row ended without progress",
    );
    expect(reasons(world.state, world.now).find((one) => one.id === "dev-0")).toMatchObject({
      code: "silent",
      text: "5 turns in a row ended without progress",
    });
    turn(world);
    expect(told(world).map((event) => event.type === "session_stalled" && event.does)).toEqual(["nudge", "end"]);
    const { id: session, run } = world.session("dev-0");
    world.must({ type: "record_probe", session, run, answered: true, note: "half of it is there" });
    world.doOwed("stop_session");
    world.settle();
    expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ attempt: 1, status: "claimed", progress: "half of it is there" });
    expect(world.session("dev-0")).toMatchObject({ restarts: 1, status: "live", turn: "running" });
    expect(world.session("dev-0").handOff).toBe("6 turns in a row ended without progress; asked, it left a note");
    expect(world.session("dev-0").watch.turns).toBeUndefined();
  });

  test("[supervision.turns] in any order of turns there is one word per row of so many, an end after one more, and neither without", () => {
    const step = fc.oneof(
      { arbitrary: fc.constant("words" as const), weight: 5 },
      ...(["note", "same note", "files", "asks", "provider"] as const).map((one) => ({ arbitrary: fc.constant(one), weight: 1 })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), (steps, most) => {
        const world = working(afterTurns(most));
        note(world, "first");
        turn(world);
        let [count, word, said, words] = [0, null as number | null, "first", 0];
        for (const one of steps) {
          if (world.session("dev-0").watch.probe) break;
          if (one === "note") {
            said = `note at ${world.now}`;
            note(world, said);
          }
          if (one === "same note") note(world, said);
          if (one === "asks") {
            world.as("dev-0", { type: "ask_human", title: "Which?", question: "A?", options: ["a"], fallback: null, minutes: null });
            turn(world);
            const [gate] = [...world.state.openGates];
            if (gate) world.must({ type: "answer_gate", gate, answer: "a" }, { kind: "operator" });
            world.settle();
            continue;
          }
          if (one === "provider") {
            world.endTurn("dev-0", false, { kind: "overloaded", message: "529", resetAt: world.now + 1_000 });
            world.now += 60_000;
            world.settle();
            continue;
          }
          turn(world, { files: one === "files" });
          count = one === "note" ? 0 : count + 1;
          if (one === "note") word = null;
          const due = word === null ? count >= most : count > word;
          if (due && one === "files") [count, word] = [0, null];
          else if (due && word === null) [word, words] = [count, words + 1];
          else if (due) expect(world.session("dev-0").watch.probe).not.toBeNull();
          if (!due) expect(world.session("dev-0").watch.probe).toBeNull();
        }
        const nudges = told(world).filter((event) => event.type === "session_stalled" && event.does === "nudge");
        expect(nudges).toHaveLength(words);
        expect(world.state.tasks.get(id.task("t1"))?.attempt).toBe(1);
      }),
      { numRuns: 120 },
    );
  });

  test("[supervision.turns] one that has shown nothing of its job is reminded once and ended, unless its files changed", () => {
    const dead = working();
    again(dead, 2);
    expect(dead.session("dev-0")).toMatchObject({ status: "ending", why: "its turns ended without finishing the job" });
    const works = working();
    turn(works);
    turn(works, { files: true });
    expect(works.session("dev-0")).toMatchObject({ status: "live", turn: "running", watch: { turns: { count: 0, shown: true } } });
    again(works, 5);
    expect(told(works)).toHaveLength(1);
  });

  test("[supervision.turns] whose files cannot be looked at is told, and lives on; the queen hears of it once", () => {
    const world = working(afterTurns(2));
    note(world);
    turn(world);
    for (let n = 0; n < 6; n += 1) turn(world, { readable: false });
    expect(told(world).map((event) => event.type === "session_stalled" && event.does)).toEqual(["nudge", "warn", "warn", "warn", "warn"]);
    expect(world.session("dev-0")).toMatchObject({ status: "live", watch: { probe: null } });
    expect(world.state.wake).toEqual([{ what: "stalled", id: "dev-0" }]);
  });

  test("[supervision.turns] turns that mail or the CLI itself begins count too, and the word goes into the running one", () => {
    const world = working(afterTurns(2));
    note(world);
    const goesOn = () => {
      const { id: session, run } = world.session("dev-0");
      const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, usd: 0 };
      return world.must({ type: "record_turn_ended", session, run, ok: true, error: null, usage, goesOn: true });
    };
    for (let n = 0; n < 3; n += 1) goesOn();
    expect(world.session("dev-0")).toMatchObject({ turn: "running", nudged: false });
    expect(look(world)).toMatchObject([{ does: "nudge", tier: 2 }]);
    expect(look(world)).toEqual([]);
    goesOn();
    expect(look(world)).toMatchObject([{ does: "end", tier: 3 }]);
  });

  test("[supervision.turns] a queen who decides nothing of what is hers is told, and a fresh one goes on", () => {
    const world = working();
    world.as("dev-0", {
      ...{ type: "propose_task", id: id.task("p1"), title: "more", files: ["src/more.ts"], criteria: 1 },
      ...{ proof: "check_only", risk: "low", text: "{}", blocking: false },
    });
    world.settle();
    again(world, 6, "queen");
    expect(told(world).map((event) => event.type === "session_stalled" && [event.session, event.does])).toEqual([
      [world.session("queen").id, "nudge"],
      [world.session("queen").id, "end"],
    ]);
  });

  test("[supervision.turns] the count outlives a host", () => {
    const world = working();
    note(world);
    turn(world);
    again(world, 4);
    world.must({ type: "take_lease", over: 1, holder: { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" }, address: "x" });
    world.settle();
    expect(world.session("dev-0")).toMatchObject({ run: 2, turn: "running", watch: { turns: { count: 4 } } });
    turn(world);
    expect(told(world)).toHaveLength(1);
  });
});
