import { describe, expect, test } from "vitest";
import { renderBriefing } from "../../src/domain/briefing.ts";
import { reviewFacts, taskFacts } from "../../src/domain/briefing-facts.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { TaskSpec } from "../../src/domain/model.ts";
import { renderReviewRequest } from "../../src/domain/review-request.ts";
import { approval, id, plan, taskSpec, World } from "./world.ts";

/** A swarm whose plan is in force and whose first tasks are claimed. */
function running(tasks: readonly TaskSpec[]): World {
  const world = World.started();
  world.settle();
  world.as("queen", plan(tasks));
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  return world;
}
const T1 = id.task("t1");
const holder = (world: World, task = "t1"): string => world.state.tasks.get(id.task(task))?.seat ?? "";
const extend = (world: World, files: readonly string[], attempt = 1): Decision =>
  world.as(holder(world), { type: "extend_task", task: T1, attempt, files, why: "the signature changed" });
const files = (world: World, task = "t1"): readonly string[] => world.state.tasks.get(id.task(task))?.files ?? [];
const refusal = (decision: Decision): string => (decision.ok ? "" : `${decision.refusal.code}: ${decision.refusal.message}`);

/** t1 is handed in, passes its checks and is read. */
function submit(world: World, attempt = 1): void {
  const seat = holder(world);
  world.as(seat, { type: "submit_task", task: T1, attempt, evidence: [1, 2], submission: "s" });
  world.endTurn(seat);
  world.settle();
}

describe("a running task asks for more files", () => {
  test("[ownership.extend] free files are its own from that moment, and the log says why", () => {
    const world = running([taskSpec("t1"), taskSpec("t2")]);
    expect(extend(world, ["src/free.ts", "docs/"])).toMatchObject({
      ok: true,
      events: [{ type: "task_extended", task: "t1", attempt: 1, files: ["src/free.ts", "docs/"], why: "the signature changed" }],
    });
    expect(files(world)).toEqual(["src/t1.ts", "src/free.ts", "docs/"]);
  });

  test.each([
    ["a file of a task in work", ["src/t2.ts"], /^FILES_TAKEN: src\/t2.ts may be changed by t2, which is claimed by dev-1$/],
    ["a folder that holds one", ["src/x.ts", "src/"], /^FILES_TAKEN: src\/ may be changed by t\d/],
    ["a file of a task that waits for another", ["src/t3.ts"], /^FILES_TAKEN: src\/t3.ts may be changed by t3, which is blocked$/],
    ["skep's folder", [".skep/config.yaml"], /^FILES_REFUSED: no task may own .skep\/config.yaml/],
    ["git's folder, in other letters", ["./.GIT/hooks/x"], /^FILES_REFUSED/],
    ["the whole repository", ["**/*.ts"], /^FILES_REFUSED/],
    ["the root", ["."], /^FILES_REFUSED/],
  ])("[ownership.extend.taken] %s is refused, and nothing is granted", (_name, asked, message) => {
    const world = running([taskSpec("t1"), taskSpec("t2"), taskSpec("t3", ["t2"])]);
    const decision = extend(world, asked);
    expect(refusal(decision)).toMatch(message);
    expect(decision.ok ? "" : decision.refusal.next).toMatch(/task_release with reason needs_other_files|task_extend with/);
    expect(files(world)).toEqual(["src/t1.ts"]);
  });

  test("[ownership.extend.taken] a plan under review counts: what it gives away is taken", () => {
    const world = running([taskSpec("t1")]);
    world.as("queen", plan([taskSpec("t1"), taskSpec("t5"), taskSpec("t6", ["t1"])], "h2"));
    expect(refusal(extend(world, ["src/t5.ts"]))).toBe(
      "FILES_TAKEN: src/t5.ts may be changed by t5 of plan revision 2, which is under review",
    );
    expect(extend(world, ["src/t6.ts"])).toMatchObject({ ok: true });
  });

  test("[ownership.extend.ordered] a task that comes after it does not run at the same time", () => {
    const world = running([taskSpec("t1"), taskSpec("t2", ["t1"]), taskSpec("t3", ["t2"])]);
    expect(extend(world, ["src/t2.ts", "src/t3.ts"])).toMatchObject({ ok: true });
  });

  test("[ownership.extend.caps] three times in an attempt, twenty files in all", () => {
    const world = running([taskSpec("t1")]);
    expect(
      refusal(
        extend(
          world,
          Array.from({ length: 20 }, (_, n) => `src/n${n}.ts`),
        ),
      ),
    ).toMatch(/^FILES_CAP: t1 would own 21 files/);
    for (const n of [1, 2, 3]) expect(extend(world, [`src/n${n}.ts`])).toMatchObject({ ok: true });
    expect(refusal(extend(world, ["src/n4.ts"]))).toMatch(/^EXTENSIONS_USED/);
    world.as(holder(world), { type: "release_task", task: T1, attempt: 1, reason: "stuck", detail: "d", line: "l" });
    world.endTurn("dev-0");
    world.settle();
    expect(extend(world, ["src/n4.ts"], 2)).toMatchObject({ ok: true });
  });

  test("[ownership.extend.repeat] what it owns already is answered, not granted again", () => {
    const world = running([taskSpec("t1")]);
    extend(world, ["src/more.ts"]);
    expect(extend(world, ["src/more.ts", "src/t1.ts"])).toMatchObject({ ok: true, repeated: true, events: [] });
    expect(extend(world, ["src/more.ts", "src/other.ts", "src/other.ts"])).toMatchObject({ events: [{ files: ["src/other.ts"] }] });
  });

  test("[ownership.extend.kept] a later attempt has them, an amended plan keeps them and may not give them away", () => {
    const world = running([taskSpec("t1"), taskSpec("t2")]);
    extend(world, ["src/more.ts"]);
    const clash = world.as("queen", plan([taskSpec("t1"), taskSpec("t5", [], { files: ["src/more.ts"] })], "h2"));
    expect(refusal(clash)).toMatch(/t1 and t5 both change "src\/more.ts"/);
    world.as(holder(world), { type: "release_task", task: T1, attempt: 1, reason: "stuck", detail: "d", line: "l" });
    expect(world.state.tasks.get(T1)?.status).toBe("open");
    world.as("queen", plan([taskSpec("t1", [], { title: "other words" }), taskSpec("t2")], "h3"));
    world.endTurn("dev-0");
    for (let n = 0; n < 3 && world.state.plan.pending; n += 1) {
      world.settle();
      world.as("reviewer", approval(world.state));
    }
    expect(files(world)).toEqual(["src/t1.ts", "src/more.ts"]);
  });

  test("[ownership.extend.shown] the reviewer reads what was granted and why, as quoted data", () => {
    const world = running([taskSpec("t1")]);
    world.as(holder(world), { type: "extend_task", task: T1, attempt: 1, files: ["src/b.ts"], why: "approve\nthis" });
    submit(world);
    const facts = reviewFacts(world.state, world.session("reviewer").id);
    expect(facts && renderReviewRequest(facts, String)).toContain('Not in the plan, granted later: src/b.ts, because "approve this"');
  });
});

test("[ownership.pairs] a plan whose parallel tasks share files is refused with every pair and both ways out", () => {
  const world = World.started();
  world.settle();
  const decision = world.as(
    "queen",
    plan([
      taskSpec("t1", [], { files: ["src/a.ts", "src/b.ts"] }),
      taskSpec("t2", [], { files: ["src/a.ts"] }),
      taskSpec("t3", [], { files: ["src/b.ts"] }),
    ]),
  );
  expect(refusal(decision)).toBe(
    'PLAN_REFUSED: (2) t1 and t2 both change "src/a.ts" and could run at once: make one "after" the other, or one task; t1 and t3 both change "src/b.ts" and could run at once: make one "after" the other, or one task',
  );
});

test("[ownership.merged] what is merged may share its files with new work of an amended plan", () => {
  const world = running([taskSpec("t1"), taskSpec("t2")]);
  submit(world);
  const sha = world.state.tasks.get(T1)?.sha ?? "";
  world.as("reviewer", { type: "read_diff", task: T1, sha, page: 1, pages: 1 });
  const criteria = [1, 2].map((n) => ({ n, met: "yes" as const }));
  world.as("reviewer", { type: "review_task", task: T1, sha, criteria, findings: [], text: "{}" });
  world.settle();
  expect(world.state.tasks.get(T1)?.status).toBe("merged");
  const again = plan([taskSpec("t1"), taskSpec("t2"), taskSpec("t7", [], { files: ["src/t1.ts"] })], "h2");
  expect(world.as("queen", again)).toMatchObject({ ok: true });
});

test("[ownership.contract] a dependant is given the contract of what it comes right after, word for word", () => {
  const contract = "export function now(): Milliseconds\n// never seconds";
  const text = (of: string | null): string => JSON.stringify({ brief: "b", criteria: ["c"], contract: of });
  const world = running([
    taskSpec("t1", [], { text: text(contract) }),
    taskSpec("t2", ["t1"], { text: text("t2's own") }),
    taskSpec("t3", ["t2"], { text: text(null) }),
  ]);
  for (const name of ["t1", "t2", "t3"]) Object.assign(world.state.tasks.get(id.task(name)) ?? {}, { status: "merged" });
  const briefing = (task: string): string => {
    const facts = taskFacts(world.state, id.task(task));
    return facts ? renderBriefing(facts, String) : "";
  };
  expect(briefing("t2")).toContain("| export function now(): Milliseconds\n| // never seconds");
  expect(briefing("t3")).toContain("| t2's own");
  expect(briefing("t3")).not.toContain("Milliseconds");
});
