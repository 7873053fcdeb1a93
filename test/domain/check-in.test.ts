/** The queen looks in only when something changed, and not too often. */
import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { react } from "../../src/domain/react.ts";
import { renderTurn, turnFacts } from "../../src/domain/turns.ts";
import { approval, id, MINIMAL, plan, taskSpec, World } from "./world.ts";

const { checkInMs } = DEFAULT_LIMITS.supervision;
const IDLE = { supervision: { ...DEFAULT_LIMITS.supervision, tiers: [] }, sessionMs: 10_000_000_000 };

/** One task runs, a second waits for it; the queen idles. */
function underWay(): World {
  const world = World.started(IDLE);
  world.settle();
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2", ["t1"])]));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}
const turns = (world: World): number =>
  world.history.flatMap(({ events }) => events).filter(({ type }) => type === "turn_started" || type === "session_started").length;

/** t1 is given up by its worker's death: an attempt ended, nothing asks for the queen. */
function lapse(world: World): void {
  const { id: session, run } = world.session("dev-0");
  world.must({ type: "record_session_end", session, run, why: "killed by SIGKILL", output: null });
  world.now += 60_000;
  world.settle();
}

test("[supervision.check-in.idle] when nothing happens for a day no turn begins and nothing is due", () => {
  const world = underWay();
  const before = turns(world);
  for (let hour = 0; hour < 24; hour += 1) {
    world.now += 3_600_000;
    world.settle();
    expect(react(world.state, world.now)).toMatchObject({ effects: [], due: [] });
  }
  expect(turns(world)).toBe(before);
});

test("[supervision.check-in] what changed without her is told at the next check-in, at most once per interval, and then no more", () => {
  const world = underWay();
  const looked = world.state.queenAt;
  lapse(world);
  expect(world.state.news).toEqual([{ what: "returned", id: "t1" }]);
  world.now = looked + checkInMs - 1;
  world.settle();
  expect(world.session("queen").turn).toBe("idle");
  expect(react(world.state, world.now).wakeAt).toBe(looked + checkInMs);
  world.now += 1;
  const [due] = react(world.state, world.now).due;
  expect(due).toEqual({ type: "check_in" });
  world.must({ type: "check_in" });
  const facts = turnFacts(world.state, world.session("queen").id, "digest", world.state.wake);
  expect(facts && renderTurn(facts, textsFrom(new Map()))).toContain(
    '- An attempt of t1 "make t1" ended, and the task is open again: killed by SIGKILL',
  );
  world.settle();
  expect(world.session("queen").turn).toBe("running");
  world.endTurn("queen");
  world.now += 10 * checkInMs;
  world.settle();
  expect(world.session("queen").turn).toBe("idle");
  expect(world.send({ type: "check_in" })).toMatchObject({ ok: true, events: [] });
});

test("[supervision.check-in] a queen whose session ended is given a new one of the same seat, with the whole picture", () => {
  const world = underWay();
  const { id: session, run } = world.session("queen");
  world.must({ type: "record_session_end", session, run, why: "exited with code 0", output: null });
  lapse(world);
  world.settle();
  expect(world.state.seats.get(id.seat("queen"))?.session).toBeNull();
  world.now += checkInMs;
  world.settle();
  expect(world.session("queen")).toMatchObject({ turn: "running", job: { kind: "plan" } });
  expect(world.session("queen").id).not.toBe(session);
  expect(world.state.news).toEqual([]);
});

test("[supervision.check-in] what she was not told yet is not forgotten when another matter or a restarted host gives her a turn", () => {
  const world = underWay();
  const news = [{ what: "returned", id: "t1" }];
  lapse(world);
  world.must({ type: "wake_queen", reason: { what: "mail", id: "m1" } });
  world.settle();
  expect(world.session("queen").turn).toBe("running");
  expect(world.state.news).toEqual(news);
  world.endTurn("queen");
  const holder = { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" };
  world.must({ type: "take_lease", over: 1, holder, address: "http://127.0.0.1:1/mcp" });
  world.settle();
  expect(world.state.news).toEqual(news);
});

test("[supervision.check-in] who did not make the plan is not called with the first merge: the interval begins with the swarm", () => {
  const tasks = [taskSpec("t1"), taskSpec("t2", ["t1"])];
  const { state } = World.started({}, MINIMAL, null, "s-test", null, { hash: "h", conditions: ["it works"], text: "", tasks });
  state.solo = false;
  state.news.push({ what: "merged", id: "t1" });
  const { createdAt: at } = state;
  const due = (now: number): boolean => react(state, now).due.some(({ type }) => type === "check_in");
  expect([due(at), due(at + checkInMs - 1), due(at + checkInMs)]).toEqual([false, false, true]);
});
