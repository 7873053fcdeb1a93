/** Each mode to its convergence, to its cap, through the death of a participant, and past the questions a person is asked. */
import { describe, expect, test } from "vitest";
import type { ModeKind, Vote } from "../../src/domain/modes/mode.ts";
import { swarmView } from "../../src/domain/view.ts";
import { at, begun, CREW, collab, dies, give, handIn, later, lose, modeSpec, path, seatOf, step, T1, task } from "./modes-kit.ts";
import { seatSpec, type World } from "./world.ts";

const KINDS: readonly ModeKind[] = ["parallel", "sequential", "review", "circling"];

const CONVERGES: Readonly<Record<ModeKind, readonly string[]>> = {
  parallel: ["work 1"],
  sequential: ["turn 1 a", "turn 1 b", "turn 1 c"],
  review: ["write 1", "review 1"],
  circling: ["init 1", "analyse 1", "refine 1", "final 1"],
};
test.each(KINDS)("[mode.converged] %s ends when its votes agree, and its lead hands in the result as any other", (kind) => {
  const world = begun(modeSpec(kind));
  expect(swarmView(world.state).moving[0]?.note).toMatch(/^done together, step 1: \w+ of round 1$/);
  expect(path(world, "converged")).toEqual(CONVERGES[kind]);
  expect(collab(world).done).toBe("converged");
  expect([...world.state.seats.values()].filter((seat) => seat.collab)).toEqual([]);
  handIn(world);
  expect(task(world)).toMatchObject({ status: "reviewing", attempt: 1 });
  const authors = kind === "parallel" || kind === "sequential" ? ["dev-0", "dev-1", "dev-2"] : ["dev-0"];
  expect([...task(world).authors].sort()).toEqual(authors);
  expect(task(world).authors.at(-1)).toBe(seatOf(world, collab(world).places[0]?.place ?? ""));
});

const CAPPED: Readonly<Record<ModeKind, readonly string[]>> = {
  parallel: ["work 1", "work 2"],
  sequential: ["turn 1 a", "turn 1 b", "turn 1 c", "turn 2 a", "turn 2 b", "turn 2 c"],
  review: ["write 1", "review 1", "write 2", "review 2"],
  circling: ["init 1", "analyse 1", "refine 1", "analyse 2", "refine 2", "final 2"],
};
test.each(KINDS)("[mode.cap] %s without agreement ends at its rounds", (kind) => {
  for (const vote of ["continue", null] as const) {
    const world = begun(modeSpec(kind, { rounds: 2 }));
    expect(path(world, vote)).toEqual(CAPPED[kind]);
    expect(collab(world).done).toBe("rounds");
    handIn(world);
    expect(task(world).status).toBe("reviewing");
  }
});

test.each([
  ["parallel", "b", "work 2"],
  ["sequential", "b", "turn 2 a"],
  ["review", "rev_a", "write 2"],
  ["circling", "rev_a", "analyse 2"],
] as const)("[mode.death] %s goes on without %s, who died", (kind, place, then) => {
  const world = begun(modeSpec(kind, { rounds: 2 }));
  while (!collab(world).turns.some((turn) => turn.place === place)) step(world, "continue");
  dies(world, place);
  // Once more in the same step, then it is lost, and those who are left end the step.
  world.now += 60_000;
  world.settle();
  expect(world.session(seatOf(world, place)).job).toMatchObject({ kind: "collab", place });
  dies(world, place);
  world.settle();
  expect(collab(world).places.find((one) => one.place === place)?.lost).toBe("it crashed");
  expect(world.state.seats.get(seatOf(world, place))?.collab).toBeUndefined();
  while (collab(world).stage === "working" && at(world) !== then) step(world, "continue");
  expect(at(world)).toBe(then);
  path(world, "continue");
  handIn(world);
  expect(task(world).status).toBe("reviewing");
});

test.each([
  ["review", "worker", "its leader is lost"],
  ["circling", "worker", "its worker is lost"],
] as const)(
  "[mode.death.lead] %s cannot go on without %s: the attempt is over, and the next one begins together again",
  (kind, place, why) => {
    const world = begun(modeSpec(kind));
    step(world);
    if (kind === "review") step(world, "continue");
    lose(world, place);
    expect(task(world).history).toMatchObject([{ attempt: 1, result: "lapsed", why: expect.stringContaining(why) }]);
    expect(task(world)).toMatchObject({ unsaved: null, prior: { sha: "together-t1-1-1-worker" } });
    later(world);
    expect(task(world)).toMatchObject({ status: "claimed", attempt: 2 });
    expect(collab(world)).toMatchObject({ attempt: 2, stage: "working", start: "together-t1-1-1-worker" });
  },
);

test("[mode.death.lead] side by side the others end it, and the next attempt makes the result of it alone", () => {
  const world = begun(modeSpec("parallel"));
  lose(world, "a");
  step(world, { b: "converged", c: "converged" });
  expect(collab(world).done).toBe("converged");
  expect(task(world)).toMatchObject({ status: "claimed", attempt: 2 });
  handIn(world);
  expect(task(world)).toMatchObject({ status: "reviewing", attempt: 2 });
});

test("[mode.death.few] with one of its places left a mode is no mode: the attempt is over, nobody goes on alone", () => {
  const world = begun(modeSpec("parallel"));
  lose(world, "a");
  lose(world, "b");
  expect(task(world).history.at(-1)).toMatchObject({ result: "lapsed", why: expect.stringContaining("fewer than two") });
  later(world);
  expect(collab(world)).toMatchObject({ attempt: 2, stage: "working" });
});

describe("[mode.votes] a vote that is missing counts for nothing, and the quorum is of those who were recruited", () => {
  const after = (
    votes: Readonly<Record<string, Vote | null>>,
    more: Parameters<typeof modeSpec>[1],
    gone: readonly string[] = [],
  ): string => {
    const world = begun(modeSpec("parallel", { rounds: 5, ...more }));
    for (const place of gone) lose(world, place);
    step(world, votes);
    return collab(world).stage === "done" ? String(collab(world).done) : at(world);
  };
  const [yes, no] = ["converged", "continue"] as const;
  test.each([
    ["two of three are a majority", { a: yes, b: yes, c: no }, {}, [], "converged"],
    ["two of three are less than 0.7", { a: yes, b: yes, c: no }, { share: 0.7 }, [], "work 2"],
    ["a missing vote is on no side", { a: yes, b: yes, c: null }, {}, [], "converged"],
    ["one vote of three is no quorum", { a: yes, b: null, c: null }, {}, [], "work 2"],
    ["two of two left, of three", { b: yes, c: yes }, {}, ["a"], "converged"],
    ["one voice less in a unanimous round", { a: yes, b: yes, c: no }, { convergence: "unanimous" }, [], "work 2"],
    ["a missing one blocks unanimity", { a: yes, b: yes, c: null }, { convergence: "unanimous" }, [], "work 2"],
    ["all of them", { a: yes, b: yes, c: yes }, { convergence: "unanimous" }, [], "converged"],
    ["rounds are rounds", { a: yes, b: yes, c: yes }, { convergence: "rounds" }, [], "work 2"],
  ] as const)("%s", (_, votes, more, gone, wanted) => {
    expect(after(votes, more, gone)).toBe(wanted);
  });

  const four = [...CREW, seatSpec("dev-3", "worker")];
  test("two of two left are no quorum of four", () => {
    const seats = ["a", "b", "c", "d"].map((place) => ({ place, role: "developer" }));
    const world = begun(modeSpec("parallel", { seats }), { seats: four });
    lose(world, "a");
    lose(world, "b");
    step(world, { c: yes, d: yes });
    expect([at(world), collab(world).done]).toEqual(["work 2", null]);
  });

  test.each([
    [yes, "converged"],
    [no, null],
  ] as const)("one who votes %s and leaves is not waited for, and the vote stands", (vote, done) => {
    const world = begun(modeSpec("parallel", { convergence: "unanimous" }), { seats: four });
    give(world, "c", { vote });
    world.must({ type: "stop_seat", seat: seatOf(world, "c") }, { kind: "operator" });
    world.settle();
    expect(collab(world).places[2]?.lost).toContain("left the team");
    step(world, { a: yes, b: yes });
    expect(collab(world).done).toBe(done);
  });
});

test("[mode.metric] a metric ends the round: what misses it goes into another one, until the rounds are used up", () => {
  const world = begun(modeSpec("parallel", { convergence: "metric", rounds: 2 }));
  const miss = (): void => {
    handInUnchecked(world);
    const checks = [{ check: "metric", passed: false, input: "i", ms: 1, measured: [{ name: "speed", value: 9, wanted: "at most 5" }] }];
    const { attempt, sha } = task(world);
    world.must({ type: "record_checks", task: T1, attempt, sha: sha ?? "", checks, findings: "[]", findingsCount: 1, results: "[]" });
    world.settle();
  };
  step(world, "continue");
  expect(collab(world).done).toBe("metric");
  miss();
  expect([task(world).attempt, at(world), collab(world).stage]).toEqual([2, "work 2", "working"]);
  expect(collab(world).given).toHaveLength(3);
  step(world, "continue");
  miss();
  // Two rounds are over: one alone mends it.
  expect(task(world)).toMatchObject({ status: "claimed", attempt: 3, collab: { attempt: 2, stage: "done" } });
});

function handInUnchecked(world: World): void {
  const lead = task(world).seat ?? "";
  world.as(lead, { type: "submit_task", task: T1, attempt: task(world).attempt, evidence: [1, 2], submission: "{}" });
  world.endTurn(lead);
  world.doOwed("commit_submission");
}

test("[mode.returned] what comes back from a review is mended by one alone", () => {
  const world = begun(modeSpec("review"));
  path(world, "converged");
  handIn(world);
  const reviewer = task(world).reviewer ?? "";
  const sha = task(world).sha ?? "";
  world.as(reviewer, { type: "read_diff", task: T1, sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "no" as const }));
  world.as(reviewer, { type: "review_task", task: T1, sha, criteria, findings: [], text: "{}" });
  world.endTurn(reviewer);
  world.settle();
  expect(world.session("dev-0").job).toEqual({ kind: "task", task: "t1", attempt: 2 });
  expect(task(world)).toMatchObject({ status: "claimed", attempt: 2, collab: { attempt: 1, stage: "done" } });
});
