import { expect, test } from "vitest";
import type { TaskSpec } from "../../src/domain/model.ts";
import { deriveVerdict } from "../../src/domain/verdict.ts";
import { longest, waves } from "../../src/domain/waves.ts";
import { approval, plan, taskSpec, World } from "./world.ts";

function submitted(tasks: readonly TaskSpec[]) {
  const world = World.started();
  world.settle();
  return world.as("queen", plan(tasks));
}
const REFUSED: readonly [string, readonly TaskSpec[], RegExp][] = [
  ["an empty plan", [], /no task/],
  ["a plan of too many tasks", Array.from({ length: 21 }, (_, n) => taskSpec(`t${n}`)), /^\(1\) 21 tasks; at most 20 fit one plan$/],
  ["a cycle", [taskSpec("t1", ["t2"]), taskSpec("t2", ["t1"])], /circle: t1 after t2 after t1/],
  ["an unknown id", [taskSpec("t1", ["t9"])], /t1 comes after t9/],
  ["two tasks with one id", [taskSpec("t1"), taskSpec("t1")], /two tasks have the id t1/],
  [
    "two unordered tasks that share a file",
    [taskSpec("t1", [], { files: ["src/"] }), taskSpec("t2", [], { files: ["src/a.ts"] })],
    /t1 and t2 both change "src\/"/,
  ],
  ["a condition no task meets", [taskSpec("t1", [], { meets: [] })], /condition 1 is met by no task/],
  ["a role nobody has", [taskSpec("t1", [], { role: "poet" })], /role poet/],
  ["a task without a criterion", [taskSpec("t1", [], { criteria: 0 })], /no criterion/],
];
test.each(REFUSED)("[domain.plan.refused] %s is refused at once", (_name, tasks, reason) => {
  const decision = submitted(tasks);
  expect(decision).toMatchObject({ ok: false, refusal: { code: "PLAN_REFUSED" } });
  expect(decision.ok ? "" : decision.refusal.message).toMatch(reason);
});

test("[domain.plan.all-at-once] all problems of a plan come together, at most eight", () => {
  const tasks = Array.from({ length: 12 }, (_, n) => taskSpec(`t${n}`, ["t99"], { criteria: 0 }));
  const decision = submitted(tasks);
  expect(decision.ok ? "" : decision.refusal.message.split("; ").length).toBe(8);
});

test("[domain.plan.ordered-share] ordered tasks may share a file", () => {
  expect(submitted([taskSpec("t1", [], { files: ["a.ts"] }), taskSpec("t2", ["t1"], { files: ["a.ts"] })])).toMatchObject({ ok: true });
});

test("[domain.plan.review] an unmapped condition or a blocking finding returns the plan; the verdict is never stated", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  world.as("reviewer", { ...approval(world.state), findings: [{ kind: "missing_work", task: null, blocking: true }] });
  expect(world.state.plan).toMatchObject({ status: "returned", findingsCount: 1 });
  expect(world.state.tasks.size).toBe(0);
});

test("[domain.plan.one-agent] the remark that one agent would do never blocks", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  world.as("reviewer", { ...approval(world.state), findings: [{ kind: "one_agent_would_do", task: null, blocking: true }] });
  expect(world.state.plan.status).toBe("approved");
});

test("[domain.plan.amendment] an amendment keeps running attempts and cancels what it leaves out", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2")], "h1"));
  world.settle();
  world.as("reviewer", approval(world.state));
  world.settle();
  world.as("queen", plan([taskSpec("t1"), taskSpec("t3")], "h2"));
  expect(world.state.tasks.get("t2" as never)).toMatchObject({ status: "claimed" });
  world.endTurn("reviewer");
  world.settle();
  world.as("reviewer", approval(world.state));
  expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "claimed", attempt: 1 });
  expect(world.state.tasks.get("t2" as never)).toMatchObject({ status: "cancelled" });
  expect(world.state.tasks.get("t3" as never)).toMatchObject({ status: "open" });
});

test("[domain.plan.revisions] approved amendments are no disagreement; so many revisions in a row without an approval ask a person", () => {
  const world = World.started({ planRevisions: 2 });
  let n = 0;
  const handIn = () => world.as("queen", plan([taskSpec(`t${++n}`)], `h${n}`));
  const review = (blocking: boolean) => {
    world.settle();
    world.as("reviewer", { ...approval(world.state), findings: blocking ? [{ kind: "missing_work", task: null, blocking }] : [] });
    world.endTurn("reviewer");
    world.settle();
  };
  const gates = () => [...world.state.openGates];
  world.settle();
  for (let approved = 0; approved < 4; approved++) {
    handIn();
    review(false);
    expect(world.state.plan).toMatchObject({ status: "approved", revision: n });
  }
  for (let returned = 0; returned < 2; returned++) {
    handIn();
    expect(gates()).toEqual([]);
    review(true);
  }
  handIn();
  expect(world.state.plan.revision).toBe(6);
  const [gate] = gates();
  expect(world.state.gates.get(gate as never)).toMatchObject({ kind: "plan_review", title: "the plan was returned 2 times" });
  const added = world.as("queen", { type: "create_task", spec: taskSpec("t99"), from: null });
  expect(added).toMatchObject({ ok: false, refusal: { code: "WAITING_HUMAN" } });
  world.must({ type: "answer_gate", gate: gate as never, answer: "another" }, { kind: "operator" });
  for (let returned = 0; returned < 2; returned++) {
    handIn();
    expect(gates()).toEqual([]);
    review(true);
  }
  handIn();
  expect(gates()).toHaveLength(1);
});

test("[domain.plan.waves] waves follow the order of the tasks, and the longest chain is the heaviest", () => {
  const nodes = [
    { id: "a", after: [], weight: 1 },
    { id: "b", after: [], weight: 1 },
    { id: "c", after: ["a", "b"], weight: 1 },
  ];
  expect(waves(nodes).map((wave) => wave.map((node) => node.id))).toEqual([["a", "b"], ["c"]]);
  expect(longest(nodes)).toBe(2);
});

test("[domain.verdict] the verdict follows from criteria and findings", () => {
  const finding = (effect: "crash" | "style", confidence: "high" | "low") => ({ effect, confidence, criterion: null });
  expect(deriveVerdict([{ n: 1, met: "yes" }], [])).toMatchObject({ approved: true });
  expect(deriveVerdict([{ n: 1, met: "cannot_tell" }], [])).toMatchObject({ approved: false, doubts: ["c1"] });
  expect(deriveVerdict([{ n: 1, met: "no" }], [finding("crash", "low")])).toMatchObject({ approved: false, unmet: [1], doubts: [] });
  expect(deriveVerdict([{ n: 1, met: "yes" }], [finding("crash", "high")])).toMatchObject({ approved: false, blocking: [0] });
  expect(deriveVerdict([{ n: 1, met: "yes" }], [finding("style", "high"), finding("crash", "low")])).toMatchObject({
    approved: false,
    doubts: ["f2"],
  });
  expect(deriveVerdict([{ n: 1, met: "yes" }], [finding("style", "low")])).toMatchObject({ approved: true });
});
