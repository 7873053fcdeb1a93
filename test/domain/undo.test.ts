import { describe, expect, test } from "vitest";
import type { OperatorCommand } from "../../src/domain/commands.ts";
import { react } from "../../src/domain/react.ts";
import { broken } from "./invariants.ts";
import { approval, id, plan, taskSpec, World } from "./world.ts";

const OPERATOR = { kind: "operator" } as const;
const undo = (task: string, more: Partial<Extract<OperatorCommand, { type: "undo_task" }>> = {}): OperatorCommand => ({
  ...{ type: "undo_task", task: id.task(task), why: "it was wrong", findings: "[1]", drop: false },
  ...more,
});
const statuses = (world: World) => Object.fromEntries([...world.state.tasks.values()].map((task) => [task.id, task.status]));
const task = (world: World, name: string) => world.state.tasks.get(id.task(name));

/** t1 ← t2 ← t3, t1 ← t4, and t5 by itself; so many of them are merged, t1 first. */
function chain(merged: number): World {
  const world = World.started();
  world.settle();
  const tasks = [taskSpec("t1"), taskSpec("t2", ["t1"]), taskSpec("t3", ["t2"]), taskSpec("t4", ["t1"]), taskSpec("t5")];
  world.as("queen", plan(tasks));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  while (world.state.byStatus.merged.size < merged) doNext(world);
  return world;
}

/** One task is submitted, approved and merged. */
function doNext(world: World): void {
  const seat = [...world.state.seats.values()].find((one) => one.task && one.duty === "worker");
  const { id: name, attempt } = world.state.tasks.get(seat?.task as never) ?? { id: id.task("none"), attempt: 0 };
  world.as(seat?.seat ?? "", { type: "submit_task", task: name, attempt, evidence: [1, 2], submission: "did it" });
  world.endTurn(seat?.seat ?? "");
  world.settle();
  const sha = world.state.tasks.get(name)?.sha ?? "";
  world.as("reviewer", { type: "read_diff", task: name, sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: name, sha, criteria, findings: [], text: "{}" });
  world.endTurn("reviewer");
  world.settle();
}

/** Without the jobs that would follow at once. */
function undone(world: World, command: OperatorCommand): void {
  world.must(command, OPERATOR);
  world.doOwed("undo_task");
}

describe("[merge.undo] a merged task is taken out and what came after it is opened again", () => {
  test("in the middle: with its merged dependants, newest first; the others stay", () => {
    const world = chain(5);
    expect(statuses(world)).toEqual({ t1: "merged", t2: "merged", t3: "merged", t4: "merged", t5: "merged" });
    const { mergedSha } = task(world, "t2") ?? {};
    undone(world, undo("t2"));
    expect(statuses(world)).toEqual({ t1: "merged", t2: "open", t3: "blocked", t4: "merged", t5: "merged" });
    expect(world.state.tip).toBe(`undo-${mergedSha}`);
    expect(task(world, "t2")).toMatchObject({ mergedSha: null, findings: "[1]", findingsCount: 1, history: [{ result: "undone" }] });
    expect(task(world, "t3")).toMatchObject({ missing: 1, findings: null });
    expect([...broken(world)]).toEqual([]);
    world.settle();
    expect(task(world, "t2")).toMatchObject({ status: "claimed", attempt: 2, prior: { attempt: 1 } });
    doNext(world);
    doNext(world);
    expect([...world.state.byStatus.merged].length).toBe(5);
  });

  test("with dependants in work: their attempts end, their work is saved, and they wait", () => {
    const world = chain(1);
    expect([...world.state.byStatus.claimed].sort()).toEqual(["t2", "t5"]);
    undone(world, undo("t1"));
    expect(statuses(world)).toMatchObject({ t1: "open", t2: "blocked", t3: "blocked", t4: "blocked", t5: "claimed" });
    expect(task(world, "t2")).toMatchObject({ seat: null, unsaved: { attempt: 1 }, history: [{ result: "cancelled" }] });
    expect([...broken(world)]).toEqual([]);
    for (const seat of ["dev-0", "dev-1"]) if (world.state.seats.get(id.seat(seat))?.session) world.endTurn(seat);
    world.settle();
    expect(task(world, "t1")).toMatchObject({ status: "claimed", attempt: 2 });
    expect(task(world, "t2")?.prior).toMatchObject({ attempt: 1 });
  });

  test("dropped: it and everything after it is cancelled", () => {
    const world = chain(3);
    undone(world, undo("t1", { drop: true }));
    expect(statuses(world)).toEqual({ t1: "cancelled", t2: "cancelled", t3: "cancelled", t4: "cancelled", t5: "claimed" });
    expect([...broken(world)]).toEqual([]);
  });

  test("in its last attempt: it may try again before a person is asked", () => {
    const world = chain(1);
    const found = task(world, "t1");
    if (found) found.attemptsCap = 1;
    undone(world, undo("t1"));
    expect(task(world, "t1")).toMatchObject({ attemptsCap: 3, gate: null });
  });

  test("of an ended swarm: taken out and cancelled, nothing is opened again", () => {
    const world = chain(5);
    world.must({ type: "stop_swarm", why: "enough" }, OPERATOR);
    world.settle();
    expect(world.state.closed).toBe(true);
    undone(world, undo("t2"));
    expect(statuses(world)).toEqual({ t1: "merged", t2: "cancelled", t3: "cancelled", t4: "merged", t5: "merged" });
    expect(react(world.state, world.now)).toEqual({ effects: [], due: [], wakeAt: null });
  });
});

describe("[merge.undo.refused] what cannot be undone is refused with what to do, and nothing changes", () => {
  test("landed work: with the commands that take it out by hand", () => {
    const world = chain(5);
    world.must({ type: "stop_swarm", why: "enough" }, OPERATOR);
    world.must({ type: "record_landed", sha: world.state.tip }, OPERATOR);
    const shas = ["t3", "t2"].map((name) => task(world, name)?.mergedSha);
    const next = `git switch main && git revert --no-edit ${shas.join(" ")}`;
    expect(world.send(undo("t2"), OPERATOR)).toMatchObject({ ok: false, refusal: { code: "LANDED", next } });
  });

  test("work that is not merged, unknown tasks, a second undo at the same time", () => {
    const world = chain(2);
    expect(world.send(undo("t3"), OPERATOR)).toMatchObject({ ok: false, refusal: { code: "NOT_MERGED" } });
    expect(world.send(undo("t9"), OPERATOR)).toMatchObject({ ok: false, refusal: { code: "NOT_FOUND" } });
    world.must(undo("t1"), OPERATOR);
    expect(world.send(undo("t2"), OPERATOR)).toMatchObject({ ok: false, refusal: { code: "BUSY", retryable: true } });
    expect(world.send(undo("t1"), OPERATOR)).toMatchObject({ ok: true, repeated: true });
    world.doOwed("undo_task");
    expect(world.send(undo("t1"), OPERATOR)).toMatchObject({ ok: true, repeated: true });
  });

  test("later work on the same files: named, and everything stands as it did", () => {
    const world = chain(5);
    const before = statuses(world);
    world.must(undo("t1"), OPERATOR);
    const sha = task(world, "t1")?.mergedSha ?? "";
    const outcome = { kind: "refused" as const, why: "later work", on: id.task("t1"), paths: ["a"], later: [id.task("t5")] };
    world.must({ type: "record_undo", task: id.task("t1"), sha, outcome });
    expect(statuses(world)).toEqual(before);
    expect(world.state.merges.undo).toBeNull();
    expect(world.send({ type: "record_undo", task: id.task("t1"), sha, outcome })).toMatchObject({
      ok: false,
      refusal: { code: "STALE_UNDO" },
    });
  });

  test("by an agent: only the operator undoes", () => {
    const world = chain(1);
    expect(world.send(undo("t1"), world.by("queen"))).toMatchObject({ ok: false, refusal: { code: "NOT_ALLOWED" } });
  });
});

test("[merge.undo.alone] nothing is merged while an undo is owed, and no undo is owed while something is merged", () => {
  const world = chain(1);
  doToApproval(world, "t5");
  world.must({ type: "begin_verify" });
  world.must(undo("t1"), OPERATOR);
  expect(world.state.merges.batch).toBeNull();
  const { effects, due } = react(world.state, world.now);
  expect(effects.map(({ kind }) => kind).filter((kind) => kind.includes("merge") || kind === "undo_task")).toEqual(["undo_task"]);
  expect(due.filter(({ type }) => type === "begin_verify" || type === "begin_merge")).toEqual([]);
  expect(world.send({ type: "begin_merge", task: id.task("t5") })).toMatchObject({ ok: false, refusal: { code: "BUSY" } });
});

function doToApproval(world: World, name: string): void {
  const found = task(world, name);
  world.as(found?.seat ?? "", { type: "submit_task", task: id.task(name), attempt: 1, evidence: [1, 2], submission: "did it" });
  world.endTurn(found?.seat ?? "");
  world.settle();
  const sha = task(world, name)?.sha ?? "";
  world.as("reviewer", { type: "read_diff", task: id.task(name), sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: id.task(name), sha, criteria, findings: [], text: "{}" });
}
