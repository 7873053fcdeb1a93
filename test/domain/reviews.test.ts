/** Doubts, risk, what needs no review, and who may give one: scripted step by step. */
import { expect, test } from "vitest";
import type { AgentCommand, ReviewFinding } from "../../src/domain/commands.ts";
import type { DoubtAnswer } from "../../src/domain/doubt.ts";
import { jobState } from "../../src/domain/job.ts";
import type { SeatSpec } from "../../src/domain/model.ts";
import { approval, id, MINIMAL, plan, seatSpec, taskSpec, usualResult, World } from "./world.ts";

const T1 = id.task("t1");
const RISK = { ...seatSpec("risk", "reviewer"), role: "risk" };
const task = (world: World) => world.state.tasks.get(T1);
const sha = (world: World): string => task(world)?.sha ?? "";

interface Order {
  readonly seats?: readonly SeatSpec[];
  readonly commit?: object;
  readonly risk?: "high";
  readonly mustReview?: true;
}

/** t1 is submitted and its commit says what `commit` holds; everything owed has happened. */
function submitted({ seats = MINIMAL, commit = {}, ...more }: Order = {}): World {
  const world = World.started({}, seats);
  world.settle();
  world.as("queen", plan([taskSpec("t1", [], more)]));
  world.settle();
  const planReviewer = world.state.plan.reviewer ?? "";
  world.as(planReviewer, approval(world.state));
  world.endTurn(planReviewer);
  world.settle();
  const dev = task(world)?.seat ?? "";
  world.as(dev, { type: "submit_task", task: T1, attempt: 1, evidence: [1, 2], submission: "s" });
  world.must({ ...usualResult(world.state, committing(world)), ...commit } as never);
  world.endTurn(dev);
  world.settle();
  return world;
}
const committing = (world: World) =>
  ({
    key: "",
    kind: "commit_submission",
    task: T1,
    attempt: task(world)?.attempt ?? 0,
    submission: task(world)?.submissions ?? 0,
  }) as const;

const doubtful = (more: Partial<ReviewFinding> = {}): ReviewFinding => ({ effect: "crash", confidence: "low", criterion: null, ...more });
const review = (world: World, findings: readonly ReviewFinding[] = [], met: "yes" | "no" | "cannot_tell" = "yes"): AgentCommand => ({
  type: "review_task",
  task: T1,
  sha: sha(world),
  criteria: [
    { n: 1, met: "yes" },
    { n: 2, met },
  ],
  findings,
  text: "review",
});
function give(world: World, seat: string, command: AgentCommand): void {
  world.must({ type: "read_diff", task: T1, sha: sha(world), page: 1, pages: 1 }, world.by(seat));
  world.must(command, world.by(seat));
  world.endTurn(seat);
  world.settle();
}
const answer = (world: World, finding: string, given: DoubtAnswer, more: object = {}): AgentCommand => ({
  type: "verify_finding",
  task: T1,
  sha: sha(world),
  finding,
  answer: given,
  after: task(world)?.openReview?.doubts.filter((doubt) => doubt.answer !== null).length ?? 0,
  text: `review with ${finding}`,
  ...more,
});
const events = (world: World, type: string) => world.history.flatMap((entry) => entry.events.filter((event) => event.type === type));

test.each([
  ["low", "confirmed", "open"],
  ["medium", "confirmed", "open"],
  ["low", "refuted", "approved"],
  ["low", "cannot_tell", "approved"],
] as const)("[review.verifier] a blocking finding of %s confidence that is %s leaves the task %s", (confidence, given, status) => {
  const world = submitted();
  give(world, "reviewer", review(world, [doubtful({ confidence })]));
  expect(task(world)).toMatchObject({ status: "reviewing", rounds: 0 });
  expect(world.session("reviewer").job).toMatchObject({ kind: "verify", doubt: "f1" });
  world.must(answer(world, "f1", given), world.by("reviewer"));
  expect(task(world)).toMatchObject({ status, rounds: status === "open" ? 1 : 0, findingsCount: status === "open" ? 1 : 0 });
  expect(events(world, "review_recorded")).toHaveLength(2);
});

test.each([
  ["confirmed", "open"],
  ["refuted", "approved"],
  ["cannot_tell", "open"],
] as const)("[review.criterion] a criterion that could not be told and is then %s leaves the task %s", (given, status) => {
  const world = submitted();
  give(world, "reviewer", review(world, [], "cannot_tell"));
  world.must(answer(world, "c2", given), world.by("reviewer"));
  expect(task(world)?.status).toBe(status);
});

test("[review.verifier.all] the verdict waits for every doubt, and each is answered in a session that did not raise it", () => {
  const world = submitted({ seats: [...MINIMAL, seatSpec("reviewer-2", "reviewer")] });
  const first = task(world)?.reviewer ?? "";
  const raiser = world.session(first).id;
  give(world, first, review(world, [doubtful(), doubtful({ effect: "data_loss" })], "cannot_tell"));
  const verifiers = task(world)?.openReview?.doubts.map(({ verifier }) => verifier) ?? [];
  expect(verifiers[0]).not.toBe(first);
  for (const finding of ["c2", "f1", "f2"]) {
    expect(task(world)?.status).toBe("reviewing");
    const seat = task(world)?.openReview?.doubts.find((doubt) => doubt.id === finding)?.verifier ?? "";
    expect(world.session(seat).id).not.toBe(raiser);
    world.must(answer(world, finding, "refuted"), world.by(seat));
    world.endTurn(seat);
    world.settle();
  }
  expect(events(world, "task_merged")).toHaveLength(1);
});

test("[review.verifier.kept] a kept session that raised a doubt ends, so that its seat answers in a fresh one", () => {
  const world = submitted({ seats: MINIMAL.map((seat) => (seat.duty === "reviewer" ? { ...seat, keeps: true as const } : seat)) });
  const raiser = world.session("reviewer").id;
  give(world, "reviewer", review(world, [doubtful()]));
  expect(world.session("reviewer")).toMatchObject({ job: { kind: "verify", doubt: "f1" } });
  expect(world.session("reviewer").id).not.toBe(raiser);
});

test("[review.verifier.cheap] with a sure finding beside it nothing is verified: the task goes back at once", () => {
  const world = submitted();
  give(world, "reviewer", review(world, [doubtful(), doubtful({ confidence: "high" })], "cannot_tell"));
  expect(events(world, "attempt_ended")).toMatchObject([{ result: "changes_requested", findingsCount: 1 }]);
  expect(events(world, "finding_verified")).toEqual([]);
});

test("[review.verifier.lapse] a verifier that lapses is tried again later, then a person is asked; nothing is approved", () => {
  const world = submitted();
  give(world, "reviewer", review(world, [doubtful()]));
  for (let turn = 0; turn < 40 && world.state.openGates.size === 0; turn++) {
    const session = world.state.seats.get(id.seat("reviewer"))?.session;
    if (session) world.endTurn("reviewer");
    world.now += 200_000;
    world.settle();
  }
  expect([...world.state.gates.values()].map(({ kind }) => kind)).toEqual(["seat"]);
  expect(task(world)).toMatchObject({ status: "reviewing", openReview: { doubts: [{ id: "f1", answer: null }] } });
});

test("[review.verifier.fence] an answer about another commit, by a foreign seat or an author, or to no doubt is refused", () => {
  const world = submitted({ seats: [...MINIMAL, seatSpec("reviewer-2", "reviewer")] });
  const first = task(world)?.reviewer ?? "";
  give(world, first, review(world, [doubtful(), doubtful({ effect: "data_loss" })]));
  const verifier = task(world)?.openReview?.doubts[0]?.verifier ?? "";
  const said = (command: AgentCommand, seat = verifier) => {
    const decision = world.as(seat, command);
    return decision.ok ? "ok" : decision.refusal.code;
  };
  expect(said(answer(world, "f1", "refuted", { sha: "older" }))).toBe("SHA_CHANGED");
  expect(said(answer(world, "f7", "refuted"))).toBe("NO_DOUBT");
  expect(said(answer(world, "f1", "refuted", { after: 1 }))).toBe("ANSWERED_MEANWHILE");
  expect(said(answer(world, "f1", "refuted"), first)).toBe("NOT_YOURS");
  task(world)?.authors.push(id.seat(verifier));
  expect(said(answer(world, "f1", "refuted"))).toBe("OWN_WORK");
  task(world)?.authors.pop();
  expect(task(world)?.status).toBe("reviewing");
  expect(said(answer(world, "f1", "refuted"))).toBe("ok");
  expect(said(answer(world, "f1", "confirmed"))).toBe("ANSWERED");
  expect(said(answer(world, "f2", "refuted"), first)).toBe("ok");
  expect(said(answer(world, "f2", "refuted"), first)).toBe("WRONG_STATUS");
});

test("[review.verifier.cancelled] a task that is cancelled meanwhile takes its doubts along", () => {
  const world = submitted();
  give(world, "reviewer", review(world, [doubtful()]));
  const session = world.session("reviewer");
  world.as("queen", { type: "cancel_task", task: T1, why: "not needed" });
  expect(jobState(world.state, session)).toBe("done");
  expect(world.as("reviewer", answer(world, "f1", "confirmed"))).toMatchObject({ refusal: { code: "WRONG_STATUS" } });
});

test("[review.risk] a risky task is looked at for risk first; a clean answer lets the ordinary review begin, a blocking one returns it", () => {
  const clean = submitted({ seats: [...MINIMAL, RISK], risk: "high" });
  expect(task(clean)?.reviewer).toBe("risk");
  give(clean, "risk", review(clean));
  expect(task(clean)).toMatchObject({ status: "reviewing", reviewer: "reviewer", screened: sha(clean) });
  expect(events(clean, "review_recorded")).toEqual([]);
  give(clean, "reviewer", review(clean));
  expect(events(clean, "task_merged")).toHaveLength(1);

  const risky = submitted({ seats: [...MINIMAL, RISK], risk: "high" });
  give(risky, "risk", review(risky, [doubtful({ effect: "security", confidence: "high" })]));
  expect(events(risky, "attempt_ended")).toMatchObject([{ result: "changes_requested" }]);
});

test("[review.risk.raised] a path the project calls risky raises the task before its review, and the event names the rule", () => {
  const world = submitted({ seats: [...MINIMAL, RISK], commit: { risky: { path: "src/auth.ts", pattern: "**/auth*" } } });
  expect(events(world, "risk_raised")).toEqual([{ type: "risk_raised", task: T1, path: "src/auth.ts", pattern: "**/auth*" }]);
  expect(task(world)).toMatchObject({ risk: "high", reviewer: "risk" });
});

test("[review.risk.only] a seat for risk takes nothing else, and a silent one approves nothing", () => {
  const world = submitted({ seats: [...MINIMAL, RISK] });
  expect(events(world, "session_wanted")).not.toContainEqual(expect.objectContaining({ seat: "risk" }));
  const silent = submitted({ seats: [...MINIMAL, RISK], risk: "high" });
  for (let turn = 0; turn < 40 && silent.state.openGates.size === 0; turn++) {
    if (silent.state.seats.get(id.seat("risk"))?.session) silent.endTurn("risk");
    silent.now += 200_000;
    silent.settle();
  }
  expect([...silent.state.gates.values()]).toMatchObject([{ kind: "seat", seat: "risk" }]);
  expect(task(silent)?.status).toBe("reviewing");
});

test("[review.downgrade] a review without a risk seat, or by an author's provider, is logged as less than it should be, once", () => {
  const world = submitted({ risk: "high" });
  const why = "no seat of the role risk looks at it first; p1 also stands behind an author";
  expect(events(world, "review_downgraded")).toEqual([{ type: "review_downgraded", task: T1, sha: sha(world), seat: "reviewer", why }]);
  world.send({ type: "lapse_session", session: world.session("reviewer").id, why: "silent" });
  world.settle();
  world.now += 3_600_000;
  world.settle();
  expect(events(world, "session_wanted").filter((event) => "job" in event && event.job.kind === "review")).toHaveLength(2);
  expect(events(world, "review_downgraded")).toHaveLength(1);
  const other = submitted({ seats: [...MINIMAL, seatSpec("reviewer-2", "reviewer", "p2")] });
  expect(task(other)?.reviewer).toBe("reviewer-2");
  expect(events(other, "review_downgraded")).toEqual([]);
});

test("[review.skip] what the project's list names alone is approved unread and merged; with a risk it is reviewed all the same", () => {
  const skip = "every changed path matches docs/** of review.skip";
  const world = submitted({ commit: { skip } });
  expect(events(world, "review_skipped")).toEqual([{ type: "review_skipped", task: T1, sha: sha(world), because: skip }]);
  expect(events(world, "task_merged")).toHaveLength(1);
  expect(events(world, "review_recorded")).toEqual([]);
  const risky = submitted({ commit: { skip, risky: { path: "docs/auth.md", pattern: "**/auth*" } } });
  expect(task(risky)).toMatchObject({ status: "reviewing", reviewer: "reviewer" });
});

test("[pipeline.auto] what only a review proves is reviewed, though the project's list names every changed path", () => {
  const world = submitted({ commit: { skip: "every changed path matches docs/** of review.skip" }, mustReview: true });
  expect(events(world, "review_skipped")).toEqual([]);
  expect(task(world)).toMatchObject({ status: "reviewing", reviewer: "reviewer" });
});

test("[review.second-author] whoever made a commit of the range is an author: neither given the review nor heard", () => {
  const world = submitted({
    seats: [...MINIMAL, seatSpec("reviewer-2", "reviewer")],
    commit: { authors: [id.seat("reviewer"), id.seat("somebody"), id.seat("dev-0")] },
  });
  expect(task(world)).toMatchObject({ authors: ["reviewer", "dev-0"], reviewer: "reviewer-2" });
  const job = { kind: "review", task: T1, attempt: 1, round: 1, sha: sha(world) } as const;
  expect(world.send({ type: "start_job", seat: id.seat("reviewer"), job })).toMatchObject({ refusal: { code: "OWN_WORK" } });
});

test("[review.nobody] when everybody who could review wrote part of it, a person is asked; a new reviewer takes it up", () => {
  const world = submitted({ commit: { authors: [id.seat("reviewer")] } });
  const [gate] = [...world.state.gates.values()];
  expect(gate).toMatchObject({ kind: "reviewer", task: T1, options: ["retry", "give_up"] });
  world.must({ type: "spawn_seat", seat: seatSpec("reviewer-2", "reviewer") }, { kind: "operator" });
  world.must({ type: "answer_gate", gate: gate?.id as never, answer: "retry" }, { kind: "operator" });
  world.settle();
  expect(task(world)).toMatchObject({ reviewer: "reviewer-2", gate: null });
});
