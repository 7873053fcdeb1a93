/** The measure of pace with a clock of the test's own, and what decide refuses to agents that add too much. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import type { Actor, Command } from "../../src/domain/commands.ts";
import { DEFAULT_FLOODS, type Floods, type Pace, take } from "../../src/domain/flood.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { react } from "../../src/domain/react.ts";
import { reasons } from "../../src/domain/why.ts";
import { seatSpec, usualResult, World } from "./world.ts";

const steps = fc.array(fc.tuple(fc.nat({ max: 90_000 }), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 60 });
const rates = fc.integer({ min: 1, max: 2_000 });

describe("[flood.pace] a minute's worth at once, then evenly", () => {
  test("no stretch of time lets more through than a minute's worth and what filled up meanwhile", () => {
    fc.assert(
      fc.property(rates, steps, (perMinute, all) => {
        let pace: Pace | undefined;
        let now = 0;
        const taken: { at: number; count: number }[] = [];
        for (const [pause, count] of all) {
          now += pause;
          const got = take(pace, now, perMinute, count);
          pace = got.pace;
          if (got.waitMs === 0) taken.push({ at: now, count: Math.min(count, perMinute) });
        }
        for (const [from, first] of taken.entries()) {
          let sum = 0;
          for (const { at, count } of taken.slice(from)) {
            sum += count;
            expect(sum).toBeLessThanOrEqual(perMinute + ((at - first.at) * perMinute) / 60_000 + 0.001);
          }
        }
      }),
    );
  });

  test("who keeps to the rate is never refused, and who waits as told is taken", () => {
    fc.assert(
      fc.property(rates, fc.nat({ max: 200 }), (perMinute, calls) => {
        let pace: Pace | undefined;
        for (let n = 0; n < calls; n++) {
          const got = take(pace, Math.ceil((n * 60_000) / perMinute), perMinute);
          expect(got.waitMs).toBe(0);
          pace = got.pace;
        }
        let now = Math.ceil((calls * 60_000) / perMinute);
        for (let n = 0; n < perMinute * 2; n++) {
          const got = take(pace, now, perMinute);
          pace = got.pace;
          if (got.waitMs === 0) continue;
          now += got.waitMs;
          expect(take(pace, now, perMinute).waitMs).toBe(0);
          break;
        }
      }),
    );
  });

  test("a clock that stands or steps back gives nothing away, and more than a minute's worth passes once it is full", () => {
    const empty = take(undefined, 1_000, 5, 5).pace;
    expect(take(empty, 1_000, 5)).toMatchObject({ waitMs: 12_000 });
    expect(take(empty, 500, 5).waitMs).toBeGreaterThan(0);
    expect(take(undefined, 0, 5, 64)).toMatchObject({ waitMs: 0, pace: { left: 0 } });
  });
});

/** A queen at her first turn. */
function queen(floods: Partial<Floods>): { world: World; say: (command: Command) => ReturnType<World["send"]> } {
  const world = World.started({ ...DEFAULT_LIMITS, floods: { ...DEFAULT_FLOODS, ...floods } });
  world.settle();
  const session = world.session("queen");
  const as: Actor = { kind: "session", seat: session.seat, session: session.id, run: session.tokenRun };
  return { world, say: (command) => world.send(command, as) };
}
const ask = (title: string): Command => ({
  ...{ type: "ask_human", title, question: title, options: [], fallback: null, minutes: null },
});
const refused = (code: string) => ({ ok: false, refusal: { code, next: expect.stringMatching(/\w/) } });

test("[flood.questions] an agent's questions beyond the limit are refused until one is answered; a repeat is none", () => {
  const { world, say } = queen({ questions: 2 });
  expect([say(ask("a?")).ok, say(ask("b?")).ok]).toEqual([true, true]);
  expect(say(ask("c?"))).toMatchObject({ ok: false, refusal: { code: "CAP_REACHED", retryable: true } });
  expect(say(ask("a?"))).toMatchObject({ ok: true, repeated: true });
  const [gate] = [...world.state.gates.keys()];
  if (gate) world.must({ type: "answer_gate", gate, answer: "yes" }, { kind: "operator" });
  expect(say(ask("c?")).ok).toBe(true);
});

test("[flood.agents] a queen gets no more agents than a swarm may ever have; the operator may go on", () => {
  const { world, say } = queen({ agents: 5 });
  const spawn = (seat: string): Command => ({ type: "spawn_seat", seat: seatSpec(seat, "worker") });
  expect(say(spawn("dev-5"))).toMatchObject({ ok: true });
  expect(say(spawn("dev-6"))).toMatchObject(refused("CAP_REACHED"));
  expect(say(spawn("dev-5"))).toMatchObject({ ok: true, repeated: true });
  expect(world.send(spawn("dev-6"), { kind: "operator" })).toMatchObject({ ok: true });
});

test("[flood.tasks] a plan that brings a swarm above its tasks is refused whole", () => {
  const { say } = queen({ tasks: 1 });
  const spec = (id: string) => ({ id: id as TaskId }) as never;
  const plan: Command = { type: "submit_plan", hash: "h", goal: "g", conditions: [], text: "", tasks: [spec("t1"), spec("t2")] };
  expect(say(plan)).toMatchObject({ ...refused("CAP_REACHED"), refusal: { message: expect.stringContaining("limit is 1") } });
});

test("[flood.log] with a log that is nearly full agents add nothing, end what they hold, and skep and the operator go on", () => {
  const { world, say } = queen({ commits: 1 });
  expect(say(ask("a?"))).toMatchObject(refused("LOG_FULL"));
  expect(say({ type: "complete_swarm", summary: "done" })).toMatchObject({
    ok: false,
    refusal: { code: expect.not.stringContaining("LOG") },
  });
  expect(world.send({ type: "pause_swarm" }, { kind: "operator" })).toMatchObject({ ok: true });
});

/** A swarm whose programs die at once, and a person who answers every gate with "retry": how many were started by when. */
function dyingAtOnce(startsPerMinute: number, minutes: number): { readonly world: World; readonly at: readonly number[] } {
  const world = World.started({ floods: { ...DEFAULT_FLOODS, startsPerMinute }, retryMaxMs: 500 });
  const [end, at] = [world.now + minutes * 60_000, [] as number[]];
  while (world.now < end) {
    const { effects, due, wakeAt } = react(world.state, world.now);
    for (const command of due) world.send(command);
    for (const effect of effects) {
      if (effect.kind !== "start_session") {
        world.send(usualResult(world.state, effect));
        continue;
      }
      const { session, run } = effect;
      const minted = world.send({ type: "mint_token", session, run, tokenHash: `h${at.length}` });
      // Several are owed at once, and each of them alone would do.
      if (!minted.ok) expect(minted).toMatchObject({ ...refused("TOO_FAST"), refusal: { retryable: true } });
      if (!minted.ok) continue;
      at.push(world.now);
      world.must(usualResult(world.state, effect));
      world.send({ type: "record_session_end", session, run, why: "exited with code 1", output: null, exited: true });
    }
    for (const gate of [...world.state.openGates]) world.must({ type: "answer_gate", gate, answer: "retry" }, { kind: "operator" });
    if (effects.length === 0 && due.length === 0) world.now = Math.max(world.now + 1, Math.min(end, wakeAt ?? end));
  }
  return { world, at };
}

test("[flood.starts] programs that die at once are started no more often than the limit, however often a person says retry", () => {
  const { at } = dyingAtOnce(6, 5);
  expect(at.length).toBeGreaterThan(20);
  for (const [from, first] of at.entries()) {
    for (const [more, last] of at.slice(from).entries()) expect(more + 1).toBeLessThanOrEqual(6 + ((last - first) * 6) / 60_000 + 0.001);
  }
  // Nothing else would hold them back like that.
  expect(dyingAtOnce(10_000, 5).at.length).toBeGreaterThan(100);
});

test("[flood.starts] who waits for a start says so, with the time, and is started then by itself", () => {
  const world = World.started({ floods: { ...DEFAULT_FLOODS, startsPerMinute: 1 } });
  for (const command of world.due()) world.must(command);
  world.doOwed("open_worktree");
  const [start] = world.owed();
  if (start?.kind !== "start_session") throw new Error("no start is owed");
  world.must({ type: "mint_token", session: start.session, run: start.run, tokenHash: "h" });
  expect(world.owed()).toEqual([]);
  const wakeAt = world.now + 60_000;
  expect(react(world.state, world.now).wakeAt).toBe(wakeAt);
  expect(reasons(world.state, world.now)).toContainEqual(expect.objectContaining({ code: "pace", until: wakeAt }));
  world.now = wakeAt;
  expect(world.owed()).toMatchObject([{ kind: "start_session", session: start.session }]);
});

test("[engine.start.undone] a start that failed leaves no token that works, whoever holds it, and is owed again", () => {
  const world = World.started();
  for (const command of world.due()) world.must(command);
  world.doOwed("open_worktree");
  const [start] = world.owed();
  if (start?.kind !== "start_session") throw new Error("no start is owed");
  const { session, run, key } = start;
  world.must({ type: "mint_token", session, run, tokenHash: "h" });
  world.must({ type: "fail_effect", key: "start_session:another", error: "not this one" });
  expect(world.session("queen")).toMatchObject({ tokenHash: "h", tokenRun: run });
  const failed = world.must({ type: "fail_effect", key, error: "SESSION_NOT_STARTED: why" });
  expect(failed).toMatchObject({
    events: [
      { type: "token_revoked", session, run },
      { type: "effect_failed", error: "SESSION_NOT_STARTED: why" },
    ],
  });
  expect(world.session("queen")).toMatchObject({ tokenHash: null, tokenRun: run - 1 });
  world.now += 60_000;
  expect(world.owed()).toMatchObject([{ kind: "start_session", key }]);
});
