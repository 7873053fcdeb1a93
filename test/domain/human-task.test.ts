/** Tasks that a person does. */
import { describe, expect, test } from "vitest";
import type { Actor } from "../../src/domain/commands.ts";
import { eventLine } from "../../src/domain/feed.ts";
import { taskQuestion } from "../../src/domain/human-task.ts";
import { pausesAt } from "../../src/domain/idle.ts";
import { planProblems } from "../../src/domain/plan-problems.ts";
import { swarmView } from "../../src/domain/view.ts";
import { reasons } from "../../src/domain/why.ts";
import { IDLE } from "./idle-world.ts";
import { broken } from "./invariants.ts";
import { asked, carryOut, HUMAN, mergeOf, status, withPlan } from "./policy-world.ts";
import { upTo } from "./supervision-kit.ts";
import { disagreements } from "./why-agrees.ts";
import { taskSpec, type World } from "./world.ts";

const operator = { kind: "operator" } as const;
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
  expect([status(world, "t2"), [...world.state.openGates]]).toEqual(["blocked", []]);
  expect(world.state.gates.get("g1" as never)).toMatchObject({ answeredBy: "engine", answeredAt: world.history.at(-1)?.at });
  carryOut(world);
  expect([world.state.gates.size, world.state.status]).toEqual([2, "completed"]);
});

test("[human.gate] it outlives an agent that hangs beside it, another host and the pause of the swarm, and takes its answer then", () => {
  const world = asked(undefined, IDLE, [taskSpec("t4")]);
  const open = () => [...world.state.openGates];
  upTo(world, 3);
  const { id: session, run, watch } = world.session("dev-1");
  expect(watch.probe).not.toBeNull();
  world.must({ type: "record_probe", session, run, answered: true, note: "half of it" });
  world.settle();
  world.must({ type: "take_lease", over: 1, holder: { id: "h2", pid: 8, start: "2", machine: "m", boot: "b" }, address: "x" });
  world.settle();
  expect(open()).toEqual(["g1"]);
  mergeOf(world, "t4", "dev-1");
  expect([status(world, "t4"), open()]).toEqual(["merged", ["g1"]]);
  world.now = pausesAt(world.state, world.now) ?? 0;
  world.must({ type: "pause_itself" });
  world.settle();
  expect([world.state.pausedBy, open()]).toEqual(["itself", ["g1"]]);
  say(world, "done");
  expect([world.state.status, status(world, "t2"), status(world, "t3")]).toEqual(["running", "merged", "open"]);
});

test("[idle.resume] merged work that is to be taken out again resumes a swarm that paused itself", () => {
  const world = asked(undefined, IDLE);
  world.now = pausesAt(world.state, world.now) ?? 0;
  world.must({ type: "pause_itself" });
  world.must({ type: "undo_task", task: "t1" as never, why: "wrong", findings: null, drop: false }, operator);
  expect(world.state).toMatchObject({ status: "running", pausedBy: null });
  world.doOwed("undo_task");
  expect(status(world, "t1")).toBe("open");
});

test("[human.gate] asked about once: a task that is no person's, has its gate or has ended brings none, and only the host asks", () => {
  const world = asked();
  const ask = (task: string, actor?: Actor) => world.send({ type: "ask_for_task", task: task as never }, actor);
  say(world, "done");
  for (const task of ["t1", "t2", "t3", "t9"]) expect(ask(task)).toMatchObject({ ok: true, repeated: true });
  const waiting = asked();
  expect(waiting.send({ type: "ask_for_task", task: "t2" as never })).toMatchObject({ ok: true, repeated: true });
  expect(ask("t2", { kind: "engine", epoch: 0 })).toMatchObject({ refusal: { code: "LEASE_LOST" } });
  expect(ask("t2", operator)).toMatchObject({ refusal: { code: "NOT_ALLOWED" } });
  expect([world.state.gates.size, waiting.state.gates.size]).toEqual([1, 1]);
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
