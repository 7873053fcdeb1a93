/** Who holds a task, and what becomes of it when its holder is gone, late, or somebody else. */
import { expect, test } from "vitest";
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import type { Command } from "../../src/domain/commands.ts";
import { reasons } from "../../src/domain/why.ts";
import { openLedger } from "../../src/engine/ledger.ts";
import { approved, mergeAll } from "../domain/merge-world.ts";
import { id, plan, taskSpec, World } from "../domain/world.ts";
import { birth, engine, lease, OPERATOR, RULES_OF_NOW } from "../engine/support/born.ts";
import { fileAdapter, twoViews } from "../store/support/adapters.ts";
import { die, reread, task, working } from "./support/flow.ts";

const T1 = id.task("t1");

test("[field.double-claim] two processes claim one task and both are told yes: one claim is made, the other is refused", async () => {
  const [first, second] = await twoViews(fileAdapter);
  const [one, two] = [await openLedger(first.log, RULES_OF_NOW), await openLedger(second.log, RULES_OF_NOW)];
  await one.submit(birth(taskSpec("t1")), OPERATOR);
  await one.submit(lease(0), engine(0));
  await one.submit({ type: "record_opened", tip: "base" }, engine(1));
  const claim = (seat: string): Command => ({
    ...{ type: "start_job", seat: seat as SeatId },
    job: { kind: "task", task: "t1" as TaskId, attempt: 1 },
  });
  const answers = await Promise.all([one.submit(claim("dev-0"), engine(1)), two.submit(claim("dev-1"), engine(1))]);
  expect(answers.map((answer) => (answer.ok ? "yes" : answer.refusal.code)).sort()).toEqual(["NOT_CLAIMABLE", "yes"]);
  await Promise.all([one.refresh(), two.refresh()]);
  expect(one.state.tasks.get(T1)?.seat).toBe(two.state.tasks.get(T1)?.seat);
});

test("[field.second-claim] a worker takes a second task and the first is left behind: a seat holds one claim", () => {
  const world = working({ tasks: [taskSpec("t1"), taskSpec("t2"), taskSpec("t3")] });
  expect(["t1", "t2", "t3"].map((name) => task(world, name).seat)).toEqual(["dev-0", "dev-1", null]);
  const again = world.send({ type: "start_job", seat: id.seat("dev-0"), job: { kind: "task", task: id.task("t3"), attempt: 1 } });
  expect(again).toMatchObject({ ok: false, refusal: { code: "NOT_READY" } });
  expect(task(world, "t3")).toMatchObject({ status: "open", seat: null });
});

test("[field.stale-completion] a late “done” settles the work of the next attempt: it is refused by its attempt number", () => {
  const world = working();
  die(world, "dev-0");
  world.settle();
  const second = task(world);
  expect(second).toMatchObject({ status: "claimed", attempt: 2 });
  const late = world.as(second.seat ?? "", { type: "submit_task", task: T1, attempt: 1, evidence: [1, 2], submission: "done" });
  expect(late).toMatchObject({ ok: false, refusal: { code: "STALE_ATTEMPT" } });
  const checked = { type: "record_commit", task: T1, attempt: 1, submission: 1, sha: "old", outside: [], conflict: [] } as const;
  expect(world.send(checked)).toMatchObject({ ok: false, refusal: { code: "STALE_ATTEMPT" } });
  expect(task(world)).toMatchObject({ status: "claimed", attempt: 2, sha: null });
});

test("[field.dead-owner] a task stays in progress with a dead worker: it opens again and its work goes to the next", () => {
  const world = working();
  die(world, "dev-0");
  expect(task(world)).toMatchObject({ status: "open", seat: null, unsaved: { seat: "dev-0", attempt: 1 } });
  world.settle();
  expect(task(world)).toMatchObject({ status: "claimed", attempt: 2, prior: { sha: "saved-t1-1", attempt: 1 } });
});

test("[field.other-owner] work of other workers is counted as mine and completed by me: only the holder may touch a task", () => {
  const world = working({ tasks: [taskSpec("t1"), taskSpec("t2")] });
  for (const type of ["submit_task", "release_task"] as const) {
    const rest = type === "submit_task" ? { evidence: [1, 2], submission: "mine" } : { reason: "stuck" as const, detail: "d", line: "d" };
    const decision = world.as("dev-1", { type, task: T1, attempt: 1, ...rest } as never);
    expect(decision, type).toMatchObject({ ok: false, refusal: { code: "NOT_YOURS" } });
  }
  expect(task(world)).toMatchObject({ status: "claimed", seat: "dev-0" });
});

test("[field.claimed-again] a restarted coordinator claims once more what it had claimed: it owes the same, and a repeat is refused", () => {
  const world = working();
  die(world, "dev-0");
  for (const command of world.due()) world.send(command);
  const restarted = reread(world);
  expect([restarted.owed(), restarted.due()]).toEqual([world.owed(), world.due()]);
  world.settle();
  const again = reread(world).send({ type: "start_job", seat: id.seat("dev-0"), job: { kind: "task", task: T1, attempt: 2 } });
  expect(again).toMatchObject({ ok: false, refusal: { code: "NOT_READY" } });
  expect(task(world)).toMatchObject({ attempt: 2, seat: "dev-1" });
});

test("[field.restart] a restart of the server leaves running agents half adopted: each goes on in the attempt it has", () => {
  const world = working();
  const old = world.engine;
  const session = world.session("dev-0").id;
  world.must({ type: "take_lease", over: 1, holder: { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" }, address: "x" });
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ id: session, status: "live", run: 2, cli: `cli-${session}` });
  expect(task(world)).toMatchObject({ status: "claimed", attempt: 1 });
  expect(world.send({ type: "record_alive", session, run: 1 }, old)).toMatchObject({ ok: false, refusal: { code: "LEASE_LOST" } });
});

test("[field.cancelled-dependants] what waited for a cancelled task waits in silence: its reason is shown, and the queen is called", () => {
  const world = working({ tasks: [taskSpec("t1"), taskSpec("t2", ["t1"])] });
  die(world, "dev-0");
  world.as("queen", { type: "cancel_task", task: T1, why: "not needed" });
  world.settle();
  expect(reasons(world.state, world.now)).toContainEqual(
    expect.objectContaining({ id: "t2", code: "dependency_failed", text: expect.stringContaining("t1 (cancelled)") }),
  );
  expect(world.session("queen").turn).toBe("running");
});

test("[field.same-file] two agents edit one file at the same time: a plan that lets them is refused before work begins", () => {
  const world = World.started();
  world.settle();
  const share = [taskSpec("t1", [], { files: ["src/"] }), taskSpec("t2", [], { files: ["src/a.ts"] })];
  const decision = world.as("queen", plan(share));
  expect(decision).toMatchObject({ ok: false, refusal: { code: "PLAN_REFUSED", message: expect.stringMatching(/t1.*t2/s) } });
  expect(world.as("queen", plan([share[0]!, { ...share[1]!, after: [T1] }]))).toMatchObject({ ok: true });
});

test("[field.no-approval] work begins while its plan is still in review: no task exists before the plan is approved", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  expect([world.state.plan.status, world.state.tasks.size]).toEqual(["reviewing", 0]);
  const early = world.send({ type: "start_job", seat: id.seat("dev-0"), job: { kind: "task", task: T1, attempt: 1 } });
  expect(early).toMatchObject({ ok: false, refusal: { code: "NOT_FOUND" } });
});

test("[field.starved] finished work waits for days behind newer work: merges go in the order of approval", () => {
  expect(mergeAll(approved(3, { batch: 1 }), { red: [], conflict: [] })).toEqual(["t1", "t2", "t3"]);
});
