import { expect, test } from "vitest";
import type { AgentCommand, Command } from "../../src/domain/commands.ts";
import { approval, id, plan, taskSpec, World } from "./world.ts";

const T1 = id.task("t1");

/** dev-0 held t1 as attempt 1 and let go; dev-0 or dev-1 holds it now as attempt 2. */
function second(): World {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  world.as("dev-0", { type: "release_task", task: T1, attempt: 1, reason: "stuck", detail: "d", line: "l" });
  world.endTurn("dev-0");
  world.settle();
  expect(world.state.tasks.get(T1)).toMatchObject({ status: "claimed", attempt: 2 });
  return world;
}

const OLD: readonly AgentCommand[] = [
  { type: "report_progress", task: T1, attempt: 1, progress: "p" },
  { type: "submit_task", task: T1, attempt: 1, evidence: [1, 2], submission: "s" },
  { type: "extend_task", task: T1, attempt: 1, files: ["src/more.ts"], why: "w" },
];

test.each(OLD)("[domain.fence.worker] $type of an older attempt is refused", (command) => {
  const world = second();
  expect(world.as(world.state.tasks.get(T1)?.seat ?? "", command)).toMatchObject({ ok: false, refusal: { code: "STALE_ATTEMPT" } });
});

test("[domain.fence.release] release of an older attempt by its holder is refused, a repeat of the past one is answered", () => {
  const world = second();
  const seat = world.state.tasks.get(T1)?.seat ?? "";
  const release: AgentCommand = { type: "release_task", task: T1, attempt: 1, reason: "stuck", detail: "d", line: "l" };
  const decision = world.as(seat, release);
  if (seat === "dev-0") expect(decision).toMatchObject({ ok: true, repeated: true });
  else expect(decision).toMatchObject({ ok: false, refusal: { code: "STALE_ATTEMPT" } });
  expect(world.state.tasks.get(T1)).toMatchObject({ status: "claimed", attempt: 2 });
});

const LATE: readonly Command[] = [
  { type: "record_commit", task: T1, attempt: 1, submission: 1, sha: "x", outside: [], conflict: [] },
  { type: "record_checks", task: T1, attempt: 1, sha: "x", checks: [], findings: null, findingsCount: 0, results: "[]" },
  { type: "record_merge", task: T1, attempt: 1, outcome: { kind: "merged", sha: "x" } },
];
test.each(LATE)("[domain.fence.effect] a late result of $type for an older attempt is refused", (command) => {
  expect(second().send(command)).toMatchObject({ ok: false, refusal: { code: "STALE_ATTEMPT" } });
});

test.each(LATE)("[domain.fence.epoch] $type of a host that lost its lease is refused", (command) => {
  expect(second().send(command, { kind: "engine", epoch: 0 })).toMatchObject({ ok: false, refusal: { code: "LEASE_LOST" } });
});

function reviewing(): World {
  const world = second();
  const seat = world.state.tasks.get(T1)?.seat ?? "";
  world.as(seat, { type: "submit_task", task: T1, attempt: 2, evidence: [1, 2], submission: "s" });
  world.endTurn(seat);
  world.settle();
  expect(world.session("reviewer").job).toMatchObject({ kind: "review", task: "t1", attempt: 2 });
  return world;
}
const verdict = (sha: string): AgentCommand => ({
  type: "review_task",
  task: T1,
  sha,
  criteria: [1, 2].map((n) => ({ n, met: "yes" as const })),
  findings: [],
  text: "{}",
});

test("[domain.fence.review] a review of another sha, with unread pages, or of own work is refused", () => {
  const world = reviewing();
  const sha = world.state.tasks.get(T1)?.sha ?? "";
  expect(world.as("reviewer", verdict("older"))).toMatchObject({ ok: false, refusal: { code: "SHA_CHANGED" } });
  expect(world.as("reviewer", verdict(sha))).toMatchObject({ ok: false, refusal: { code: "DIFF_UNREAD" } });
  const other: AgentCommand = { type: "read_diff", task: id.task("t9"), sha, page: 1, pages: 1 };
  expect(world.as("reviewer", other)).toMatchObject({ ok: false, refusal: { code: "NOT_YOURS" } });
  world.as("reviewer", { type: "read_diff", task: T1, sha, page: 1, pages: 1 });
  expect(world.as("reviewer", { ...verdict(sha), criteria: [] } as AgentCommand)).toMatchObject({
    ok: false,
    refusal: { code: "CRITERIA_MISSING" },
  });
  expect(world.as("reviewer", verdict(sha))).toMatchObject({ ok: true });
});

test("[domain.fence.plan] a plan review is bound to the revision and hash it read", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")], "h1"));
  world.settle();
  const first = approval(world.state);
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2")], "h2"));
  expect(world.as("reviewer", first)).toMatchObject({ ok: false, refusal: { code: "PLAN_CHANGED" } });
  expect(world.state.tasks.size).toBe(0);
});

test("[domain.fence.run] a token of an earlier run of a session is refused", () => {
  const world = second();
  const session = world.session("queen");
  const decision = world.send(
    { type: "complete_swarm", summary: "s" },
    { kind: "session", seat: session.seat, session: session.id, run: session.run - 1 },
  );
  expect(decision).toMatchObject({ ok: false, refusal: { code: "SESSION_ENDED" } });
});
