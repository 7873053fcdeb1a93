/** Tasks that a person does. */
import { describe, expect, test } from "vitest";
import { eventLine } from "../../src/domain/feed.ts";
import { taskQuestion } from "../../src/domain/human-task.ts";
import { planProblems } from "../../src/domain/plan-problems.ts";
import { swarmView } from "../../src/domain/view.ts";
import { reasons } from "../../src/domain/why.ts";
import { broken } from "./invariants.ts";
import { carryOut, status, withPlan } from "./policy-world.ts";
import { disagreements } from "./why-agrees.ts";
import { taskSpec, type World } from "./world.ts";

const HUMAN = taskSpec("t2", ["t1"], { human: true, files: [], role: "nobody", asks: "Sign the contract" });
const CHAIN = [taskSpec("t1"), HUMAN, taskSpec("t3", ["t2"])];
const operator = { kind: "operator" } as const;

/** t1 is merged and the person is asked. */
function asked(policy?: "abort_on_first_fail"): World {
  const world = withPlan(CHAIN, policy);
  world.settle();
  world.as("dev-0", { type: "submit_task", task: "t1" as never, attempt: 1, evidence: [1, 2], submission: "did it" });
  world.endTurn("dev-0");
  world.settle();
  const { job } = world.session("reviewer") as { job: { sha: string } };
  world.as("reviewer", { type: "read_diff", task: "t1" as never, sha: job.sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: "t1" as never, sha: job.sha, criteria, findings: [], text: "{}" });
  world.endTurn("reviewer");
  world.settle();
  return world;
}
const say = (world: World, answer: string) => world.send({ type: "answer_gate", gate: "g1" as never, answer }, operator);

test("[human.gate] when what it comes after is merged, a gate asks for it: no agent gets it, and no time answers it", () => {
  const world = asked();
  expect(world.state.gates.get("g1" as never)).toMatchObject({
    ...{ kind: "task", task: "t2", question: "Sign the contract", options: ["done", "failed"], fallback: null, deadlineAt: null },
    title: "t2 is yours to do: make t2",
  });
  expect([status(world, "t2"), status(world, "t3"), world.state.sessions.size]).toEqual(["open", "blocked", 0]);
  world.now += 1_000_000_000;
  expect(world.due()).toEqual([]);
  expect(say(world, "maybe")).toMatchObject({ ok: false, refusal: { code: "UNKNOWN_OPTION" } });
});

test("[human.why] the gate is the reason of the task, of what waits for it and of the swarm, with the answer as the next step", () => {
  const world = asked();
  const all = reasons(world.state, world.now);
  const next = { do: "answer", gate: "g1", option: "done" };
  expect(all.find(({ of, id }) => of === "task" && id === "t2")).toMatchObject({ code: "gate", next });
  expect(all.find(({ id }) => id === "t3")).toMatchObject({ code: "dependency", next });
  expect(all[0]).toMatchObject({ of: "swarm", code: "gate", next });
  expect(swarmView(world.state).gates).toMatchObject([{ gate: "g1", kind: "task", task: "t2" }]);
  expect([...disagreements(world), ...broken(world)]).toEqual([]);
});

describe("[human.answer]", () => {
  test("[human.answer] done: it counts as merged for what waits for it and for the conditions of the goal", () => {
    const world = asked();
    say(world, "done");
    expect([status(world, "t2"), status(world, "t3")]).toEqual(["merged", "open"]);
    carryOut(world);
    expect(world.state.status).toBe("completed");
    expect(world.history.flatMap(({ events }) => events.map(eventLine))).toContain("gate g1 answered by operator: done");
    const undone = world.send({ type: "undo_task", task: "t2" as never, why: "", findings: null, drop: false }, operator);
    expect(undone).toMatchObject({ ok: false, refusal: { code: "NOT_MERGED", message: expect.stringContaining("done by a person") } });
  });

  test("[human.answer] failed: it failed for good, and the policy of the plan applies", () => {
    const world = asked("abort_on_first_fail");
    expect(world.state.gates.get("g1" as never)?.title).toContain("Failed, it ends the swarm (abort_on_first_fail).");
    say(world, "failed");
    expect([world.state.status, world.state.ending]).toEqual(["failed", "t2 failed: the policy abort_on_first_fail ends the swarm"]);
  });

  test("[human.answer] an answer given twice counts once, and another one is refused", () => {
    const world = asked();
    say(world, "done");
    expect(say(world, "done")).toMatchObject({ ok: true, repeated: true });
    expect(say(world, "failed")).toMatchObject({ ok: false, refusal: { code: "GATE_ANSWERED" } });
  });
});

test("[human.gate] what it came after is taken out again: the gate closes, and opens anew when that is merged again", () => {
  const world = asked();
  world.must({ type: "undo_task", task: "t1" as never, why: "wrong", findings: null, drop: false }, operator);
  world.doOwed("undo_task");
  expect([status(world, "t2"), [...world.state.openGates], world.state.gates.get("g1" as never)?.answeredBy]).toEqual([
    "blocked",
    [],
    "engine",
  ]);
  carryOut(world);
  expect([world.state.gates.size, world.state.status]).toEqual([2, "completed"]);
});

test("[human.plan] it needs no file and no role of the team, unless it escalates to an agent", () => {
  const problems = (more: object): readonly string[] =>
    planProblems(withPlan([taskSpec("t0")]).state, {
      conditions: ["it works"],
      tasks: [taskSpec("t2", [], { ...HUMAN, after: [], ...more })],
    });
  expect(problems({})).toEqual([]);
  expect(problems({ human: undefined })).toHaveLength(2);
  expect(problems({ escalate: "senior" })).toEqual(["t2 owns no file"]);
});

test("[human.question] the question has the words of the plan", () => {
  expect(taskQuestion("Sign", { brief: "Read it first.", criteria: ["It is signed", "It is sent"] })).toBe(
    "Sign\n\nRead it first.\n\nIt is done when:\n1. It is signed\n2. It is sent\n\nAnswer done when all of that is so, failed when it cannot be.",
  );
});
