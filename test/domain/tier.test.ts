/** Swarms that ask their person at a plan, and at each task before it merges. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GateId, TaskId } from "../../src/base/ids.ts";
import { decide } from "../../src/domain/decide.ts";
import { openGate } from "../../src/domain/gate.ts";
import { meaningOf } from "../../src/domain/gate-answer.ts";
import type { Gate, GateKind } from "../../src/domain/model.ts";
import { reasons } from "../../src/domain/why.ts";
import { broken, dueRefused, replays } from "./invariants.ts";
import { interpret, move } from "./moves.ts";
import { approval, id, plan, seatSpec, taskSpec, World } from "./world.ts";

const T1 = id.task("t1");
const OPERATOR = { kind: "operator" } as const;

function reviewed(automation: 2 | 3, tasks = [taskSpec("t1")]): World {
  const world = World.started({ automation });
  world.settle();
  world.as("queen", plan(tasks));
  world.settle();
  expect(world.as("reviewer", approval(world.state))).toMatchObject({ ok: true });
  world.endTurn("reviewer");
  world.settle();
  return world;
}

const open = (world: World): readonly Gate[] => [...world.state.openGates].flatMap((gate) => world.state.gates.get(gate) ?? []);
const answer = (world: World, gate: string, words: string) =>
  world.send({ type: "answer_gate", gate: gate as GateId, answer: words }, OPERATOR);

/** The holder of t1 submits, and the reviewer finds nothing. */
function approveTask(world: World): void {
  const task = world.state.tasks.get(T1);
  const seat = task?.seat ?? "";
  world.as(seat, { type: "submit_task", task: T1, attempt: task?.attempt ?? 0, evidence: [1, 2], submission: "s" });
  world.endTurn(seat);
  world.settle();
  const sha = world.state.tasks.get(T1)?.sha ?? "";
  world.as("reviewer", { type: "read_diff", task: T1, sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  expect(world.as("reviewer", { type: "review_task", task: T1, sha, criteria, findings: [], text: "{}" })).toMatchObject({ ok: true });
  world.endTurn("reviewer");
  world.settle();
}

describe("[gates.tier.plan] a plan its review approves waits for a person", () => {
  test("nothing begins before approve, and then all of it does", () => {
    const world = reviewed(2);
    expect(open(world)).toMatchObject([
      { id: "g1", kind: "plan", options: ["approve", "return", "stop"], fallback: null, deadlineAt: null },
    ]);
    expect(world.state.tasks.size).toBe(0);
    world.endTurn("queen");
    world.settle();
    expect(reasons(world.state, world.now)[0]).toMatchObject({ code: "gate", next: { do: "answer", gate: "g1" } });
    expect(world.as("queen", plan([taskSpec("t2")], "h2"))).toMatchObject({ ok: false, refusal: { code: "WAITING_HUMAN" } });
    expect(answer(world, "g1", "approve")).toMatchObject({ ok: true });
    world.settle();
    expect(world.state.plan).toMatchObject({ status: "approved", gate: null });
    expect(world.state.tasks.get(T1)?.status).toBe("claimed");
  });

  test("returned with words, the queen gets them as findings, a line each", () => {
    const world = reviewed(2);
    expect(answer(world, "g1", "return: split the migration\n  and name its way back \n")).toMatchObject({ ok: true });
    expect(world.state.plan).toMatchObject({ status: "returned", findingsCount: 2 });
    expect(world.state.plan.findings).toContain("and name its way back");
    expect(world.state.wake).toContainEqual({ what: "plan_findings", id: "revision-1" });
    expect(world.state.tasks.size).toBe(0);
  });

  test("an addition to a plan in force waits as well, and the work under way goes on", () => {
    const world = reviewed(2);
    answer(world, "g1", "approve");
    world.settle();
    world.as("queen", { type: "create_task", spec: taskSpec("t9"), from: null });
    world.settle();
    world.as("reviewer", approval(world.state));
    world.endTurn("reviewer");
    world.settle();
    expect(open(world)).toMatchObject([{ id: "g2", kind: "plan" }]);
    expect(world.state.tasks.has(id.task("t9"))).toBe(false);
    expect(world.state.tasks.get(T1)?.status).toBe("claimed");
  });

  test("[gates.silence] no time approves it, and no answer but its own is taken", () => {
    const world = reviewed(2);
    world.now += 30 * 24 * 3_600_000;
    for (let round = 0; round < 3; round++) for (const command of world.due()) world.send(command);
    expect(world.send({ type: "expire_gate", gate: "g1" as GateId })).toMatchObject({ ok: false, refusal: { code: "NO_FALLBACK" } });
    expect(answer(world, "g1", "yes")).toMatchObject({ ok: false, refusal: { code: "UNKNOWN_OPTION" } });
    expect(answer(world, "g1", "approve: gladly")).toMatchObject({ ok: false, refusal: { code: "UNKNOWN_OPTION" } });
    expect(open(world)).toMatchObject([{ id: "g1", kind: "plan" }]);
    expect(world.state.tasks.size).toBe(0);
  });

  test.each([1, 2] as const)("[gates.fence] in tier %i a review that comes late closes the question what happens without it", (tier) => {
    const world = World.started({ automation: tier });
    world.settle();
    world.as("queen", plan([taskSpec("t1")]));
    world.endTurn("queen");
    world.settle();
    world.now = world.state.plan.deadlineAt ?? 0;
    for (const command of world.due()) world.send(command);
    expect(open(world)).toMatchObject([{ id: "g1", kind: "plan_review" }]);
    expect(world.as("reviewer", approval(world.state))).toMatchObject({ ok: true });
    expect(world.state.gates.get("g1" as GateId)).toMatchObject({ answer: "reviewed", answeredBy: "engine", answeredAt: world.now });
    expect([open(world).map(({ kind }) => kind), world.state.plan.status]).toEqual(tier === 2 ? [["plan"], "reviewing"] : [[], "approved"]);
    expect([...broken(world)]).toEqual([]);
    // The plan a person is asked about stays the one that is pending: no other takes its place before they answer.
    const next = world.as("queen", plan([taskSpec("t1"), taskSpec("t2")], "h2"));
    expect(next).toMatchObject(tier === 2 ? { ok: false, refusal: { code: "WAITING_HUMAN" } } : { ok: true });
    expect(answer(world, "g1", "approve")).toMatchObject({ ok: false, refusal: { code: "GATE_ANSWERED" } });
  });

  test("[gates.silence] none can be opened that answers itself with what a person may let through", () => {
    const { state, now } = reviewed(2);
    const open = (kind: GateKind, fallback: string, options: readonly string[]) => () =>
      openGate(state, now, kind, { title: "", question: "", options, fallback, deadlineAt: now + 1 });
    const passes = [
      ["plan", "approve"],
      ["plan_review", "approve"],
      ["merge", "merge"],
      ["task", "done"],
      ["budget", "raise"],
    ] as const;
    for (const [kind, answer] of passes) expect(open(kind, answer, [answer, "stop"])).toThrow(`a ${kind} gate must not answer itself`);
    // An answer that is no option would count as the other one.
    expect(open("attempts", "later", ["retry", "give_up"])).toThrow();
    expect(open("budget", "tomorrow", ["raise", "stop"])).not.toThrow();
    expect(open("ask", "ms", ["ms", "s"])).not.toThrow();
  });

  test.each([1, 2, 3] as const)("[gates.tier.pipeline] in tier %i the plan of a pipeline", (tier) => {
    const rule = { hash: "h", conditions: ["it is so"], text: "", tasks: [taskSpec("t1"), taskSpec("t2", ["t1"])], pipeline: "refactor" };
    const seats = [seatSpec("reviewer", "reviewer"), seatSpec("dev-0", "worker")];
    const world = World.started({ automation: tier }, seats, null, "s-test", null, rule);
    world.settle();
    if (tier === 1) return expect([world.state.tasks.get(T1)?.status, open(world)]).toEqual(["claimed", []]);
    expect(open(world)).toMatchObject([{ id: "g1", kind: "plan", options: ["approve", "stop"], fallback: null, deadlineAt: null }]);
    expect(world.state.gates.get("g1" as GateId)?.context).toContain("t2 (developer)");
    expect([world.state.status, world.state.tasks.size, [...world.state.sessions.values()].length]).toEqual(["running", 0, 0]);
    expect(world.send({ type: "finish_solo" })).toMatchObject({ ok: false });
    expect(reasons(world.state, world.now)[0]).toMatchObject({ code: "gate", next: { do: "answer", gate: "g1" } });
    world.now += 30 * 24 * 3_600_000;
    world.settle();
    expect(world.state.tasks.size).toBe(0);
    expect([...broken(world)]).toEqual([]);
    answer(world, "g1", "approve");
    world.settle();
    expect(world.state.plan).toMatchObject({ status: "approved", gate: null, approved: { pipeline: "refactor" } });
    expect([...world.state.tasks.values()].map(({ status }) => status)).toEqual(["claimed", "blocked"]);
    expect(replays(world)).toBe(true);
  });

  test("[gates.tier.one] without a tier an approval is enough, as it was", () => {
    const world = World.started();
    world.settle();
    world.as("queen", plan([taskSpec("t1")]));
    world.settle();
    world.as("reviewer", approval(world.state));
    expect(world.state.plan.status).toBe("approved");
    expect(open(world)).toEqual([]);
  });
});

describe("[gates.tier.merge] a task its review approves waits for a person before it merges", () => {
  function waiting(): World {
    const world = reviewed(3);
    answer(world, "g1", "approve");
    world.settle();
    approveTask(world);
    return world;
  }

  test("merge lets this commit merge", () => {
    const world = waiting();
    const sha = world.state.tasks.get(T1)?.sha;
    expect(open(world)).toMatchObject([{ id: "g2", kind: "merge", task: "t1", effect: sha, options: ["merge", "return", "give_up"] }]);
    expect(world.state.tasks.get(T1)?.status).toBe("approved");
    expect(reasons(world.state, world.now).find(({ id: of }) => of === "t1")).toMatchObject({ code: "gate" });
    expect(world.send({ type: "begin_merge", task: T1 })).toMatchObject({ ok: false, refusal: { code: "WAITING_HUMAN" } });
    answer(world, "g2", "merge");
    world.settle();
    expect(world.state.tasks.get(T1)?.status).toBe("merged");
  });

  test("returned with words it goes back to its author, and the next commit is asked about again", () => {
    const world = waiting();
    answer(world, "g2", "return: the error is swallowed");
    expect(world.state.tasks.get(T1)).toMatchObject({ status: "open", findingsCount: 1, findings: expect.stringContaining("swallowed") });
    world.settle();
    expect(world.state.tasks.get(T1)).toMatchObject({ status: "claimed", attempt: 2 });
    approveTask(world);
    expect(open(world)).toMatchObject([{ id: "g3", kind: "merge" }]);
    expect(world.state.tasks.get(T1)?.status).toBe("approved");
  });

  test("given up it fails; cancelled meanwhile its gate is closed by itself", () => {
    const lost = waiting();
    answer(lost, "g2", "give_up");
    expect(lost.state.tasks.get(T1)?.status).toBe("failed");
    const world = waiting();
    world.as("queen", { type: "cancel_task", task: T1, why: "not needed" });
    world.settle();
    expect(world.state.gates.get("g2" as GateId)).toMatchObject({ status: "answered", answer: "gone", answeredBy: "engine" });
    expect(answer(world, "g2", "merge")).toMatchObject({ ok: false, refusal: { code: "GATE_ANSWERED" } });
    expect(world.state.tasks.get(T1)?.status).toBe("cancelled");
  });

  test("[gates.fence] who is not the operator lets nothing through, and an answer speaks of its own commit alone", () => {
    const world = waiting();
    const command = { type: "answer_gate", gate: "g2" as GateId, answer: "merge" } as const;
    for (const actor of [world.by("queen"), world.engine])
      expect(world.send(command, actor)).toMatchObject({ ok: false, refusal: { code: "NOT_ALLOWED" } });
    const stale = { ...world.state.tasks.get(T1), sha: "another" };
    world.state.tasks.set(T1, stale as never);
    const decision = answer(world, "g2", "merge");
    expect(decision.ok && decision.events.map(({ type }) => type)).toEqual(["gate_answered"]);
    expect(world.state.tasks.get(T1)?.cleared).toBeUndefined();
  });
});

test("[gates.tier.property] in any order of commands no task begins and no commit merges without a person's word for it", () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 60, maxLength: 120, size: "max" }), (moves) => {
      const world = reviewed(3, [taskSpec("t1"), taskSpec("t2")]);
      const [plans, commits] = [new Set<number>(), new Set<string>()];
      for (const one of moves) {
        const known = world.history.length;
        // The engine keeps up, so that short runs come as far as a merge.
        if (one.kind < 40) world.settle();
        const sent = one.kind < 40 ? null : interpret(world, one);
        if (sent) world.send(sent.command, sent.actor);
        for (const entry of world.history.slice(known))
          for (const event of entry.events) {
            // The gate of a plan, or of a commit: whatever else is answered says nothing about them.
            const said = entry.command.type === "answer_gate" && entry.actor.kind === "operator";
            if (event.type === "plan_reviewed" && event.approved && said) plans.add(event.revision);
            if (event.type === "merge_cleared" && said) commits.add(`${event.task} ${event.sha}`);
            if (event.type === "task_claimed") expect(plans.size).toBeGreaterThan(0);
            if (event.type === "task_merged") expect(commits).toContain(`${event.task} ${world.state.tasks.get(event.task)?.sha}`);
          }
        expect([...broken(world)]).toEqual([]);
        expect([...dueRefused(world, (command) => decide(world.state, command, world.engine, world.now))]).toEqual([]);
      }
      expect(replays(world)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("[gates.then] every answer of every gate but an agent's own says what happens then", () => {
  const world = reviewed(3);
  answer(world, "g1", "approve");
  world.settle();
  approveTask(world);
  const gates = [...world.state.gates.values()];
  expect(gates).toHaveLength(2);
  for (const { kind, options } of gates) for (const option of options) expect(meaningOf(kind, option), `${kind} ${option}`).toBeTruthy();
  expect(meaningOf("ask", "constructor")).toBeNull();
  expect(world.state.tasks.get("t1" as TaskId)?.gate).toBe("g2");
});
