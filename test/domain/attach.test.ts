/** A session in a person's hands: when it is stopped, what is owed meanwhile, and how it comes back. */
import { expect, test } from "vitest";
import { react } from "../../src/domain/react.ts";
import { approval, id, plan, taskSpec, World } from "./world.ts";

const operator = { kind: "operator" } as const;
const DEV = id.seat("dev-0");
const HOUR = 3_600_000;

/** dev-0 at work on t1, in the middle of its turn. */
function atWork(): World {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ status: "live", turn: "running" });
  return world;
}
const over = (world: World, now: boolean) => world.must({ type: "hand_over", seat: DEV, now }, operator);
const back = (world: World) => world.must({ type: "hand_back", seat: DEV }, operator);
const owed = (world: World, session: string) =>
  react(world.state, world.now).effects.filter((effect) => "session" in effect && effect.session === session);
const ofSeat = (world: World) => owed(world, world.session("dev-0").id);

test("[seen.attach.domain] a running turn ends first; then the session is stopped, stays with its attempt, and a gate says where it is", () => {
  const world = atWork();
  const before = { ...world.session("dev-0") };
  over(world, false);
  expect(ofSeat(world)).toEqual([]);
  world.endTurn("dev-0");
  expect(ofSeat(world)).toMatchObject([{ kind: "stop_session", why: "handed to a person" }]);
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ id: before.id, status: "opened", cli: before.cli, proc: null, tokenHash: null });
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "claimed", attempt: 1, seat: "dev-0" });
  const gates = [...world.state.openGates].map((gate) => world.state.gates.get(gate));
  expect(gates).toMatchObject([{ kind: "person", seat: "dev-0", options: ["back"] }]);
  expect(over(world, true)).toMatchObject({ events: [] });
});

test("[seen.attach.domain] at once cuts the turn; the agent's token is void", () => {
  const world = atWork();
  over(world, true);
  const caller = world.by("dev-0");
  world.settle();
  const submitted = world.send({ type: "submit_task", task: id.task("t1"), attempt: 1, evidence: [1, 2], submission: "s" }, caller);
  expect(submitted).toMatchObject({ ok: false, refusal: { code: "SESSION_ENDED" } });
});

test("[seen.attach.domain] nothing is owed to it for as long as it takes, and its age does not count the person's time", () => {
  const world = atWork();
  const { startedAt } = world.session("dev-0");
  over(world, true);
  world.settle();
  world.now += 30 * HOUR;
  world.settle();
  expect(ofSeat(world)).toEqual([]);
  const { due } = react(world.state, world.now);
  expect(due.filter((command) => "session" in command && command.session === world.session("dev-0").id)).toEqual([]);
  back(world);
  expect(world.session("dev-0").startedAt).toBeGreaterThanOrEqual(startedAt + 30 * HOUR);
});

test("[seen.attach.domain] given back, by the command or at the gate, it is resumed as the same session with a new token", () => {
  for (const way of ["command", "gate"] as const) {
    const world = atWork();
    const { cli, id: session, run } = world.session("dev-0");
    over(world, true);
    world.settle();
    const [gate] = world.state.openGates;
    if (way === "command") back(world);
    else world.must({ type: "answer_gate", gate: gate as never, answer: "back" }, operator);
    expect(world.state.openGates.size).toBe(0);
    expect(world.state.gates.get(gate as never)).toMatchObject({
      answer: "back",
      answeredBy: "operator",
      answeredAt: world.history.at(-1)?.at,
    });
    expect(ofSeat(world)).toMatchObject([{ kind: "start_session", session, resume: true, run: run + 1 }]);
    world.settle();
    expect(world.session("dev-0")).toMatchObject({
      id: session,
      status: "live",
      run: run + 1,
      cli: expect.stringContaining(String(cli).slice(0, 4)),
    });
    expect(world.session("dev-0").person).toBeUndefined();
    expect(world.state.seats.get(DEV)).toMatchObject({ lapses: 0 });
    expect(back(world)).toMatchObject({ events: [] });
  }
});

test("[seen.attach.domain] changed one's mind: before the stop nothing happens, during the stop it is started again", () => {
  const world = atWork();
  over(world, false);
  back(world);
  world.endTurn("dev-0");
  expect(ofSeat(world).filter(({ kind }) => kind === "stop_session")).toEqual([]);
  over(world, true);
  back(world);
  world.settle();
  expect(world.state.openGates.size).toBe(0);
  expect(world.session("dev-0")).toMatchObject({ status: "live", run: 2 });
});

test("[seen.attach.domain] another host leaves it alone; the end of the swarm or of its agent ends it, with its question", () => {
  const world = atWork();
  over(world, true);
  world.settle();
  world.must({
    type: "take_lease",
    over: 1,
    holder: { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" },
    address: "http://127.0.0.1:1/mcp",
  });
  expect(ofSeat(world)).toEqual([]);
  world.must({ type: "stop_seat", seat: DEV }, operator);
  world.settle();
  expect(world.state.sessions.has(id.session("x3"))).toBe(false);
  expect(world.state.openGates.size).toBe(0);
  expect([...world.state.gates.values()].at(-1)).toMatchObject({ kind: "person", answer: "ended", answeredBy: "engine" });

  const other = atWork();
  over(other, true);
  other.settle();
  other.must({ type: "stop_swarm", why: "enough" }, operator);
  other.settle();
  expect(other.state.sessions.size).toBe(0);
});

test("[seen.attach.domain] only a live session with something to do is handed over, and only by the operator", () => {
  const world = World.started();
  expect(world.send({ type: "hand_over", seat: id.seat("dev-9"), now: false }, operator)).toMatchObject({ refusal: { code: "NOT_FOUND" } });
  expect(world.send({ type: "hand_over", seat: DEV, now: false }, operator)).toMatchObject({
    refusal: { code: "NOT_READY", retryable: true },
  });
  const running = atWork();
  expect(running.send({ type: "hand_over", seat: DEV, now: true }, running.by("dev-0"))).toMatchObject({
    refusal: { code: "NOT_ALLOWED" },
  });
  expect(running.send({ type: "hand_over", seat: DEV, now: true }, running.by("queen"))).toMatchObject({ ok: false });
});
