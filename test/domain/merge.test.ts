import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { react } from "../../src/domain/react.ts";
import { replays } from "./invariants.ts";
import { approved, mergeAll, type Truth } from "./merge-world.ts";
import { id, type World } from "./world.ts";

const FINE: Truth = { red: [], conflict: [] };
const events = (world: World, type: Event["type"]) => world.history.flatMap((entry) => entry.events.filter((event) => event.type === type));
const statusOf = (world: World, task: string) => world.state.tasks.get(id.task(task))?.status;

describe("[merge.verify] the checks pass on the merge result before anything is merged", () => {
  test("when the target moved: the first goes as it is, those behind it are verified together", () => {
    const world = approved(3);
    expect(mergeAll(world, FINE)).toEqual(["t1", "t2", "t3"]);
    expect(events(world, "merge_verified")).toMatchObject([{ tip: "merged-t1", tasks: ["t2", "t3"], trees: ["t1 t2", "t1 t2 t3"] }]);
  });

  test("always, one by one where batches are not wanted", () => {
    const world = approved(3, { verify: "always", batch: 1 });
    expect(mergeAll(world, FINE)).toEqual(["t1", "t2", "t3"]);
    expect(events(world, "merge_verified")).toMatchObject([{ tasks: ["t1"] }, { tasks: ["t2"] }, { tasks: ["t3"] }]);
  });

  test("never: as approved", () => {
    const world = approved(3, { verify: "never" });
    expect(mergeAll(world, FINE)).toEqual(["t1", "t2", "t3"]);
    expect(events(world, "batch_formed")).toEqual([]);
  });

  test("and a merge that was not verified is refused, whoever asks", () => {
    const world = approved(2, { verify: "always" });
    const t1 = id.task("t1");
    expect(world.send({ type: "begin_merge", task: t1 })).toMatchObject({ ok: false, refusal: { code: "NOT_VERIFIED" } });
    world.must({ type: "begin_verify" });
    expect(world.send({ type: "begin_merge", task: t1 })).toMatchObject({ ok: false, refusal: { code: "NOT_VERIFIED" } });
    expect(world.send({ type: "begin_merge", task: id.task("t2") })).toMatchObject({ ok: false, refusal: { code: "BUSY" } });
  });
});

test("[merge.red] a red merge result goes back to its owner and the tip stays", () => {
  const world = approved(2);
  expect(mergeAll(world, { red: [["t1", "t2"]], conflict: [] })).toEqual(["t1"]);
  expect(world.state.tip).toBe("merged-t1");
  expect(world.state.tasks.get(id.task("t2"))).toMatchObject({
    status: "open",
    findingsCount: 1,
    reserved: { seat: "dev-1" },
    history: [{ result: "checks_failed", why: expect.stringContaining("red on the merge result") }],
  });
});

test("[merge.bisect] a red batch is halved until the red one is alone; the others are merged, in order", () => {
  const world = approved(5, { verify: "always", batch: 5 });
  expect(mergeAll(world, { red: [["t4"]], conflict: [] })).toEqual(["t1", "t2", "t3", "t5"]);
  expect(statusOf(world, "t4")).toBe("open");
  expect(events(world, "merge_red")).toMatchObject([{ tasks: ["t1", "t2", "t3", "t4", "t5"] }, { tasks: ["t4", "t5"] }, { tasks: ["t4"] }]);
});

test("[merge.batch.conflict] a task that conflicts with its batch is left out of it and answered for alone", () => {
  const world = approved(3, { verify: "always" });
  expect(mergeAll(world, { red: [], conflict: [["t1", "t2"]] })).toEqual(["t1", "t3"]);
  expect(events(world, "merge_verified")).toMatchObject([{ tasks: ["t1", "t3"] }]);
  expect(world.state.tasks.get(id.task("t2"))).toMatchObject({ status: "open", conflict: ["x"] });
});

test("[merge.fence] a result for a batch that is no more is refused", () => {
  const world = approved(2, { verify: "always" });
  world.must({ type: "begin_verify" });
  const outcome = { kind: "conflict" as const, paths: [] };
  expect(world.send({ type: "record_verify", batch: 7, outcome })).toMatchObject({ ok: false, refusal: { code: "STALE_BATCH" } });
  world.as("queen", { type: "cancel_task", task: id.task("t2"), why: "not wanted" });
  expect(world.send({ type: "record_verify", batch: 1, outcome })).toMatchObject({ ok: false, refusal: { code: "STALE_BATCH" } });
  expect(mergeAll(world, FINE)).toEqual(["t1"]);
});

test("[merge.changed] a merge that gives other files than were verified is verified again", () => {
  const world = approved(1, { verify: "always" });
  mergeAll(world, FINE, (step) => {
    const effect = react(world.state, world.now).effects.find(({ kind }) => kind === "merge_task");
    if (step < 4 && effect?.kind === "merge_task")
      world.must({ type: "record_merge", task: effect.task, attempt: effect.attempt, outcome: { kind: "changed" } });
  });
  expect(events(world, "batch_dropped").length).toBe(1);
  expect(events(world, "merge_verified").length).toBe(2);
  expect(statusOf(world, "t1")).toBe("merged");
});

test("[merge.one-worktree] a merge result and a submission are never checked at the same time: what came first goes on", () => {
  const world = approved(3, { verify: "always", batch: 1 });
  const t1 = id.task("t1");
  const kinds = () =>
    react(world.state, world.now)
      .effects.map(({ kind }) => kind)
      .filter((kind) => kind === "run_checks" || kind === "verify_merge");
  world.must({ type: "begin_verify" });
  const checks = [{ check: "commands", passed: false, input: "i", ms: 1 }];
  const outcome = { kind: "checked" as const, tasks: [t1], trees: ["x"], passed: false, checks, findings: "[]", findingsCount: 1 };
  world.must({ type: "record_verify", batch: 1, outcome });
  world.must({ type: "start_job", seat: id.seat("dev-0"), job: { kind: "task", task: t1, attempt: 2 } });
  for (const kind of ["open_worktree", "start_session"]) world.doOwed(kind);
  world.must({ type: "begin_verify" });
  world.as("dev-0", { type: "submit_task", task: t1, attempt: 2, evidence: [1, 2], submission: "did it" });
  world.doOwed("commit_submission");
  expect(world.state.tasks.get(t1)?.status).toBe("checking");
  expect(kinds()).toEqual(["verify_merge"]);
  world.as("queen", { type: "cancel_task", task: id.task("t2"), why: "make room" });
  world.must({ type: "begin_verify" });
  expect(kinds()).toEqual(["run_checks"]);
  world.doOwed("run_checks");
  expect(kinds()).toEqual(["verify_merge"]);
});

const TASKS = ["t1", "t2", "t3", "t4", "t5", "t6"];
const some = (min: number, max: number) => fc.array(fc.subarray(TASKS, { minLength: min, maxLength: 2 }), { maxLength: max });

test("[merge.property] whatever fits with whatever: merging ends, what is merged passes, what does not pass goes back", () => {
  const cases = fc.record({
    batch: fc.integer({ min: 1, max: 7 }),
    verify: fc.constantFrom("always" as const, "when-target-moved" as const),
    single: some(1, 2),
    pairs: some(2, 3),
    conflict: some(2, 3),
    cancels: fc.array(fc.record({ step: fc.nat({ max: 20 }), task: fc.constantFrom(...TASKS) }), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(cases, ({ batch, verify, single, pairs, conflict, cancels }) => {
      // A submission that is red by itself does not come this far: only "always" would find it.
      const truth: Truth = { red: verify === "always" ? [...single, ...pairs] : pairs, conflict };
      const world = approved(TASKS.length, { verify, batch, attempts: 3 });
      const merged = mergeAll(world, truth, (step) => {
        for (const one of cancels)
          if (one.step === step) world.as("queen", { type: "cancel_task", task: id.task(one.task), why: "not wanted" });
      });
      expect([...world.state.byStatus.merged]).toEqual(merged);
      expect([...world.state.byStatus.approved, ...world.state.byStatus.merging]).toEqual([]);
      expect(world.state.merges.batch).toBeNull();
      expect(truth.red.filter((set) => set.every((one) => merged.includes(one)))).toEqual([]);
      expect(truth.conflict.filter((set) => set.every((one) => merged.includes(one)))).toEqual([]);
      for (const task of TASKS)
        if (!truth.red.flat().includes(task) && !truth.conflict.flat().includes(task) && !cancels.some((one) => one.task === task))
          expect(merged, `${task} fits with everything`).toContain(task);
      expect(verifiedOnly(world)).toEqual([]);
      expect(replays(world)).toBe(true);
    }),
    { numRuns: Number(process.env.SKEP_PROPERTY_RUNS ?? 100) },
  );
});

/** Merges that no verification stands behind: neither the base was the tip, nor is it the next of a verified batch. */
function verifiedOnly(world: World): readonly string[] {
  let tip = "base";
  let next: { tip: string; tasks: readonly string[] } | null = null;
  const wrong: string[] = [];
  for (const { events } of world.history)
    for (const event of events) {
      if (event.type === "merge_verified") next = { tip: event.tip, tasks: event.tasks };
      if (event.type !== "task_merged") continue;
      const asBase = world.state.limits.verify === "when-target-moved" && tip === "base";
      const verified: boolean = next !== null && next.tip === tip && next.tasks[0] === event.task;
      if (!asBase && !verified) wrong.push(event.task);
      next = verified && next ? { tip: event.sha, tasks: next.tasks.slice(1) } : null;
      tip = event.sha;
    }
  return wrong;
}
