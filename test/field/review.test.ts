/** Reviews that can be trusted: who may give one, of what, having read it, and what silence means. */
import { expect, test } from "vitest";
import type { SeatId } from "../../src/base/ids.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { approval, id, plan, taskSpec, usualResult, World } from "../domain/world.ts";
import { gates, OPERATOR, readDiff, review, submit, task, verdict, working } from "./support/flow.ts";

const T1 = id.task("t1");

test("[field.self-approval] work is approved by somebody who wrote part of it: no author of the range reviews it, a person is asked", () => {
  const world = working();
  world.must({ type: "submit_task", task: T1, attempt: 1, evidence: [1, 2], submission: "s" }, world.by("dev-0"));
  for (const effect of world.owed()) {
    const usual = usualResult(world.state, effect);
    world.must(usual.type === "record_commit" ? { ...usual, authors: ["reviewer" as SeatId] } : usual);
  }
  world.settle();
  expect(task(world)).toMatchObject({ status: "reviewing", reviewer: null });
  expect(gates(world)).toMatchObject([{ kind: "reviewer", task: "t1" }]);
  const job = { kind: "review", task: T1, sha: task(world).sha ?? "", attempt: 1 } as never;
  expect(world.send({ type: "start_job", seat: id.seat("reviewer"), job })).toMatchObject({ ok: false, refusal: { code: "OWN_WORK" } });
});

test("[field.worker-approves] a worker says it is the reviewer and approves: what a seat may do is read from the log alone", () => {
  const world = working();
  const { id: session, run } = world.session("dev-0");
  submit(world);
  const as = { kind: "session", seat: id.seat("dev-0"), session, run } as const;
  const decision = world.send(verdict(world), as);
  expect(decision).toMatchObject({ ok: false });
  expect(task(world)).toMatchObject({ status: "reviewing" });
  const other = working({ tasks: [taskSpec("t1"), taskSpec("t2")] });
  submit(other);
  expect(other.as("dev-1", verdict(other))).toMatchObject({ ok: false, refusal: { code: "NOT_ALLOWED" } });
});

test("[field.old-sha] a verdict for an older commit counts for the newer one: it is bound to the sha that was read", () => {
  const world = working();
  submit(world);
  review(world, "no");
  const old = task(world).sha;
  submit(world);
  readDiff(world);
  expect(task(world).sha).not.toBe(old);
  const late = world.as("reviewer", { ...verdict(world), sha: "sha-t1-1-1" });
  expect(late).toMatchObject({ ok: false, refusal: { code: "SHA_CHANGED" } });
  expect(task(world)).toMatchObject({ status: "reviewing", attempt: 2 });
});

test("[field.old-plan] a late verdict on one plan approves the next: it names the revision and hash it read", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")], "h1"));
  world.settle();
  const late = approval(world.state);
  world.as("queen", plan([taskSpec("t1"), taskSpec("t9")], "h2"));
  world.settle();
  expect(world.as("reviewer", late)).toMatchObject({ ok: false, refusal: { code: "PLAN_CHANGED" } });
  expect(world.state.tasks.size).toBe(0);
});

test("[field.silent-approval] a reviewer that stays silent has approved: its deadline opens a question, and approves nothing", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  world.now += DEFAULT_LIMITS.planReviewMs;
  world.settle();
  expect(gates(world)).toMatchObject([{ kind: "plan_review" }]);
  expect([world.state.plan.status, world.state.tasks.size]).toEqual(["reviewing", 0]);
});

test("[field.unread] a review is made up without a look at the change: without its pages read there is no verdict", () => {
  const world = working();
  submit(world);
  expect(world.as("reviewer", verdict(world))).toMatchObject({ ok: false, refusal: { code: "DIFF_UNREAD" } });
  readDiff(world);
  const half = { ...verdict(world), criteria: [{ n: 1, met: "yes" as const }] };
  expect(world.as("reviewer", half)).toMatchObject({ ok: false, refusal: { code: "CRITERIA_MISSING" } });
  expect(world.as("reviewer", verdict(world))).toMatchObject({ ok: true });
});

test("[field.review-loop] review and rework go round without end: rounds are capped, then a person decides", () => {
  const world = working({ limits: { attempts: 20 } });
  let rounds = 0;
  for (; gates(world).length === 0 && rounds < 20; rounds += 1) {
    submit(world);
    review(world, "no");
  }
  expect(rounds).toBe(DEFAULT_LIMITS.rounds);
  expect(gates(world)).toMatchObject([{ kind: "rounds", task: "t1" }]);
  expect(task(world).status).not.toBe("approved");
});

test("[field.only-warned] a broken rule is logged and the work goes on: a failed check returns the task before anybody reviews it", () => {
  const world = working();
  world.must({ type: "submit_task", task: T1, attempt: 1, evidence: [1, 2], submission: "s" }, world.by("dev-0"));
  world.doOwed("commit_submission");
  const { sha } = task(world);
  world.must({
    ...{ type: "record_checks", task: T1, attempt: 1, sha: sha ?? "", findings: "[]", findingsCount: 1, results: "[]" },
    checks: [{ check: "secrets", passed: false, input: "i", ms: 1 }],
  });
  expect(task(world)).toMatchObject({ status: "open", reviewer: null, history: [{ result: "checks_failed" }] });
});

test("[field.partial-merge] half-done work of a task that was given back is merged: only an approved commit is, the rest stays on its branch", () => {
  const world = working();
  world.must({ type: "release_task", task: T1, attempt: 1, reason: "stuck", detail: "half", line: "half" }, world.by("dev-0"));
  expect(world.send({ type: "begin_merge", task: T1 })).toMatchObject({ ok: false });
  const kinds = world.owed().map(({ kind }) => kind);
  expect(kinds).not.toContain("merge_task");
  world.endTurn("dev-0");
  world.settle();
  expect(task(world)).toMatchObject({ prior: { sha: "saved-t1-1", attempt: 1 } });
  expect(world.state.byStatus.merged.size).toBe(0);
});

test("[field.gate-twice] an answer counts though no question is open: a gate takes one answer, of those it offers, from a person", () => {
  const world = working();
  const question = { title: "CSV?", question: "CSV?", options: ["yes", "no"], fallback: null, minutes: null };
  world.must({ type: "ask_human", ...question }, world.by("dev-0"));
  const gate = gates(world)[0]?.id as never;
  expect(world.as("queen", { type: "answer_gate", gate, answer: "yes" } as never)).toMatchObject({ refusal: { code: "NOT_ALLOWED" } });
  world.must({ type: "answer_gate", gate, answer: "no" }, OPERATOR);
  expect(world.send({ type: "answer_gate", gate, answer: "yes" }, OPERATOR)).not.toMatchObject({ ok: true, events: [expect.anything()] });
  expect(world.state.gates.get(gate)).toMatchObject({ answer: "no" });
});
