import { expect, test } from "vitest";
import { renderBriefing } from "../../src/domain/briefing.ts";
import { reviewFacts, taskFacts } from "../../src/domain/briefing-facts.ts";
import { eventLine } from "../../src/domain/feed.ts";
import { tokens } from "../../src/domain/foreign.ts";
import type { SeatSpec } from "../../src/domain/model.ts";
import { react } from "../../src/domain/react.ts";
import { renderReviewRequest } from "../../src/domain/review-request.ts";
import { approval, id, MINIMAL, plan, seatSpec, taskSpec, usualResult, World } from "./world.ts";

const T1 = id.task("t1");
const RESOLVER: SeatSpec = { ...seatSpec("resolver-0", "worker"), role: "resolver" };
const BOTH = [id.task("t1"), id.task("t2")];

/** t1 and t2 are in work by dev-0 and dev-1. */
function started(team: readonly SeatSpec[]): World {
  const world = World.started({}, team);
  world.settle();
  const text = (name: string, contract: string | null): string =>
    JSON.stringify({ brief: "b", criteria: [`${name} counts`, `${name} is | exported`], contract });
  world.as(
    "queen",
    plan([
      taskSpec("t1", [], { text: text("t1", null), files: ["src/t1.ts", "src/index.ts"] }),
      taskSpec("t2", [], { text: text("t2", "export const two: 2"), files: ["src/t2.ts"] }),
    ]),
  );
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}

/** What the engine owes; merges of `conflicting` meet a conflict, as does opening a worktree for it afterwards. */
function settle(world: World, conflicting: readonly string[] = []): void {
  for (let round = 0; round < 100; round += 1) {
    const { effects, due } = react(world.state, world.now);
    if (effects.length === 0 && due.length === 0) return;
    for (const command of due) world.send(command);
    for (const effect of react(world.state, world.now).effects) {
      const usual = usualResult(world.state, effect);
      const clashes = usual.type === "record_merge" && conflicting.includes(usual.task);
      const reopened = usual.type === "record_worktree" && usual.job.kind === "task" && conflicting.includes(usual.job.task);
      if (clashes) world.send({ ...usual, outcome: { kind: "conflict", paths: ["src/index.ts", "src/t2.ts"] } });
      else if (reopened) world.send({ ...usual, conflict: ["src/index.ts", "src/t2.ts"] });
      else world.send(usual);
    }
  }
  throw new Error("not settled");
}

/** The task is handed in, approved, and its merge tried. */
function finish(world: World, task: (typeof BOTH)[number], conflicting: readonly string[] = []): void {
  const { seat, attempt } = world.state.tasks.get(task) ?? {};
  world.as(seat ?? "", { type: "submit_task", task, attempt: attempt ?? 0, evidence: [1, 2], submission: "s" });
  world.endTurn(seat ?? "");
  settle(world, conflicting);
  const sha = world.state.tasks.get(task)?.sha ?? "";
  world.as("reviewer", { type: "read_diff", task, sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task, sha, criteria, findings: [], text: "{}" });
  world.endTurn("reviewer");
  settle(world, conflicting);
}
const operator = { kind: "operator" } as const;
const claims = (world: World): readonly string[] =>
  world.history.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === "task_claimed" && event.task === T1 ? [eventLine(event) ?? ""] : [])),
  );

test("[resolver.owner] the one who made it gets it back, with a resolver in the team", () => {
  const world = started([...MINIMAL, RESOLVER]);
  finish(world, T1, ["t1"]);
  expect(claims(world)).toEqual(["t1 attempt 1 claimed by dev-0", "t1 attempt 2 claimed by dev-0"]);
});

test("[resolver.gone] the maker was stopped while its work was looked at: the resolver takes the conflict", () => {
  const world = started([...MINIMAL, RESOLVER]);
  world.as("dev-0", { type: "submit_task", task: T1, attempt: 1, evidence: [1, 2], submission: "s" });
  settle(world, ["t1"]);
  world.must({ type: "stop_seat", seat: id.seat("dev-0") }, operator);
  world.endTurn("dev-0");
  settle(world, ["t1"]);
  const sha = world.state.tasks.get(T1)?.sha ?? "";
  world.as("reviewer", { type: "read_diff", task: T1, sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: T1, sha, criteria, findings: [], text: "{}" });
  world.endTurn("reviewer");
  settle(world, ["t1"]);
  expect(claims(world)[1]).toBe("t1 attempt 2 claimed by resolver-0: it conflicts with merged work and dev-0, who made it, is gone");
});

test("[resolver.twice] two conflicts in a row, and it goes to the resolver though its maker is there", () => {
  const world = started([...MINIMAL, RESOLVER]);
  finish(world, T1, ["t1"]);
  finish(world, T1, ["t1"]);
  expect(claims(world)[2]).toBe("t1 attempt 3 claimed by resolver-0: it conflicted with merged work twice in a row");
});

test("[resolver.goes-on] what comes back from the checks is the resolver's again; what it gives back is not", () => {
  const world = started([...MINIMAL, RESOLVER]);
  finish(world, T1, ["t1"]);
  finish(world, T1, ["t1"]);
  world.as("resolver-0", { type: "submit_task", task: T1, attempt: 3, evidence: [1, 2], submission: "s" });
  const commit = react(world.state, world.now).effects.find(({ kind }) => kind === "commit_submission");
  if (commit) world.must(usualResult(world.state, commit));
  const checks = react(world.state, world.now).effects.find(({ kind }) => kind === "run_checks");
  const failed = checks && usualResult(world.state, checks);
  if (failed?.type === "record_checks")
    world.must({ ...failed, checks: [{ check: "commands", passed: false, input: "i", ms: 1 }], findings: "[]", findingsCount: 1 });
  world.endTurn("resolver-0");
  settle(world);
  expect(claims(world)[3]).toBe("t1 attempt 4 claimed by resolver-0: resolver-0 began to resolve its conflict");
  world.as("resolver-0", { type: "release_task", task: T1, attempt: 4, reason: "impossible", detail: "d", line: "l" });
  world.endTurn("resolver-0");
  settle(world);
  expect(claims(world)[4]).toMatch(/^t1 attempt 5 claimed by dev-\d$/);
});

test("[resolver.none] without one, another developer takes it", () => {
  const world = started(MINIMAL);
  finish(world, T1, ["t1"]);
  finish(world, T1, ["t1"]);
  expect(claims(world)[2]).toMatch(/^t1 attempt 3 claimed by dev-\d$/);
});

test("[resolver.sides] the briefing quotes what the merged side was made for, the review request what is compared", () => {
  const world = started([...MINIMAL, RESOLVER]);
  finish(world, id.task("t2"));
  finish(world, T1, ["t1"]);
  const facts = taskFacts(world.state, T1);
  if (!facts) throw new Error("t1 is gone");
  expect(facts.sides.map(({ task }) => task)).toEqual(["t2"]);
  const text = renderBriefing(facts, String);
  expect(text).toContain(['| t2 "make t2"', "| 1. t2 counts", "| 2. t2 is | exported", "| contract: export const two: 2"].join("\n"));
  const long = JSON.stringify({ brief: "b", criteria: Array.from({ length: 8 }, () => "word ".repeat(48)), contract: "word ".repeat(120) });
  const sides = [1, 2, 3].map((n) => ({ task: id.task(`t${n}`), title: "word ".repeat(40), text: long }));
  expect(tokens(renderBriefing({ ...facts, sides, text: long }, String))).toBeLessThanOrEqual(1500);
  const before = world.state.tasks.get(T1)?.clash;
  expect(before).toEqual({ sha: "sha-t1-1-1", paths: ["src/index.ts", "src/t2.ts"] });
  world.as("dev-0", { type: "submit_task", task: T1, attempt: 2, evidence: [1, 2], submission: "s" });
  world.endTurn("dev-0");
  settle(world);
  const review = reviewFacts(world.state, world.session("reviewer").id);
  expect(review).toMatchObject({ clash: "sha-t1-1-1", sha: "sha-t1-2-1", round: 1 });
  if (!review) throw new Error("no review");
  const lost = { lines: [{ path: "src/index.ts", side: "merged" as const, text: 'export * from "./t2";' }], total: 3 };
  expect(renderReviewRequest(review, String, { lost })).toContain(
    ["Of the merged work:", '| src/index.ts: export * from "./t2";', "[2 more]"].join("\n"),
  );
  expect(renderReviewRequest(review, String, { lost: { lines: [], total: 0 } })).toContain("no line that either side had added is missing");
});
