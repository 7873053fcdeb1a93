import { expect, test } from "vitest";
import { react } from "../../src/domain/react.ts";
import { approval, plan, taskSpec, World } from "./world.ts";

/** A worker at t1, in the second run of its session. */
function resumed(): World {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  world.must({
    type: "take_lease",
    over: 1,
    holder: { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" },
    address: "http://127.0.0.1:1/mcp",
  });
  world.settle();
  return world;
}
const end = (world: World, unresumed: boolean) => {
  const { id, run } = world.session("dev-0");
  return world.must({ type: "record_session_end", session: id, run, why: "exited with code 1", output: null, unresumed });
};

test("[domain.session.reset] a session that could not be resumed begins anew in the same attempt, and only as long as its job is open", () => {
  const world = resumed();
  const before = { ...world.session("dev-0") };
  expect(before.run).toBe(2);
  end(world, true);
  expect(world.session("dev-0")).toMatchObject({ id: before.id, status: "opened", cli: null, proc: null, run: 2 });
  expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "claimed", attempt: 1 });
  const [start] = react(world.state, world.now).effects.filter(({ kind }) => kind === "start_session");
  expect(start).toMatchObject({ session: before.id, resume: false, run: 3 });

  const submitted = resumed();
  submitted.as("dev-0", { type: "submit_task", task: "t1" as never, attempt: 1, evidence: [1, 2], submission: "s" });
  end(submitted, true);
  expect(submitted.state.seats.get("dev-0" as never)).toMatchObject({ session: null, lapses: 0 });

  const gone = resumed();
  end(gone, false);
  expect(gone.state.tasks.get("t1" as never)).toMatchObject({ status: "open", history: [{ result: "lapsed" }] });
});

test("[domain.session.reason] a session keeps the reason it is ended for, however its last turn comes out", () => {
  const world = resumed();
  const { id } = world.session("dev-0");
  world.must({ type: "lapse_session", session: id, why: "ran for 90 minutes" });
  world.endTurn("dev-0", false);
  end(world, false);
  expect(world.state.tasks.get("t1" as never)?.history).toMatchObject([{ result: "lapsed", why: "ran for 90 minutes" }]);
});

test("[domain.session.goes-on] a turn that ends with a message in the session's hands is followed by the next, and nobody is reminded", () => {
  const ended = (world: World, goesOn: boolean) => {
    const { id, run } = world.session("dev-0");
    const usage = { inputTokens: 1, outputTokens: 1, cachedTokens: 0, usd: null };
    world.must({ type: "record_turn_ended", session: id, run, ok: false, error: "interrupted", usage, ...(goesOn ? { goesOn } : {}) });
    return react(world.state, world.now).due.filter(({ type }) => type === "nudge_session");
  };
  const interrupted = resumed();
  for (let n = 0; n < 3; n += 1) expect(ended(interrupted, true)).toEqual([]);
  expect(interrupted.session("dev-0")).toMatchObject({ turn: "running", turns: 3, nudged: false });
  expect(ended(interrupted, false)).toHaveLength(1);
  // A session whose job is done is ended with what it holds.
  const done = resumed();
  done.as("dev-0", { type: "release_task", task: "t1" as never, attempt: 1, reason: "stuck", detail: "d", line: "d" });
  ended(done, true);
  expect(done.session("dev-0")).toMatchObject({ status: "ending", turn: "idle" });
});

test("[domain.session.denials] denied tool calls are on record, the first twenty of a session", () => {
  const world = resumed();
  const { id, run } = world.session("dev-0");
  for (let n = 0; n < 25; n += 1) world.must({ type: "record_denied", session: id, run, tool: "Bash", why: `no ${n}` });
  const told = world.history.flatMap(({ events }) => events.filter(({ type }) => type === "tool_denied"));
  expect(told.length).toBe(20);
  expect(told[0]).toMatchObject({ session: id, tool: "Bash", why: "no 0" });
});

test("[engine.effect.after-end] what fails for good after the end asks a person, retries on the word, and the end stays what it was", () => {
  const world = World.started({ effectTries: 2 });
  const operator = { kind: "operator" } as const;
  world.must({ type: "stop_swarm", why: "enough" }, operator);
  for (let n = 0; n < 2; n += 1) world.must({ type: "fail_effect", key: "close_swarm", error: "no space" });
  const [gate] = [...world.state.openGates];
  if (!gate) throw new Error("nobody is asked");
  expect(react(world.state, world.now + 1e9).effects).toEqual([]);
  const before = world.state.ending;
  expect(world.send({ type: "answer_gate", gate, answer: "stop" }, operator)).toMatchObject({
    ok: false,
    refusal: { code: "UNKNOWN_OPTION" },
  });
  world.must({ type: "answer_gate", gate, answer: "retry" }, operator);
  expect(world.state).toMatchObject({ status: "stopped", ending: before });
  expect(react(world.state, world.now + 1e9).effects).toMatchObject([{ kind: "close_swarm" }]);
});

const HOURS = 3 * 3_600_000;
const goOn: Readonly<Record<string, (world: World) => void>> = {
  "the answer of a person": (world) => {
    world.as("dev-0", { type: "ask_human", title: "CSV?", question: "CSV?", options: ["yes"], fallback: null, minutes: null });
    world.endTurn("dev-0");
    world.settle();
    world.now += HOURS;
    world.settle();
    world.must({ type: "answer_gate", gate: "g1" as never, answer: "yes" }, { kind: "operator" });
  },
  "the end of a pause": (world) => {
    world.must({ type: "pause_swarm" }, { kind: "operator" });
    world.endTurn("dev-0");
    world.now += HOURS;
    world.must({ type: "resume_swarm" }, { kind: "operator" });
  },
  "a host after one that was gone": (world) => {
    world.now += HOURS;
    world.must({ type: "take_lease", over: 2, holder: { id: "h3", pid: 9, start: "3", machine: "m", boot: "b" }, address: "x" });
  },
};

test.each(Object.entries(goOn))(
  "[domain.session.rested] %s: the session goes on in its attempt, for as long as it had left",
  (_what, wait) => {
    const world = resumed();
    const { sessionMs } = world.state.limits;
    wait(world);
    world.settle();
    expect(world.session("dev-0")).toMatchObject({ status: "live", turn: "running" });
    expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "claimed", attempt: 1, history: [] });
    world.now += sessionMs;
    expect(react(world.state, world.now).due).toContainEqual(expect.objectContaining({ type: "lapse_session" }));
  },
);
