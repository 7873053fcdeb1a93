/** Who joins by themselves and why, what holds them, and who leaves again. */
import { describe, expect, test } from "vitest";
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import type { EngineCommand } from "../../src/domain/commands.ts";
import { demand } from "../../src/domain/demand.ts";
import type { SeatSpec } from "../../src/domain/model.ts";
import { react } from "../../src/domain/react.ts";
import { staysFor } from "../../src/domain/reap.ts";
import { capReached } from "../../src/domain/scaling.ts";
import { reasons } from "../../src/domain/why.ts";
import { withPlan } from "./policy-world.ts";
import { idled, independent, ONE_DEVELOPER, planned, RISK, scaling } from "./scaling-world.ts";
import { id, plan, seatSpec, taskSpec, usualResult, World } from "./world.ts";

const OPERATOR = { kind: "operator" } as const;
const MINUTE = 60_000;

const names = (world: World): readonly string[] =>
  [...world.state.seats.values()].flatMap(({ seat, status }) => (status === "stopped" ? [] : [seat]));
const waits = (world: World): readonly string[] => demand(world.state, world.now).map(({ kind, task }) => `${kind} ${task ?? "plan"}`);
const joining = (world: World): Extract<EngineCommand, { type: "scale_up" }> | undefined =>
  world.due().find((command) => command.type === "scale_up");
const why = (world: World, of: string) => reasons(world.state, world.now).find((reason) => reason.id === of);

/** All that is owed, but nobody submits anything; then the first `tasks` are submitted and stand before their reviewers. */
function reviewing(world: World, tasks: readonly string[]): void {
  world.settle();
  for (const task of tasks) {
    const holder = world.state.tasks.get(id.task(task))?.seat ?? "nobody";
    world.as(holder, { type: "submit_task", task: id.task(task), attempt: 1, evidence: [1, 2], submission: "did it" });
    world.endTurn(holder);
    for (const kind of ["commit_submission", "stop_session", "run_checks"]) world.doOwed(kind);
  }
}

test("[scaling.off] without a cap on the whole swarm nobody joins, whatever waits", () => {
  const world = planned({ scaling: scaling({ roles: { developer: 9 } }) }, independent(6));
  world.settle();
  expect(names(world)).toEqual(["queen", "reviewer", "dev-0"]);
  const seat = seatSpec("dev-1", "worker");
  expect(world.send({ type: "scale_up", seat, need: { kind: "work", task: "t2" as TaskId } })).toMatchObject({
    refusal: { code: "NOT_ALLOWED" },
  });
});

test("[scaling.demand] work waits when nobody is free for it; nothing waits before there is work and when all of it is taken", () => {
  const world = World.started({ scaling: scaling({ swarm: 9 }) }, ONE_DEVELOPER);
  world.settle();
  expect(waits(world)).toEqual([]);
  const busy = planned({ scaling: scaling({ swarm: 9 }) }, independent(3));
  expect(waits(busy)).toEqual(["work t2", "work t3"]);
  busy.settle();
  expect(names(busy)).toEqual(["queen", "reviewer", "dev-0", "dev-1", "dev-2"]);
  expect(waits(busy)).toEqual([]);
});

test("[scaling.demand] an agent that is about to be free is waited for, and so is one that rests", () => {
  const world = planned({ scaling: scaling({ swarm: 9, roles: { developer: 1 } }) }, independent(2));
  world.settle();
  expect(waits(world)).toEqual(["work t2"]);
  world.as("dev-0", { type: "submit_task", task: id.task("t1"), attempt: 1, evidence: [1, 2], submission: "did it" });
  expect(waits(world)).toEqual([]);
  const failing = planned({ scaling: scaling({ swarm: 9 }) }, independent(1));
  failing.settle();
  const { id: session, run } = failing.session("dev-0");
  failing.must({ type: "record_session_end", session, run, why: "died", output: null });
  for (let owed = failing.owed(); owed.length > 0; owed = failing.owed())
    for (const effect of owed) failing.send(usualResult(failing.state, effect));
  expect(failing.state.seats.get("dev-0" as SeatId)?.restUntil).toBeGreaterThan(failing.now);
  expect([failing.state.byStatus.open.size, waits(failing)]).toEqual([1, []]);
});

test("[scaling.demand] what takes up a failed task waits for nobody before the work of that one is saved", () => {
  const world = withPlan([taskSpec("t1", [], { escalate: "senior" }), taskSpec("t2", [], { role: "senior" })], undefined, { attempts: 1 });
  world.settle();
  expect(world.state.tasks.get(id.task("t2"))?.seat).toBe("senior-0");
  const holder = world.state.tasks.get(id.task("t1"))?.seat ?? "nobody";
  world.as(holder, { type: "release_task", task: id.task("t1"), attempt: 1, reason: "stuck", detail: "", line: "stuck" });
  expect([[...world.state.byStatus.open], waits(world)]).toEqual([["t1-recovery"], []]);
  world.endTurn(holder);
  world.settle();
  expect(waits(world)).toEqual(["work t1-recovery"]);
});

test("[scaling.order] reviews come before risk reviews, these before work, and work before the review of a plan", () => {
  const high = ["t2", "t4"];
  const tasks = independent(9).map((task) => (high.includes(task.id) ? { ...task, risk: "high" as const } : task));
  const devs = ["dev-1", "dev-2", "dev-3"].map((seat) => seatSpec(seat, "worker"));
  const world = planned({ workers: 4, scaling: scaling({ swarm: 7 }) }, tasks, [...ONE_DEVELOPER, RISK, ...devs]);
  // Both reviewers are at work when two more commits come and the queen adds to the plan.
  reviewing(world, ["t1", "t2"]);
  reviewing(world, ["t3", "t4"]);
  world.as("queen", plan([...tasks, taskSpec("t10")], "h2"));
  expect(waits(world)).toEqual(["review t3", "risk t4", "work t9", "planning plan"]);
});

describe("[scaling.caps] however an agent comes, a cap is a refusal that names it", () => {
  const spawn = (world: World, seat: SeatSpec) => world.send({ type: "spawn_seat", seat }, OPERATOR);
  test.each([
    ["the whole swarm", scaling({ swarm: 3 }), seatSpec("dev-1", "worker"), "scaling.max.swarm allows 3"],
    ["a role", scaling({ roles: { developer: 1 } }), seatSpec("dev-1", "worker"), "scaling.max.roles.developer allows 1"],
    ["a provider", scaling({ providers: { p1: 3 } }), seatSpec("reviewer-1", "reviewer"), "scaling.max.providers.p1 allows 3"],
  ])("of %s", (_, limits, seat, text) => {
    const world = World.started({ scaling: limits }, ONE_DEVELOPER);
    expect(spawn(world, seat)).toMatchObject({
      refusal: {
        code: "CAP_REACHED",
        message: expect.stringContaining(text),
        next: expect.stringMatching(/^stop_role first, or raise scaling\.max/),
      },
    });
    expect(capReached(world.state, seat)?.text).toContain(text);
  });

  test("and growth stops there, saying so", () => {
    const world = planned({ scaling: scaling({ swarm: 9, roles: { developer: 3 } }) }, independent(6));
    world.settle();
    expect(names(world)).toEqual(["queen", "reviewer", "dev-0", "dev-1", "dev-2"]);
    expect(why(world, "t6")).toMatchObject({ code: "cap_reached", text: expect.stringContaining("scaling.max.roles.developer allows 3") });
    const seat = seatSpec("dev-7", "worker");
    expect(world.send({ type: "scale_up", seat, need: { kind: "work", task: "t6" as TaskId } })).toMatchObject({
      refusal: { code: "CAP_REACHED" },
    });
  });

  test("the older limits on workers and agents hold as well", () => {
    const world = planned({ workers: 2, scaling: scaling({ swarm: 9 }) }, independent(6));
    world.settle();
    expect(names(world)).toHaveLength(4);
    expect(why(world, "t6")).toMatchObject({ code: "cap_reached", text: expect.stringContaining("limits.workers allows 2") });
  });
});

test("[scaling.pace] within one cool-down no more join than the tick allows, by the times of the events, and the engine wakes at its end", () => {
  const world = planned({ scaling: scaling({ swarm: 9, roles: { developer: 9 } }, { perTick: 1, coolDownMs: MINUTE }) }, independent(4));
  const begun = world.now;
  world.settle();
  expect(names(world)).toHaveLength(4);
  expect(why(world, "t4")).toMatchObject({ code: "cooling_down", until: begun + MINUTE });
  expect(react(world.state, world.now).wakeAt).toBeLessThanOrEqual(begun + MINUTE);
  const need = { kind: "work", task: "t4" as TaskId } as const;
  expect(world.send({ type: "scale_up", seat: seatSpec("dev-2", "worker"), need })).toMatchObject({ refusal: { code: "COOLING_DOWN" } });
  world.now = begun + MINUTE;
  world.settle();
  expect(names(world)).toHaveLength(5);
});

test("[scaling.need] nobody joins for work that is gone, and two who saw the same need add one agent", () => {
  const world = planned({ scaling: scaling({ swarm: 9 }) }, independent(2));
  const first = joining(world);
  if (!first) throw new Error("nobody joins");
  expect(first).toMatchObject({ seat: { seat: "dev-1", role: "developer" }, need: { kind: "work", task: "t2" } });
  world.must(first);
  expect(world.send(first)).toMatchObject({ ok: true, repeated: true });
  expect(world.send({ ...first, seat: seatSpec("dev-2", "worker") })).toMatchObject({ refusal: { code: "NOT_WANTED" } });
  expect(world.send({ ...first, seat: seatSpec("reviewer-9", "reviewer") })).toMatchObject({ refusal: { code: "NOT_WANTED" } });
});

test("[scaling.reviewer] a reviewer that joins comes on another provider than the authors', as far as its cap allows", () => {
  const team = [...ONE_DEVELOPER, seatSpec("dev-1", "worker"), seatSpec("dev-2", "worker")];
  const world = planned({ scaling: scaling({ swarm: 9, providers: { p2: 1 } }) }, independent(3), team);
  for (const task of ["t1", "t2", "t3"]) reviewing(world, [task]);
  world.settle();
  const joined = [...world.state.seats.values()].flatMap(({ seat, provider, scaled }) => (scaled ? [`${seat} ${provider}`] : []));
  expect(joined).toEqual(["reviewer-1 p2", "reviewer-2 p1"]);
  const lacks = (task: string) => world.state.tasks.get(id.task(task))?.downgraded?.why ?? null;
  expect([lacks("t2"), lacks("t3")]).toEqual([null, "p1 also stands behind an author"]);
});

test("[scaling.provider] nobody joins on a provider that rests, and it is looked again when it serves", () => {
  const world = planned({ scaling: scaling({ swarm: 9 }) }, independent(2));
  world.must({ type: "start_job", seat: id.seat("dev-0"), job: { kind: "task", task: id.task("t1"), attempt: 1 } });
  for (const kind of ["open_worktree", "start_session"]) world.doOwed(kind);
  const resetAt = world.now + 60 * MINUTE;
  world.endTurn("dev-0", false, { kind: "quota", message: "used up", resetAt });
  expect([joining(world), why(world, "t2")?.code]).toEqual([undefined, "provider"]);
  expect(react(world.state, world.now).wakeAt).toBe(resetAt + 1_000);
  world.now = resetAt + 1_000;
  expect(joining(world)?.need.task).toBe("t2");
});

describe("[scaling.reap] who joined by themselves leave after a while without work", () => {
  const idle = (): World => idled({ idleMs: 5 * MINUTE });
  const reap = (world: World, seat: string) => world.send({ type: "reap_seat", seat: id.seat(seat) });

  test("not before, and never one that was there from the start", () => {
    const world = idle();
    world.now += 5 * MINUTE - 1;
    expect(reap(world, "dev-1")).toMatchObject({ refusal: { code: "NOT_IDLE" } });
    world.now += 1;
    expect(reap(world, "dev-0")).toMatchObject({
      refusal: { code: "NOT_IDLE", message: expect.stringContaining("did not join by itself") },
    });
    expect(reap(world, "dev-1")).toMatchObject({ ok: true, events: [{ type: "seat_stopping", seat: "dev-1", idle: true }] });
    expect(reap(world, "dev-1")).toMatchObject({ ok: true, repeated: true });
    expect(names(world)).toEqual(["queen", "reviewer", "dev-0"]);
  });

  test("not the last of its role, none with a session, a question to a person, or work that waits for it", () => {
    const last = idle();
    last.must({ type: "stop_seat", seat: id.seat("dev-0") }, OPERATOR);
    last.now += 9 * MINUTE;
    expect(reap(last, "dev-1")).toMatchObject({ refusal: { message: expect.stringContaining("the last developer") } });
    const back = idle();
    back.must({ ...FAILED_CHECKS, sha: "sha-t2-1-1" });
    back.now += 9 * MINUTE;
    expect(staysFor(back.state, back.state.seats.get(id.seat("dev-1")) as never, back.now)).toMatch(/is kept for dev-1/);
    back.settle();
    expect(reap(back, "dev-1")).toMatchObject({ refusal: { message: expect.stringContaining("has a session") } });
    back.now += 60 * MINUTE;
    expect(reap(back, "dev-1")).toMatchObject({ refusal: { code: "NOT_IDLE" } });
  });
});
const FAILED_CHECKS = {
  type: "record_checks",
  ...{ task: id.task("t2"), attempt: 1, findings: "[]", findingsCount: 1, results: "[]" },
  checks: [{ check: "commands", passed: false, input: "i", ms: 1 }],
} as const;

test("[scaling.fence] a host that lost its lease adds nobody and lets nobody go", () => {
  const world = planned({ scaling: scaling({ swarm: 9 }, { idleMs: MINUTE }) }, independent(2));
  const scaleUp = joining(world);
  if (!scaleUp) throw new Error("nobody joins");
  const late = { kind: "engine", epoch: world.state.epoch } as const;
  world.must({
    type: "take_lease",
    over: 1,
    holder: { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" },
    address: "http://127.0.0.1:1/mcp",
  });
  expect(world.send(scaleUp, late)).toMatchObject({ refusal: { code: "LEASE_LOST" } });
  world.must(scaleUp);
  world.now += 9 * MINUTE;
  expect(world.send({ type: "reap_seat", seat: scaleUp.seat.seat }, late)).toMatchObject({ refusal: { code: "LEASE_LOST" } });
  expect(world.send({ type: "reap_seat", seat: scaleUp.seat.seat }, OPERATOR)).toMatchObject({ refusal: { code: "NOT_ALLOWED" } });
});
