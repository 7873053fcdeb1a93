import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { react } from "../../src/domain/react.ts";
import { approval, id, MINIMAL, plan, seatSpec, taskSpec, World } from "./world.ts";

/** A swarm whose plan of `tasks` is approved and whose workers hold what they can. */
function working(tasks = [taskSpec("t1"), taskSpec("t2"), taskSpec("t3", ["t1", "t2"])], seats = MINIMAL): World {
  const world = World.started({}, seats);
  world.settle();
  world.as("queen", plan(tasks));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}

function submit(world: World, seat: string): void {
  const task = world.state.tasks.get(world.state.seats.get(id.seat(seat))?.task ?? id.task("none"));
  if (!task) throw new Error(`${seat} holds nothing`);
  expect(world.as(seat, { type: "submit_task", task: task.id, attempt: task.attempt, evidence: [1, 2], submission: "done" })).toMatchObject(
    { ok: true },
  );
  world.endTurn(seat);
  world.settle();
}

function review(world: World, met: "yes" | "no" = "yes"): void {
  const { job } = world.session("reviewer");
  if (job.kind !== "review") throw new Error(`the reviewer has a ${job.kind}`);
  world.as("reviewer", { type: "read_diff", task: job.task, sha: job.sha, page: 1, pages: 1 });
  const criteria = [
    { n: 1, met: "yes" as const },
    { n: 2, met },
  ];
  expect(world.as("reviewer", { type: "review_task", task: job.task, sha: job.sha, criteria, findings: [], text: "{}" })).toMatchObject({
    ok: true,
  });
  world.endTurn("reviewer");
  world.settle();
}

test("[domain.path] a plan of two waves is reviewed, worked on, merged and completed by one loop", () => {
  const world = working();
  expect([...world.state.byStatus.claimed]).toEqual(["t1", "t2"]);
  submit(world, "dev-0");
  submit(world, "dev-1");
  review(world);
  expect(world.state.byStatus.open.size + world.state.byStatus.claimed.size).toBe(0);
  review(world);
  expect(world.state.byStatus.merged.size).toBe(2);
  expect([...world.state.byStatus.claimed]).toEqual(["t3"]);
  submit(world, world.state.tasks.get(id.task("t3"))?.seat ?? "");
  review(world);
  expect(world.session("queen").turn).toBe("running");
  expect(world.as("queen", { type: "complete_swarm", summary: "all done" })).toMatchObject({ ok: true });
  world.settle();
  expect(world.state).toMatchObject({ status: "completed", closed: true });
  expect(react(world.state, world.now)).toEqual({ effects: [], due: [], wakeAt: null });
});

test("[domain.solo] a solo swarm compiles its goal into one approved task and ends by itself", () => {
  const world = World.started({}, MINIMAL.filter(({ duty }) => duty !== "queen").slice(0, 2), taskSpec("t1"));
  world.settle();
  submit(world, "dev-0");
  review(world);
  expect(world.state).toMatchObject({ status: "completed", closed: true });
});

test("[domain.reserved] work that is returned goes first to the seat that knows it, as the next attempt", () => {
  const world = working([taskSpec("t1"), taskSpec("t2")]);
  submit(world, "dev-0");
  submit(world, "dev-1");
  review(world, "no");
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "claimed", attempt: 2, seat: "dev-0" });
});

test("[domain.crash] a worker that dies loses its claim, its work is saved, and another attempt follows", () => {
  const world = working([taskSpec("t1")]);
  const session = world.session("dev-0");
  world.must({ type: "record_session_end", session: session.id, run: session.run, why: "killed by SIGKILL", output: null });
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "open", unsaved: { seat: "dev-0", attempt: 1 } });
  world.settle();
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({
    status: "claimed",
    attempt: 2,
    seat: "dev-1",
    prior: { sha: "saved-t1-1", attempt: 1 },
  });
});

test("[domain.silent-reviewer] a silent plan reviewer approves nothing: a person is asked", () => {
  const world = World.started({ planReviewMs: 1_000 });
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  world.now += 1_000;
  world.settle();
  expect([...world.state.gates.values()]).toMatchObject([{ kind: "plan_review", status: "open" }]);
  expect(world.state.tasks.size).toBe(0);
});

test("[domain.gate-fallback] a question takes its fallback at the deadline and the asker is told", () => {
  const world = working([taskSpec("t1")]);
  world.as("dev-0", {
    type: "ask_human",
    title: "which?",
    question: "csv or json?",
    options: ["csv", "json"],
    fallback: "csv",
    minutes: 1,
  });
  world.endTurn("dev-0");
  world.settle();
  expect(world.session("dev-0").turn).toBe("idle");
  world.now += 60_000;
  world.settle();
  expect(world.state.gates.get("g1" as never)).toMatchObject({ status: "answered", answer: "csv", answeredBy: "deadline" });
  expect(world.session("dev-0").turn).toBe("running");
});

test("[domain.attempt-cap] the last attempt ends in a gate, and its answer gives more or gives up", () => {
  const world = working([taskSpec("t1")]);
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const seat = world.state.tasks.get(id.task("t1"))?.seat ?? "";
    world.as(seat, { type: "release_task", task: id.task("t1"), attempt, reason: "stuck", detail: "tried", line: "tried" });
    world.endTurn(seat);
    world.settle();
  }
  expect([...world.state.gates.values()]).toMatchObject([{ kind: "attempts", task: "t1", options: ["retry", "give_up"] }]);
  expect(world.state.byStatus.claimed.size).toBe(0);
  world.must({ type: "answer_gate", gate: "g1" as never, answer: "retry" }, { kind: "operator" });
  world.settle();
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "claimed", attempt: 6 });
});

test("[domain.foreign-commit] a commit skep did not make stops merging at a gate", () => {
  const world = working([taskSpec("t1")]);
  submit(world, "dev-0");
  const { job } = world.session("reviewer");
  if (job.kind !== "review") throw new Error("no review");
  world.as("reviewer", { type: "read_diff", task: job.task, sha: job.sha, page: 1, pages: 1 });
  const met = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: job.task, sha: job.sha, criteria: met, findings: [], text: "{}" });
  world.must({ type: "begin_merge", task: id.task("t1") });
  world.must({ type: "record_merge", task: id.task("t1"), attempt: 1, outcome: { kind: "foreign", tip: "strange" } });
  world.endTurn("reviewer");
  world.settle();
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "approved" });
  world.must({ type: "answer_gate", gate: "g1" as never, answer: "put_aside" }, { kind: "operator" });
  expect(world.state.putAside).toBe("strange");
  world.settle();
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "merged" });
});

test("[domain.takeover] a new epoch refuses the old one and resumes every live session", () => {
  const world = working([taskSpec("t1")]);
  const old = world.engine;
  const holder = { id: "h2", pid: 9, start: "3", machine: "m", boot: "b" };
  world.must({ type: "take_lease", over: 1, holder, address: "x" }, { kind: "engine", epoch: 0 });
  expect(world.send({ type: "record_alive", session: world.session("dev-0").id, run: 1 }, old)).toMatchObject({
    ok: false,
    refusal: { code: "LEASE_LOST" },
  });
  const resumed = react(world.state, world.now).effects.filter((effect) => effect.kind === "start_session");
  expect(resumed.map((effect) => effect.kind === "start_session" && [effect.seat, effect.resume, effect.run])).toEqual([
    ["queen", true, 2],
    ["dev-0", true, 2],
  ]);
  world.settle();
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "claimed", attempt: 1 });
});

test("[domain.budget] a spent budget pauses the swarm and asks", () => {
  const world = World.started({ budgets: { ...DEFAULT_LIMITS.budgets, swarm: { ...DEFAULT_LIMITS.budgets.swarm, usd: 0.01 } } });
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.endTurn("queen");
  expect(world.state.status).toBe("paused");
  expect([...world.state.gates.values()]).toMatchObject([{ kind: "budget", status: "open" }]);
  world.must({ type: "answer_gate", gate: "g1" as never, answer: "raise" }, { kind: "operator" });
  expect(world.state).toMatchObject({ status: "running" });
});

test("[domain.other-provider] a reviewer of another provider than the author's has the first right", () => {
  const seats = [...MINIMAL.slice(0, 2), seatSpec("reviewer-1", "reviewer", "p2"), seatSpec("dev-0", "worker")];
  const world = working([taskSpec("t1")], seats);
  submit(world, "dev-0");
  expect(world.state.tasks.get(id.task("t1"))?.reviewer).toBe("reviewer-1");
});

// Counterexamples that the property tests found, kept by name.

test("[domain.found.dead-submitter] a submission refused after its session died ends the attempt", () => {
  const world = working([taskSpec("t1")]);
  world.as("dev-0", { type: "submit_task", task: id.task("t1"), attempt: 1, evidence: [1, 2], submission: "done" });
  const session = world.session("dev-0");
  world.must({ type: "record_session_end", session: session.id, run: session.run, why: "exited", output: null });
  world.must({ type: "record_commit", task: id.task("t1"), attempt: 1, submission: 1, sha: null, outside: [], conflict: [] });
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "open", seat: null });
});

test("[domain.found.stale-dependant] a task that an amendment freed of its order is not opened by what it no longer waits for", () => {
  const world = working([taskSpec("t1"), taskSpec("t2"), taskSpec("t3", ["t1", "t2"])]);
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2"), taskSpec("t3", ["t2"])], "h2"));
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  submit(world, "dev-0");
  review(world);
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "merged" });
  expect(world.state.tasks.get(id.task("t3"))).toMatchObject({ status: "blocked", missing: 1 });
});

test("[domain.found.reserved-blocked] a task kept for a seat and then blocked by an amendment is kept no more", () => {
  const world = working([taskSpec("t1"), taskSpec("t2")]);
  // dev-0 has not ended its turn, so what comes back to it waits.
  world.as("dev-0", { type: "submit_task", task: id.task("t1"), attempt: 1, evidence: [1, 2], submission: "done" });
  world.settle();
  review(world, "no");
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "open", reserved: { seat: "dev-0" } });
  world.as("queen", plan([taskSpec("t2"), taskSpec("t1", ["t2"])], "h2"));
  world.settle();
  world.as("reviewer", approval(world.state));
  expect(world.state.tasks.get(id.task("t1"))).toMatchObject({ status: "blocked", reserved: null });
  expect([...world.state.reserved]).toEqual([]);
});

test("[domain.found.last-seat] the last seat of a role is not stopped: its work would wait for ever", () => {
  const world = working([taskSpec("t1")]);
  const decision = world.send({ type: "stop_seat", seat: id.seat("reviewer") }, { kind: "operator" });
  expect(decision).toMatchObject({ ok: false, refusal: { code: "LAST_SEAT" } });
});

test("[domain.found.solo-proposal] a proposal does not keep a solo swarm from its end", () => {
  const seats = MINIMAL.filter(({ seat }) => seat === "reviewer" || seat === "dev-0");
  const world = World.started({}, seats, taskSpec("t1"));
  world.settle();
  const proposal = {
    id: id.task("p2"),
    title: "more",
    files: ["a"],
    criteria: 1,
    proof: "check_only",
    risk: "low",
    text: "{}",
    blocking: false,
  } as const;
  world.as("dev-0", { type: "propose_task", ...proposal });
  submit(world, "dev-0");
  review(world);
  expect(world.state).toMatchObject({ status: "completed", closed: true });
});

test("[domain.found.end-is-no-lapse] the end of a swarm ends its sessions: no lapse, no reopened task, no gate", () => {
  const world = working([taskSpec("t1")]);
  world.must({ type: "stop_swarm", why: "enough" }, { kind: "operator" });
  world.settle();
  const ended = world.history.flatMap(({ events }) => events.filter((event) => event.type === "session_ended"));
  expect(ended.filter((event) => event.type === "session_ended" && event.lapsed)).toEqual([]);
  expect(world.state).toMatchObject({ status: "stopped", closed: true });
  expect(world.state.openGates.size).toBe(0);
});
