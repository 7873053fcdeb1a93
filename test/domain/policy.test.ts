/** What a task that fails for good means for the rest of its plan. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderBriefing } from "../../src/domain/briefing.ts";
import { type TaskFacts, taskFacts } from "../../src/domain/briefing-facts.ts";
import type { Command } from "../../src/domain/commands.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Event } from "../../src/domain/events.ts";
import { eventLine } from "../../src/domain/feed.ts";
import { OVER, POLICIES, type Policy, type TaskSpec } from "../../src/domain/model.ts";
import { textsFrom } from "../../src/domain/prose.ts";
import { reasons } from "../../src/domain/why.ts";
import { broken, dueRefused, replays } from "./invariants.ts";
import { interpret, move } from "./moves.ts";
import { carryOut, status, withPlan } from "./policy-world.ts";
import { disagreements } from "./why-agrees.ts";
import { taskSpec, type World } from "./world.ts";

const LIMITS = { attempts: 1 };
const fails = (...ids: string[]) => new Set(ids);
const lines = (world: World): readonly string[] => world.history.flatMap(({ events }) => events.flatMap((event) => eventLine(event) ?? []));

/** t1 ← t2 ← t3, and t4 beside them. */
const CHAIN = [taskSpec("t1"), taskSpec("t2", ["t1"]), taskSpec("t3", ["t2"]), taskSpec("t4")];
const critical = (id: string): readonly TaskSpec[] => CHAIN.map((spec) => (spec.id === id ? { ...spec, critical: true } : spec));

describe("continue_best_effort", () => {
  test("[policy.best-effort] what does not come after the failed task goes on, and the swarm ends failed with what is missing", () => {
    for (const policy of ["continue_best_effort", undefined] as const) {
      const world = withPlan(CHAIN, policy, LIMITS);
      carryOut(world, fails("t1"));
      expect(["t1", "t2", "t3", "t4"].map((id) => status(world, id))).toEqual(["failed", "blocked", "blocked", "merged"]);
      expect([world.state.status, world.state.ending]).toEqual(["failed", "t1 was given up; t2, t3 waited for that"]);
      expect(lines(world)).toContain("t2, t3 cannot begin: t1 failed");
    }
  });

  test("[policy.best-effort] with every task merged it is complete", () => {
    const world = withPlan(CHAIN, "continue_best_effort", LIMITS);
    carryOut(world);
    expect(world.state.status).toBe("completed");
  });

  test("[policy.why] what can never begin says which task failed, however far away that is", () => {
    const world = withPlan([...CHAIN, taskSpec("t5")], undefined, LIMITS);
    carryOut(world, fails("t1"), () => {});
    const early = withPlan(CHAIN, undefined, LIMITS);
    early.settle();
    early.as("dev-0", { type: "release_task", task: "t1" as never, attempt: 1, reason: "stuck", detail: "", line: "stuck" });
    const [gate] = early.state.openGates;
    early.must({ type: "answer_gate", gate: gate as never, answer: "give_up" }, { kind: "operator" });
    const said = reasons(early.state, early.now).filter(({ of, id }) => of === "task" && (id === "t2" || id === "t3"));
    expect(said.map(({ code, text }) => [code, text])).toEqual([
      ["dependency_failed", "waits for t1 (failed): it cannot begin"],
      ["dependency_failed", "waits for t1 (failed): it cannot begin"],
    ]);
    expect([...disagreements(early)]).toEqual([]);
  });
});

describe("abort", () => {
  test("[policy.first-fail] the first failure ends the swarm, and what runs beside it ends with its work kept", () => {
    const world = withPlan(CHAIN, "abort_on_first_fail", LIMITS);
    world.settle();
    const [one, other] = [...world.state.tasks.values()].filter((task) => task.status === "claimed");
    world.as(one?.seat as string, { type: "release_task", task: one?.id as never, attempt: 1, reason: "stuck", detail: "", line: "stuck" });
    const [gate] = world.state.openGates;
    expect(world.state.gates.get(gate as never)?.question).toContain("it ends the swarm (abort_on_first_fail)");
    world.must({ type: "answer_gate", gate: gate as never, answer: "give_up" }, { kind: "operator" });
    expect([world.state.status, world.state.ending]).toEqual([
      "failed",
      `${one?.id} failed: the policy abort_on_first_fail ends the swarm`,
    ]);
    expect([status(world, other?.id as string), world.state.tasks.get(other?.id as never)?.history.at(-1)?.result]).toEqual([
      "cancelled",
      "cancelled",
    ]);
    world.settle();
    expect(world.state.tasks.get(other?.id as never)?.prior?.sha).toBe(`saved-${other?.id}-1`);
    expect([world.state.sessions.size, world.state.closed]).toEqual([0, true]);
  });

  test("[policy.critical] a critical task that fails, or comes after one that does, ends the swarm; another does not", () => {
    const ends = (id: string): unknown => {
      const world = withPlan(critical(id), "abort_on_critical_fail", LIMITS);
      carryOut(world, fails("t1"));
      return world.state.ending;
    };
    expect(ends("t1")).toBe("t1 failed and is critical: the policy abort_on_critical_fail ends the swarm");
    expect(ends("t3")).toBe("t1 failed and t3, which is critical, comes after it: the policy abort_on_critical_fail ends the swarm");
    expect(ends("t4")).toBe("t1 was given up; t2, t3 waited for that");
  });

  test("[policy.amendment] an amendment that names no policy keeps the one in force", () => {
    const world = withPlan(CHAIN, "abort_on_first_fail", LIMITS);
    const plan = { ...{ revision: 2, hash: "h2", by: "engine" as const, goal: "g", conditions: ["it works"], text: "" }, tasks: CHAIN };
    world.remember({
      at: world.now,
      events: [
        { type: "plan_submitted", plan: { ...plan, partial: false, cancels: [], at: 0 }, deadlineAt: 0 },
        { type: "plan_reviewed", revision: 2, by: "operator", approved: true, findings: null, findingsCount: 0 },
      ],
    });
    expect(world.state.plan.approved?.policy).toBe("abort_on_first_fail");
  });
});

describe("escalation", () => {
  const chain = CHAIN.map((spec) => (spec.id === "t1" ? { ...spec, escalate: "senior", critical: true as const } : spec));

  test("[escalation.recovers] the role it escalates to takes a failed task up, and when that is merged its dependants begin", () => {
    const world = withPlan(chain, "abort_on_first_fail", LIMITS);
    carryOut(world, fails("t1"));
    expect(["t1", "t1-recovery", "t2", "t3", "t4"].map((id) => status(world, id))).toEqual(["failed", ...Array(4).fill("merged")]);
    expect(world.state.status).toBe("completed");
    expect([...world.state.gates.values()]).toEqual([]);
    expect(lines(world)).toContain("t1 is taken up as t1-recovery: its failure escalates to the role senior");
  });

  test("[escalation.briefed] it begins with what was tried, may spend half as much again, and its reviewer is no author of either", () => {
    const budgets = { swarm: NO, task: { ...NO, turns: 3, usd: 2 }, agent: NO, day: NO };
    const world = withPlan([taskSpec("t1", [], { escalate: "senior", caps: { turns: 5 } })], undefined, { ...LIMITS, budgets });
    world.settle();
    const at = { task: "t1" as never, attempt: 1 };
    world.as("dev-0", { type: "release_task", ...at, reason: "stuck", detail: "no way", line: "no way" });
    const saved = () => world.state.tasks.get("t1-recovery" as never);
    expect(reasons(world.state, world.now).find(({ id }) => id === "t1-recovery")?.text).toContain("its last work is saved when");
    expect([...disagreements(world)]).toEqual([]);
    world.endTurn("dev-0");
    world.settle();
    expect(saved()).toMatchObject({
      ...{ seat: "senior-0", attempt: 2, attemptsCap: 2, caps: { turns: 8, usd: 3 }, recovers: "t1" },
      ...{ prior: { sha: "saved-t1-1", attempt: 1 }, authors: ["dev-0", "senior-0"] },
      history: [{ attempt: 1, seat: "dev-0", result: "released", why: "stuck: no way" }],
    });
    const told = renderBriefing(taskFacts(world.state, "t1-recovery" as never) as TaskFacts, textsFrom(new Map()));
    expect(told).toContain("t1 failed, and this task takes it up. What follows was tried as t1 too.");
    expect(told).toContain("| attempt 1: released, stuck: no way");
  });

  test("[escalation.once] a recovery that fails does not escalate again: the policy applies, and names the task", () => {
    const world = withPlan(chain, "abort_on_critical_fail", LIMITS);
    carryOut(world, fails("t1", "t1-recovery"));
    expect([status(world, "t1-recovery"), world.state.status, world.state.ending]).toEqual([
      ...["failed", "failed"],
      "t1 failed and is critical: the policy abort_on_critical_fail ends the swarm",
    ]);
    expect([...world.state.tasks.keys()]).toHaveLength(5);
  });
});

test("[policy.caps] a task's own caps stand in place of those of every task, and only where it names one", () => {
  const budgets = { swarm: NO, task: { ...NO, turns: 9, minutes: 30 }, agent: NO, day: NO };
  const world = withPlan([taskSpec("t1", [], { caps: { turns: 1 } }), taskSpec("t2")], undefined, { budgets });
  world.settle();
  for (const seat of ["dev-0", "dev-1"]) world.endTurn(seat);
  const gates = () => [...world.state.gates.values()].map(({ title }) => title);
  expect(gates()).toEqual(["the budget of t1 is used up: 1 turn"]);
  world.must({ type: "answer_gate", gate: "g1" as never, answer: "raise" }, { kind: "operator" });
  expect(world.history.at(-1)?.events).toContainEqual({ type: "budget_raised", to: 2, scope: "task:t1", what: "turns" });
});

const NO = { usd: null, tokens: null, turns: null, minutes: null, agents: null };

/** Random plans without circles: each task comes after some of those before it. */
const graph = fc
  .array(fc.record({ after: fc.nat({ max: 63 }), critical: fc.boolean(), escalate: fc.boolean(), human: fc.boolean() }), {
    minLength: 2,
    maxLength: 6,
  })
  .map((drafts) =>
    drafts.map(({ after, critical, escalate, human }, index) =>
      taskSpec(
        `t${index}`,
        drafts.slice(0, index).flatMap((_, before) => ((after >> before) & 1 ? [`t${before}`] : [])),
        { ...(critical ? { critical: true } : {}), ...(escalate ? { escalate: "senior" } : {}), ...(human ? { human: true } : {}) },
      ),
    ),
  );

test("[policy.property] whatever fails: a swarm aborts exactly when its policy says so, nothing begins after that, and nothing behind a failure", () => {
  const failing = fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 3 });
  const drawn = fc.tuple(graph, failing, failing, fc.constantFrom<Policy>(...POLICIES));
  fc.assert(
    fc.property(drawn, ([specs, bad, worse, policy]) => {
      const world = withPlan(specs, policy, LIMITS);
      const lost = new Set([...bad.map((n) => `t${n}`), ...worse.map((n) => `t${n}-recovery`)]);
      const seen: Event[] = [];
      carryOut(world, lost, (events) => {
        seen.push(...events);
        expect([...broken(world)]).toEqual([]);
        expect([...disagreements(world)]).toEqual([]);
      });
      const { state } = world;
      expect(OVER.has(state.status)).toBe(true);
      const settled = (id: string): boolean => [id, `${id}-recovery`].some((one) => status(world, one) === "merged");
      const gone = specs
        .filter(({ id, escalate }) => lost.has(id) && (!escalate || lost.has(`${id}-recovery`)))
        .map(({ id }) => id as string);
      // It really came to that: a failing task behind another failure never began.
      const failed = gone.filter((id) => status(world, id) === "failed" && !settled(id));
      const behind = (id: string): boolean =>
        specs.some((spec) => spec.id === id && spec.after.some((one) => failed.includes(one) || behind(one)));
      const counts = (id: string): boolean => specs.some((one) => one.critical && (one.id === id || reaches(specs, one.id, id)));
      const aborts = policy === "abort_on_first_fail" ? failed.length > 0 : policy === "abort_on_critical_fail" && failed.some(counts);
      expect(typeof state.ending === "string" && state.ending.includes(`the policy ${policy} ends`)).toBe(aborts);
      expect(state.status === "completed").toBe(specs.every(({ id }) => settled(id)));
      if (!aborts) for (const { id } of specs) expect(settled(id), id).toBe(!failed.includes(id) && !behind(id));
      const end = seen.findIndex(({ type }) => type === "swarm_ended");
      expect(seen.slice(end + 1).filter(({ type }) => type === "task_claimed" || type === "session_wanted")).toEqual([]);
      const begun = seen.flatMap((event) => (event.type === "task_claimed" ? [event.task as string] : []));
      expect(begun.filter((id) => behind(id))).toEqual([]);
      const recoveries = seen.flatMap((event) => (event.type === "recovery_opened" ? [event.task] : []));
      expect(new Set(recoveries).size).toBe(recoveries.length);
      expect(replays(world)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

/** Everything a plan may say, under commands in any order, forged and senseless ones among them. */
const MIXED = [
  taskSpec("t1", [], { escalate: "senior", caps: { turns: 6 } }),
  taskSpec("t2", ["t1"], { human: true, files: [] }),
  taskSpec("t3", ["t1", "t2"], { critical: true }),
  taskSpec("t4", [], { escalate: "senior", report: true, files: [] }),
  taskSpec("t5", ["t4"], { human: true, files: [] }),
];
const ROUGH = { attempts: 2, rounds: 2, lapses: 2, refusals: 2, effectTries: 3, turns: 8, verify: "always" as const, batch: 2 };

test.each(POLICIES)("[policy.any-order] %s: any order of commands keeps every invariant, and each state explains itself", (policy) => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 250, size: "max" }), (moves) => {
      const world = withPlan(MIXED, policy, ROUGH);
      for (const one of moves) {
        const sent = interpret(world, one);
        if (sent) world.send(sent.command, sent.actor);
        const trail = `after ${JSON.stringify(world.history.map(({ command }) => command.type))}`;
        expect([...broken(world), ...disagreements(world)], trail).toEqual([]);
        const due = (command: Command) => decide(world.state, command, world.engine, world.now);
        expect([...dueRefused(world, due)], trail).toEqual([]);
      }
      expect(replays(world)).toBe(true);
    }),
    { numRuns: Number(process.env.SKEP_PROPERTY_RUNS ?? 12), interruptAfterTimeLimit: 15_000, endOnFailure: true },
  );
});

const reaches = (specs: readonly TaskSpec[], from: string, to: string): boolean =>
  specs.some(({ id, after }) => id === from && after.some((one) => one === to || reaches(specs, one, to)));
