/** Questions a person is asked about what several do together, and the time each part may take. */
import { describe, expect, test } from "vitest";
import type { ModeKind } from "../../src/domain/modes/mode.ts";
import { react } from "../../src/domain/react.ts";
import { at, begun, collab, give, modeSpec, path, seatOf, step, task } from "./modes-kit.ts";
import { taskSpec, type World } from "./world.ts";

const KINDS: readonly ModeKind[] = ["parallel", "sequential", "review", "circling"];
const gate = (world: World) => world.state.gates.get([...world.state.openGates][0] as never);

describe("[mode.gate] a person is asked where the tier says so, and wherever a vote says blocked", () => {
  const answer = (world: World, what: string): void => {
    world.must({ type: "answer_gate", gate: gate(world)?.id as never, answer: what }, { kind: "operator" });
    world.settle();
  };
  const asked = (world: World): readonly unknown[] => [gate(world)?.kind, gate(world)?.options];
  const OPTIONS = ["mode", ["go_on", "another_round", "give_up"]];

  test("tier 2: once, before the end", () => {
    const world = begun(modeSpec("circling", { tier: 2, rounds: 2 }));
    expect(path(world, "continue")).toEqual(["init 1", "analyse 1", "refine 1", "analyse 2", "refine 2"]);
    expect(asked(world)).toEqual(OPTIONS);
    answer(world, "go_on");
    expect(path(world, "converged")).toEqual(["final 2"]);
    expect(collab(world).done).toBe("converged");
  });

  test("tier 3: after each round; a rejected gate adds a round", () => {
    const world = begun(modeSpec("circling", { tier: 3, rounds: 1 }));
    path(world, "continue");
    answer(world, "another_round");
    expect([at(world), collab(world).rounds]).toEqual(["analyse 2", 2]);
    path(world, "continue");
    expect(asked(world)).toEqual(OPTIONS);
    answer(world, "another_round");
    expect([at(world), collab(world).rounds]).toEqual(["analyse 3", 3]);
    path(world, "converged");
    answer(world, "go_on");
    expect(at(world)).toBe("final 3");
  });

  test.each(KINDS)("%s: one blocked vote is enough", (kind) => {
    const world = begun(modeSpec(kind));
    path(world, "blocked");
    expect(asked(world)).toEqual(OPTIONS);
    expect(gate(world)?.question).toContain("blocked");
    answer(world, "give_up");
    expect(task(world).status).toBe("failed");
    expect([...world.state.seats.values()].filter((seat) => seat.collab)).toEqual([]);
  });

  test("a blocked vote at the last sign-off is asked about, and another round begins with the reviewers' eyes", () => {
    const world = begun(modeSpec("circling", { rounds: 1 }));
    while (at(world) !== "final 1") step(world, "converged");
    step(world, { worker: "converged", rev_a: "blocked", rev_b: "converged" });
    expect(asked(world)).toEqual(OPTIONS);
    answer(world, "another_round");
    expect([at(world), collab(world).rounds]).toEqual(["analyse 2", 2]);
  });

  test("nobody is lost and nothing goes on while a person is asked, and the others do other work", () => {
    const world = begun(modeSpec("circling", { tier: 2, rounds: 1 }), { tasks: [taskSpec("t2")] });
    path(world, "continue");
    world.now += 10 * 24 * 3_600_000;
    expect(world.due().filter(({ type }) => type === "lose_places" || type === "end_step")).toEqual([]);
    expect(collab(world).places.map(({ lost }) => lost)).toEqual([null, null, null]);
    expect([...world.state.seats.values()].filter((seat) => seat.collab)).toEqual([]);
    world.settle();
    answer(world, "go_on");
    expect([collab(world).stage, at(world)]).toEqual(["working", "final 1"]);
  });
});

describe("[mode.deadline] a step's time is in the log", () => {
  const lost = (world: World): readonly (string | null)[] => collab(world).places.map((one) => one.lost);
  const OVER = "its time for the step is over";

  test("whoever gave nothing in time is lost, and the step ends without them", () => {
    const world = begun(modeSpec("parallel", { stepMinutes: 10 }));
    give(world, "a", { vote: "continue" });
    give(world, "b", { vote: "continue" });
    world.settle();
    expect(react(world.state, world.now).wakeAt).toBeLessThanOrEqual(collab(world).turns[2]?.until ?? 0);
    world.now += 10 * 60_000;
    world.settle();
    expect(lost(world)).toEqual([null, null, OVER]);
    expect(at(world)).toBe("work 2");
  });

  test("a person who is asked by a participant stops its clock", () => {
    const world = begun(modeSpec("parallel", { stepMinutes: 10 }));
    const question = { title: "which?", question: "which?", options: ["x"], fallback: null, minutes: null };
    world.as(seatOf(world, "b"), { type: "ask_human", ...question });
    world.endTurn(seatOf(world, "b"));
    give(world, "a");
    give(world, "c");
    world.now += 3_600_000;
    world.settle();
    expect(lost(world)).toEqual([null, null, null]);
    world.must({ type: "answer_gate", gate: gate(world)?.id as never, answer: "x" }, { kind: "operator" });
    world.now += 9 * 60_000;
    world.settle();
    expect(lost(world)).toEqual([null, null, null]);
  });

  test("the time in which no host was there is nobody's", () => {
    const world = begun(modeSpec("parallel", { stepMinutes: 10 }));
    world.now += 12 * 3_600_000;
    world.must({ type: "take_lease", over: 1, holder: { id: "h2", pid: 9, start: "1", machine: "m", boot: "b" }, address: "x" });
    expect(world.due().filter(({ type }) => type === "lose_places")).toEqual([]);
    world.doOwed("start_session");
    world.now += 9 * 60_000;
    world.settle();
    expect(lost(world)).toEqual([null, null, null]);
    step(world);
    expect(collab(world).done).toBe("converged");
  });

  test("a swarm that was paused gives the whole time again", () => {
    const world = begun(modeSpec("parallel", { stepMinutes: 10 }));
    world.must({ type: "pause_swarm" }, { kind: "operator" });
    world.now += 3_600_000;
    world.must({ type: "resume_swarm" }, { kind: "operator" });
    expect(world.due().filter(({ type }) => type === "lose_places")).toEqual([]);
  });
});
