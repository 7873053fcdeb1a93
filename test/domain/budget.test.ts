/** Budgets of task, agent, swarm and day: warned of, held at a gate, raised, and nothing lost. */
import { expect, test } from "vitest";
import { evolve } from "../../src/domain/evolve.ts";
import { type Caps, DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { react } from "../../src/domain/react.ts";
import { dayEnd, dayOf } from "../../src/domain/spend.ts";
import { swarmView } from "../../src/domain/view.ts";
import { approval, plan, seatSpec, taskSpec, World } from "./world.ts";

type Scoped = { readonly [S in "swarm" | "task" | "agent" | "day"]?: Partial<Caps & { agents: number }> };
function started(caps: Scoped): World {
  const none = DEFAULT_LIMITS.budgets;
  const budgets = {
    swarm: { ...none.swarm, ...caps.swarm },
    task: { ...none.task, ...caps.task },
    agent: { ...none.agent, ...caps.agent },
    day: { ...none.day, ...caps.day },
  };
  return World.started({ budgets });
}
/** dev-0 works at t1; three turns were had: the queen's, the reviewer's, and the one that runs. */
function working(caps: Scoped): World {
  const world = started(caps);
  world.settle();
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2", ["t1"])]));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}
const gates = (world: World) => [...world.state.openGates].flatMap((id) => world.state.gates.get(id) ?? []);
const answer = (world: World, text: string) =>
  world.must({ type: "answer_gate", gate: gates(world)[0]?.id as never, answer: text }, { kind: "operator" });
const turns = (world: World) =>
  react(world.state, world.now).effects.filter(({ kind }) => kind === "start_turn" || kind === "start_session");

test("[budget.task] a task that used its budget is parked with its session, and goes on in it when a person allows more", () => {
  const world = working({ task: { turns: 2 } });
  const session = world.session("dev-0").id;
  world.endTurn("dev-0");
  world.settle();
  expect(gates(world)).toEqual([]);
  world.endTurn("dev-0");
  world.settle();
  expect(gates(world)).toMatchObject([{ kind: "budget", task: "t1", options: ["raise", "give_up", "stop"] }]);
  expect(turns(world)).toEqual([]);
  expect(world.state).toMatchObject({ status: "running" });
  expect(swarmView(world.state).agents).toContainEqual(
    expect.objectContaining({ agent: "dev-0", doing: expect.stringContaining("parked") }),
  );
  answer(world, "raise");
  world.settle();
  expect(world.session("dev-0")).toMatchObject({ id: session, turn: "running" });
  expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "claimed", attempt: 1, spent: { turns: 2 } });
});

test("[budget.task.done] a task that is handed in with its last turn needs no more budget until somebody has to work on it again", () => {
  const world = working({ task: { turns: 1 } });
  world.as("dev-0", { type: "submit_task", task: "t1" as never, attempt: 1, evidence: [1, 2], submission: "did" });
  world.endTurn("dev-0");
  // The review would be a turn on this task: it is not started before a person was asked.
  world.settle();
  expect(gates(world)).toMatchObject([{ kind: "budget", task: "t1" }]);
  expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "reviewing", reviewer: null });
  answer(world, "raise");
  world.settle();
  expect(world.state.tasks.get("t1" as never)?.reviewer).toBe("reviewer");
});

test("[budget.task.give-up] a parked task can be given up; its work stays", () => {
  const world = working({ task: { turns: 1 } });
  world.endTurn("dev-0");
  world.settle();
  answer(world, "give_up");
  expect(world.state.tasks.get("t1" as never)).toMatchObject({ status: "failed", unsaved: { seat: "dev-0", attempt: 1 } });
});

test("[budget.agent] an agent that used its budget gets no turn and no job; the others go on", () => {
  const world = working({ agent: { tokens: 30 } });
  world.endTurn("dev-0");
  world.endTurn("dev-0");
  world.settle();
  expect(gates(world)).toMatchObject([{ kind: "budget", seat: "dev-0" }]);
  expect(world.state.seats.get("dev-0" as never)).toMatchObject({ gate: "g1", spent: { tokens: 30 } });
  answer(world, "raise");
  world.settle();
  expect(world.session("dev-0").turn).toBe("running");
});

test("[budget.warn] at four fifths of a cap there is one warning", () => {
  const world = working({ swarm: { turns: 5 } });
  world.endTurn("dev-0");
  world.settle();
  expect(swarmView(world.state).budgets).toEqual([]);
  world.endTurn("dev-0");
  expect(swarmView(world.state).budgets).toEqual(["the swarm used 4 turns of 5 turns"]);
  const warned = world.history.flatMap(({ events }) => events.filter(({ type }) => type === "budget_warned"));
  expect(warned).toHaveLength(1);
});

test("[budget.minutes] a swarm has its running time; the time it was paused is not counted", () => {
  const world = started({ swarm: { minutes: 10 } });
  world.settle();
  world.now += 4 * 60_000;
  world.must({ type: "pause_swarm" }, { kind: "operator" });
  world.now += 60 * 60_000;
  world.must({ type: "resume_swarm" }, { kind: "operator" });
  world.now += 5 * 60_000;
  expect(react(world.state, world.now).due).not.toContainEqual({ type: "enforce_budget" });
  world.now += 60_000;
  world.settle();
  expect(world.state.status).toBe("paused");
  expect(gates(world)).toMatchObject([{ kind: "budget", title: "the budget of the swarm is used up: 10 minutes" }]);
  expect(world.send({ type: "resume_swarm" }, { kind: "operator" })).toMatchObject({ ok: false, refusal: { code: "BUDGET_SPENT" } });
});

test("[budget.day] what other swarms spent today counts, and the next day lets the swarm go on by itself", () => {
  const world = working({ day: { usd: 1 } });
  world.must({ type: "record_elsewhere", day: dayOf(world.now), usd: 0.9, tokens: 0, turns: 0 });
  expect(world.state.status).toBe("running");
  world.must({ type: "record_elsewhere", day: dayOf(world.now), usd: 0.99, tokens: 0, turns: 0 });
  expect(world.state.status).toBe("paused");
  expect(gates(world)).toMatchObject([{ kind: "budget", fallback: "tomorrow", deadlineAt: dayEnd(world.now) }]);
  world.now = dayEnd(world.now);
  world.settle();
  expect(world.state.status).toBe("running");
  expect(world.state.openGates.size).toBe(0);
});

test("[budget.day.raised] what was allowed and warned of on one day is over with that day", () => {
  const world = working({ day: { usd: 1 } });
  const elsewhere = (usd: number) => world.must({ type: "record_elsewhere", day: dayOf(world.now), usd, tokens: 0, turns: 0 });
  const warnings = () => world.history.flatMap(({ events }) => events.filter(({ type }) => type === "budget_warned")).length;
  elsewhere(0.9);
  expect(warnings()).toBe(1);
  elsewhere(1);
  answer(world, "raise");
  elsewhere(1.5);
  expect(world.state.status).toBe("running");
  world.now = dayEnd(world.now);
  expect(swarmView(world.state).budgets).toEqual([]);
  elsewhere(0.9);
  expect(warnings()).toBe(2);
  elsewhere(1);
  expect(world.state.status).toBe("paused");
});

test("[budget.pause] a budget that is raised, or a day that is over, does not end the pause of a person", () => {
  const pause = (world: World) => world.must({ type: "pause_swarm" }, { kind: "operator" });
  const resume = (world: World) => world.send({ type: "resume_swarm" }, { kind: "operator" });
  const world = working({ swarm: { turns: 3 } });
  pause(world);
  world.endTurn("dev-0");
  answer(world, "raise");
  expect(world.state.status).toBe("paused");
  expect(resume(world).ok).toBe(true);

  const later = working({ day: { usd: 1 } });
  later.must({ type: "record_elsewhere", day: dayOf(later.now), usd: 1, tokens: 0, turns: 0 });
  pause(later);
  later.now = dayEnd(later.now);
  later.settle();
  expect(later.state.openGates.size).toBe(0);
  expect(later.state.status).toBe("paused");
  expect(resume(later).ok).toBe(true);
});

test("[budget.agents] no more agents join than the budget allows", () => {
  const world = started({ swarm: { agents: 4 } });
  expect(world.send({ type: "spawn_seat", seat: seatSpec("reviewer-1", "reviewer") }, { kind: "operator" })).toMatchObject({
    ok: false,
    refusal: { code: "CAP_REACHED", next: expect.stringContaining("budgets.swarm.agents") },
  });
});

test("[budget.gates] a budget that is used up holds an agent until that very gate is answered, whatever else is asked about the agent", () => {
  const world = working({ agent: { tokens: 30 } });
  const other = { options: ["retry", "stop"], fallback: null, deadlineAt: null, task: null, seat: "dev-0" as never, effect: null };
  world.endTurn("dev-0");
  world.endTurn("dev-0");
  world.settle();
  const [budget] = gates(world);
  const seat = { ...other, id: "g2" as never, kind: "seat" as const, title: "failed", question: "?", openedAt: world.now };
  evolve(world.state, { type: "gate_opened", gate: seat }, world.now);
  expect(turns(world)).toEqual([]);
  world.must({ type: "answer_gate", gate: seat.id, answer: "retry" }, { kind: "operator" });
  world.settle();
  expect(turns(world)).toEqual([]);
  expect(world.state.seats.get("dev-0" as never)?.gate).toBe(budget?.id);
  answer(world, "raise");
  world.settle();
  expect(world.session("dev-0").turn).toBe("running");
  expect(world.state.seats.get("dev-0" as never)?.gate).toBe(null);
});
