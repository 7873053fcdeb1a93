/** What becomes of a session, its seat and its provider when the model does not answer. */
import { expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import type { ProblemFact } from "../../src/domain/provider.ts";
import { mayTurn, react } from "../../src/domain/react.ts";
import { swarmView } from "../../src/domain/view.ts";
import { approval, MINIMAL, plan, taskSpec, USAGE, World } from "./world.ts";

const HOUR = 3_600_000;
const OTHER = [{ harness: "other", provider: "p2", model: "m2" }];

/** dev-0 works at t1. */
function working(fallbacks = false, limits = {}, team = MINIMAL, tasks = ["t1"]): World {
  const seats = team.map((seat) => (fallbacks && seat.duty === "worker" ? { ...seat, fallbacks: OTHER } : seat));
  const world = World.started(limits, seats);
  world.settle();
  world.as("queen", plan(tasks.map((id) => taskSpec(id))));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}
function fail(world: World, kind: ProblemFact["kind"], resetAt: number | null = null): void {
  const { id, run } = world.session("dev-0");
  world.must({
    ...{ type: "record_turn_ended", session: id, run, ok: false, error: kind, usage: USAGE },
    problem: { kind, message: `said ${kind}`, resetAt },
  });
}
const starts = (world: World) =>
  react(world.state, world.now).effects.filter(({ kind }) => kind === "start_turn" || kind === "start_session");
const events = (world: World) => world.history.flatMap((entry) => entry.events.map((event) => event.type));

test("[provider.quota] a provider that is used up rests for everybody until its reset, and its work goes on by itself", () => {
  const world = working();
  const reset = world.now + 2 * HOUR;
  const session = world.session("dev-0").id;
  fail(world, "quota", reset);
  world.settle();
  expect(starts(world)).toEqual([]);
  expect(react(world.state, world.now).wakeAt).toBe(reset + 1_000);
  expect(swarmView(world.state)).toMatchObject({
    providers: [{ provider: "p1", kind: "quota", pausedUntil: reset + 1_000 }],
    agents: expect.arrayContaining([{ agent: "dev-0", role: "developer", doing: "t1 attempt 1, waits for p1" }]),
  });
  // Hours later nobody lapsed, aged or was reminded.
  world.now = reset + 1_000;
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ id: session, turn: "running", nudged: false });
  expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "claimed", attempt: 1 });
  world.endTurn("dev-0");
  expect(world.state.providers.size).toBe(0);
});

test("[provider.quota.unknown] without a reset time the pause doubles, up to an hour", () => {
  const world = working();
  const pauses: number[] = [];
  for (let n = 0; n < 4; n += 1) {
    fail(world, "quota");
    pauses.push((world.state.providers.get("p1")?.pausedUntil ?? 0) - world.now);
    world.now = world.state.providers.get("p1")?.pausedUntil ?? 0;
    world.settle();
  }
  expect(pauses.map((ms) => ms / 60_000)).toEqual([10, 20, 40, 60]);
});

test("[provider.route] a seat with another harness turns to it in the same attempt, as a downgrade on record, and back later", () => {
  const world = working(true);
  fail(world, "quota", world.now + HOUR);
  expect(world.session("dev-0")).toMatchObject({ status: "ending", restart: "fresh" });
  world.settle();
  expect(world.state.seats.get("dev-0" as never)).toMatchObject({ harness: "other", provider: "p2", model: "m2", route: 1, lapses: 0 });
  expect(world.session("dev-0")).toMatchObject({ status: "live", run: 2, handOff: "quota: said quota" });
  expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "claimed", attempt: 1 });
  expect(world.history.flatMap((entry) => entry.events)).toContainEqual(
    expect.objectContaining({ type: "seat_routed", seat: "dev-0", harness: "other", downgrade: true }),
  );
  world.as("dev-0", { type: "submit_task", task: "t1" as never, attempt: 1, evidence: [1, 2], submission: "did" });
  world.endTurn("dev-0");
  world.settle();
  // The reviewer has no other harness: it waits until the provider serves again.
  expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "reviewing", reviewer: null });
  world.now += HOUR + 2_000;
  world.settle();
  expect(world.state.tasks.get("t1" as never)?.reviewer).toBe("reviewer");
});

test("[provider.auth] what only a person can mend becomes one gate for the provider; its answer lets the work go on", () => {
  const world = working();
  fail(world, "auth");
  world.settle();
  const [gate] = [...world.state.gates.values()];
  expect(gate).toMatchObject({ kind: "provider", effect: "p1", options: ["retry", "stop"] });
  expect(starts(world)).toEqual([]);
  world.must({ type: "answer_gate", gate: gate?.id as never, answer: "retry" }, { kind: "operator" });
  world.settle();
  expect(world.session("dev-0").turn).toBe("running");
});

test("[provider.context] a full context ends in a fresh session of the same attempt that is told so", () => {
  const world = working();
  fail(world, "context_full");
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ run: 2, turn: "running", handOff: "its context is full", restarts: 1 });
  expect(world.state.providers.size).toBe(0);
  expect(world.state.seats.get("dev-0" as never)?.lapses).toBe(0);
});

test("[provider.restarts] a job that fills every context it gets is given up as a lapse, not started for ever", () => {
  const world = working(false, { restarts: 2 });
  for (let n = 0; n < 2; n += 1) {
    fail(world, "context_full");
    world.settle();
  }
  expect(world.session("dev-0").restarts).toBe(2);
  fail(world, "context_full");
  world.settle();
  expect(events(world).filter((type) => type === "session_reset")).toHaveLength(2);
  expect(world.state.seats.get("dev-0" as never)).toMatchObject({ session: null, lapses: 1 });
});

test("[provider.restarts.route] a job that may not begin anew any more is given up; to wait for a provider is no beginning", () => {
  const world = working(true, { restarts: 0 });
  fail(world, "quota", world.now + HOUR);
  expect(world.session("dev-0")).toMatchObject({ status: "ending", restart: null });
  world.settle();
  expect(world.state.seats.get("dev-0" as never)).toMatchObject({ session: null, lapses: 1 });
  const waiting = working(false, { restarts: 0 });
  const { id, run } = waiting.session("dev-0");
  waiting.must({ type: "record_retrying", session: id, run, problem: { kind: "overloaded", message: "529", resetAt: null } });
  waiting.now += waiting.state.limits.retryingMs;
  waiting.settle();
  expect(waiting.session("dev-0")).toMatchObject({ id, status: "opened" });
});

test("[provider.model] a model that is refused holds those who use it, and nobody else of that provider", () => {
  const seats = MINIMAL.map((seat) => (seat.seat === "dev-0" ? { ...seat, model: "typo" } : seat));
  const world = working(false, {}, seats, ["t1", "t2"]);
  fail(world, "model");
  world.settle();
  const [gate] = [...world.state.gates.values()];
  expect(gate).toMatchObject({ kind: "provider", effect: "p1/typo", title: "p1/typo does not serve: model" });
  expect(starts(world)).toEqual([]);
  expect(world.state.seats.get("dev-1" as never)?.session).not.toBe(null);
  expect(world.session("dev-1").turn).toBe("running");
  world.must({ type: "answer_gate", gate: gate?.id as never, answer: "retry" }, { kind: "operator" });
  world.settle();
  expect(world.session("dev-0").turn).toBe("running");
  world.endTurn("dev-0");
  expect(world.state.providers.size).toBe(0);
});

test("[provider.together] agents that fail at the same time are one trouble of their provider, not many", () => {
  const world = working();
  const pause = () => (world.state.providers.get("p1")?.pausedUntil ?? 0) - world.now;
  fail(world, "overloaded");
  const first = pause();
  for (let n = 0; n < 9; n += 1) fail(world, "overloaded");
  expect(pause()).toBe(first);
  expect(world.state.openGates.size).toBe(0);
  // What one of them was told of the reset counts for all, and is not cut short by another who knows less.
  fail(world, "quota", world.now + 2 * HOUR);
  fail(world, "rate_limit");
  expect(pause()).toBe(2 * HOUR + 1_000);
});

test("[provider.rapid] a program that dies at once degrades its provider where another can be taken", () => {
  const world = working(true);
  const { id, run } = world.session("dev-0");
  world.now += 3_000;
  world.must({ type: "record_session_end", session: id, run, why: "exited with code 1", output: null, exited: true });
  world.settle();
  expect(world.state.seats.get("dev-0" as never)).toMatchObject({ harness: "other", lapses: 0 });
  expect(world.session("dev-0")).toMatchObject({ id, run: 2 });

  const alone = working();
  const lost = alone.session("dev-0");
  alone.must({ type: "record_session_end", session: lost.id, run: lost.run, why: "exited with code 1", output: null, exited: true });
  expect(alone.state.seats.get("dev-0" as never)).toMatchObject({ session: null, lapses: 1 });
});

test("[provider.retrying] a CLI that only retries its model is stopped after a while and goes on as the same session later", () => {
  const world = working();
  const { id, run, cli } = world.session("dev-0");
  const problem: ProblemFact = { kind: "overloaded", message: "529", resetAt: null };
  world.must({ type: "record_retrying", session: id, run, problem });
  world.now += world.state.limits.retryingMs - 1;
  expect(react(world.state, world.now).due).toEqual([]);
  world.now += 1;
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ status: "opened", cli, restarts: 0 });
  expect(starts(world)).toEqual([]);
  world.now = world.state.providers.get("p1")?.pausedUntil ?? 0;
  expect(starts(world)).toMatchObject([{ kind: "start_session", session: id, resume: true, run: 2 }]);

  // A reset far away is not waited for in a process that retries.
  const used = working();
  const now = used.session("dev-0");
  used.must({
    type: "record_retrying",
    session: now.id,
    run: now.run,
    problem: { kind: "quota", message: "used up", resetAt: used.now + 5 * HOUR },
  });
  expect(react(used.state, used.now).due).toContainEqual({ type: "stop_retrying", session: now.id });
});

test("[provider.retrying.over] an answer ends the count of retries", () => {
  const world = working();
  const { id, run } = world.session("dev-0");
  world.must({ type: "record_retrying", session: id, run, problem: { kind: "overloaded", message: "529", resetAt: null } });
  world.must({ type: "record_alive", session: id, run });
  world.now += world.state.limits.retryingMs;
  expect(react(world.state, world.now).due).toEqual([]);
});

test("[provider.kept] a role that keeps its session does task after task in it, and ends when nothing comes", () => {
  const world = World.started(
    {},
    MINIMAL.filter(({ seat }) => seat !== "dev-1").map((seat) => (seat.duty === "worker" ? { ...seat, keeps: true as const } : seat)),
  );
  world.settle();
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2")]));
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  const { id, cli } = world.session("dev-0");
  world.as("dev-0", { type: "submit_task", task: "t1" as never, attempt: 1, evidence: [1, 2], submission: "did" });
  world.settle();
  world.endTurn("dev-0");
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ id, cli, run: 1, job: { kind: "task", task: "t2" }, turn: "running" });
  world.as("dev-0", { type: "submit_task", task: "t2" as never, attempt: 1, evidence: [1, 2], submission: "did" });
  world.settle();
  world.endTurn("dev-0");
  expect(world.session("dev-0")).toMatchObject({ id, turn: "idle" });
  world.now += world.state.limits.keptMs;
  world.settle();
  expect(world.state.seats.get("dev-0" as never)).toMatchObject({ session: null, lapses: 0 });
});

test("[provider.kept.saved] what a kept session let go of is saved at the end of its turn, and another agent goes on from it", () => {
  const world = World.started(
    {},
    MINIMAL.map((seat) => (seat.duty === "worker" ? { ...seat, keeps: true as const } : seat)),
  );
  const t1 = "t1" as TaskId;
  const saves = () => world.owed().filter(({ kind }) => kind === "save_work");
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  const { id } = world.session("dev-0");
  world.as("dev-0", { type: "release_task", task: t1, attempt: 1, reason: "stuck", detail: "d", line: "l" });
  // It may still write in its worktree: nothing is saved, and nobody is given the task.
  expect(saves()).toEqual([]);
  expect(world.state.tasks.get(t1)).toMatchObject({ status: "open", unsaved: { seat: "dev-0", attempt: 1 } });
  world.endTurn("dev-0");
  expect(saves()).toMatchObject([{ task: t1, attempt: 1, seat: "dev-0" }]);
  // No letter begins a turn over what is being saved.
  expect(mayTurn(world.state, world.session("dev-0"), world.now)).toBe(false);
  expect(world.send({ type: "record_saved", task: t1, attempt: 2, sha: "x" })).toMatchObject({ ok: true, repeated: true });
  expect(world.state.tasks.get(t1)).toMatchObject({ unsaved: { attempt: 1 }, prior: null });
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ id, run: 1 });
  expect(world.state.tasks.get(t1)).toMatchObject({
    status: "claimed",
    attempt: 2,
    unsaved: null,
    prior: { sha: "saved-t1-1", attempt: 1 },
  });
});

test("[provider.kept] a kept reviewer gets a later plan revision in the same session", () => {
  const world = World.started(
    {},
    MINIMAL.map((seat) => (seat.duty === "reviewer" ? { ...seat, keeps: true as const } : seat)),
  );
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  const { id } = world.session("reviewer");
  world.as("reviewer", { ...approval(world.state), findings: [{ kind: "overlap", task: "t1" as never, blocking: true }] });
  world.endTurn("reviewer");
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2")], "h2"));
  world.settle();
  expect(world.session("reviewer")).toMatchObject({ id, job: { kind: "plan_review", revision: 2 }, opened: true, turn: "running" });
});
