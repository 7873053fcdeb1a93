import fc from "fast-check";
import { expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import { previewLines, previewOf, previewPlan, type Weighed } from "../../src/domain/plan-preview.ts";
import { plan, taskSpec, World } from "./world.ts";

const task = (n: number, more: Partial<Weighed> = {}): Weighed => ({
  ...{ id: `t${n}` as TaskId, after: [], files: [`src/${n}/a.ts`], criteria: 2, proof: "tests_pass" },
  ...more,
});
const after = (...ids: number[]): { after: TaskId[] } => ({ after: ids.map((n) => `t${n}` as TaskId) });
const many = (count: number, more: (n: number) => Partial<Weighed> = () => ({})) =>
  Array.from({ length: count }, (_, index) => task(index + 1, more(index + 1)));
const HANDS = { workers: 4, reviewers: 1 };

/** Plans without a cycle: a task waits for earlier ones alone. */
const anyPlan = fc.integer({ min: 1, max: 14 }).chain((count) =>
  fc
    .tuple(
      ...Array.from({ length: count }, (_, index) =>
        fc.record({
          before: fc.subarray(Array.from({ length: index }, (_, n) => n + 1)),
          criteria: fc.integer({ min: 1, max: 8 }),
          files: fc.subarray(["src/a.ts", "src/b.ts", "docs/**", "test/"], { minLength: 1 }),
          proof: fc.constantFrom("tests_pass" as const, "review_only" as const),
        }),
      ),
    )
    .map((drawn) => drawn.map(({ before, ...more }, index) => task(index + 1, { ...more, ...after(...before) }))),
);
const anyHands = fc.record({ workers: fc.integer({ min: 1, max: 12 }), reviewers: fc.integer({ min: 1, max: 4 }) });

test("[plan.preview.bound] a plan is never promised to be faster than its workers, its tasks or its longest chain allow", () => {
  fc.assert(
    fc.property(anyPlan, anyHands, (tasks, hands) => {
      const { speedup, waves, workers } = previewPlan(tasks, hands);
      expect(speedup).toBeGreaterThan(0);
      expect(speedup).toBeLessThanOrEqual(Math.min(hands.workers, tasks.length));
      expect(waves.flat().toSorted()).toEqual(tasks.map(({ id }) => id).toSorted());
      expect(workers).toBeLessThanOrEqual(Math.max(...waves.map((wave) => wave.length)));
      const rank = new Map(waves.flatMap((wave, index) => wave.map((id) => [id, index] as const)));
      for (const { id, after: before } of tasks) for (const one of before) expect(rank.get(one)).toBeLessThan(rank.get(id) ?? 0);
    }),
  );
});

test("[plan.preview.bound] more order makes no plan faster, more hands make none slower", () => {
  fc.assert(
    fc.property(anyPlan, anyHands, (tasks, hands) => {
      const now = previewPlan(tasks, hands).speedup;
      const chained = tasks.map((one, index) => (index === 0 ? one : { ...one, ...after(index) }));
      expect(previewPlan(chained, hands).speedup).toBeLessThanOrEqual(now);
      expect(previewPlan(chained, hands).speedup).toBeLessThanOrEqual(1);
      expect(previewPlan(tasks, { ...hands, workers: hands.workers + 1 }).speedup).toBeGreaterThanOrEqual(now);
      expect(previewPlan(tasks, { ...hands, reviewers: hands.reviewers + 1 }).speedup).toBeGreaterThanOrEqual(now);
    }),
  );
});

test("[plan.preview.one-agent] one agent would do for few tasks, a chain, one folder with little in it, or what nothing proves", () => {
  const why = (tasks: readonly Weighed[]) => previewPlan(tasks, HANDS).oneAgent;
  expect(why(many(2))).toBe("the plan has 2 tasks");
  expect(why(many(4, (n) => after(...(n === 1 ? [] : [n - 1]))))).toBe("a swarm would be slower");
  expect(why(many(6, () => ({ criteria: 1, files: ["src/a.ts"] })))).toBe("all of it is in one folder, with 6 criteria");
  expect(why(many(6, () => ({ criteria: 1, files: ["src/a.ts", "docs/a.md"] })))).toBeNull();
  expect(why(many(6, () => ({ proof: "review_only" })))).toBe("nothing that runs proves any of it");
  expect(why(many(6))).toBeNull();
});

test("[plan.preview.lines] the numbers come first, then what shares a file, the cost, and how one agent would do it", () => {
  const by = { unit: "usd", task: [1, 2], rest: [0.5, 0.5], tasks: 12, swarms: 3 } as const;
  const tasks = [task(1), task(2), task(3, { ...after(1), files: ["src/1/*.ts"] })];
  expect(previewLines(previewPlan(tasks, HANDS, by), "Say solo.")).toEqual([
    "3 tasks in 2 waves (t1, t2 → t3). At best 1.1 times as fast as one agent, for about 1.6 times its tokens (a rule of thumb).",
    "t1 and t3 may both change src/1/*.ts, so they run one after the other.",
    "It will probably cost $3.50 to $6.50, by 12 merged tasks of 3 earlier swarms.",
    "One agent would do: a swarm would be hardly faster. Say solo.",
  ]);
});

test("[plan.preview.state] a swarm has the preview of the plan under review, then of the one in force; one agent alone has none", () => {
  const world = World.started();
  world.settle();
  expect(previewOf(world.state)).toBeNull();
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2", ["t1"])]));
  expect(previewOf(world.state)).toMatchObject({ tasks: 2, waves: [["t1"], ["t2"]], oneAgent: "the plan has 2 tasks", cost: null });
  expect(previewOf(World.started({}, undefined, taskSpec("t1")).state)).toBeNull();
});
