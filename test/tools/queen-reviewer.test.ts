/** What the queen's and the reviewer's calls answer: plans, their reviews, code reviews and what skep makes of them. */
import { beforeEach, describe, expect, test } from "vitest";
import { PLAN, TestSwarm } from "./support/swarm.ts";

let swarm: TestSwarm;
beforeEach(async () => {
  swarm = await TestSwarm.start();
});

describe("[tools.plan] plan_submit", () => {
  test("again is the first answer, another plan is another revision", async () => {
    const first = await swarm.must("queen", "plan_submit", PLAN);
    expect(first.facts.plan_hash).toMatch(/^[0-9a-f]{16}$/);
    // The order of fields says nothing.
    const reordered = Object.fromEntries(Object.entries(PLAN).reverse());
    expect((await swarm.must("queen", "plan_submit", reordered)).facts).toEqual({ ...first.facts, repeated: true });
    const other = await swarm.must("queen", "plan_submit", { ...PLAN, approach: "another way" });
    expect(other.facts).toMatchObject({ revision: 2 });
    expect(other.facts.plan_hash).not.toBe(first.facts.plan_hash);
  });

  test("is refused with all problems at once, and warned about what only may go wrong", async () => {
    const [one, two] = PLAN.tasks;
    const cycle = {
      ...PLAN,
      tasks: [
        { ...one, after: ["t2"] },
        { ...two, after: ["t1", "t7"], meets: [] },
      ],
    };
    const refused = await swarm.call("queen", "plan_submit", cycle);
    expect(refused.code).toBe("PLAN_REFUSED");
    expect(refused.text).toContain("t2 comes after t7, which is not in the plan");
    expect(refused.text).toContain("circle");
    expect(refused.text).toContain("condition 2 is met by no task");
    const vague = { ...PLAN, tasks: [one, { ...two, criteria: ["it works properly"], files: ["test/b.test.ts"], proof: "review_only" }] };
    const { warnings } = (await swarm.must("queen", "plan_submit", vague)).facts as { warnings: string[] };
    expect(warnings).toEqual([
      't2 criterion 1 says "properly", which nobody can decide',
      "t2 only tests what t1 makes: tests belong to the task that changes the code",
      "t2 has no proof a program can run",
      "one agent would do: the plan has 2 tasks; hand in one task if nothing else speaks for several",
    ]);
  });

  test("too large for the log is refused with its largest tasks named", async () => {
    const files = Array.from({ length: 20 }, (_, index) => `${"d/".repeat(70)}${index}`);
    const tasks = Array.from({ length: 20 }, (_, index) => ({
      ...PLAN.tasks[0],
      id: `t${index}`,
      files: files.map((file) => `${file}x${index}`),
    }));
    const refused = await swarm.call("queen", "plan_submit", { ...PLAN, tasks });
    expect(refused.code).toBe("PLAN_TOO_LARGE");
    expect(refused.text).toMatch(/largest are t\d+ \d+ bytes/);
  });
});

describe("[tools.plan-review] plan_review_submit", () => {
  const coverage = [
    { condition: 1, tasks: ["t1"] },
    { condition: 2, tasks: ["t2"] },
  ];
  let bound: { revision: number; plan_hash: string };
  beforeEach(async () => {
    const { revision, plan_hash } = (await swarm.must("queen", "plan_submit", PLAN)).facts as typeof bound;
    bound = { revision, plan_hash };
    await swarm.settle();
  });

  test("is bound to revision and hash, and asks for every condition", async () => {
    expect((await swarm.call("reviewer", "plan_review_submit", { ...bound, revision: 7, coverage, findings: [] })).code).toBe(
      "PLAN_CHANGED",
    );
    expect((await swarm.call("reviewer", "plan_review_submit", { ...bound, plan_hash: "x", coverage, findings: [] })).code).toBe(
      "PLAN_CHANGED",
    );
    const partial = await swarm.call("reviewer", "plan_review_submit", { ...bound, coverage: coverage.slice(0, 1), findings: [] });
    expect(partial.code).toBe("COVERAGE_MISSING");
    expect(partial.text).toContain("no entry for condition 2");
  });

  test("with a blocking finding returns the plan and says where the maps differ; again it is the same answer", async () => {
    const review = {
      ...bound,
      coverage: [{ condition: 1, tasks: ["t2"] }, coverage[1]],
      findings: [{ kind: "too_big", problem: "t1 is two things", blocking: true, task: "t1" }],
    };
    const first = await swarm.must("reviewer", "plan_review_submit", review);
    expect(first.facts).toMatchObject({ verdict: "returned", revision: 1 });
    const kept = JSON.parse(await swarm.swarm.read(swarm.state.plan.findings ?? ""));
    expect(kept.findings).toEqual([
      { kind: "too_big", problem: "t1 is two things", blocking: true, task: "t1" },
      { kind: "wrong_assumption", task: null, problem: "condition 1: the plan says t1 meets it, the review says t2", blocking: false },
    ]);
    expect((await swarm.must("reviewer", "plan_review_submit", review)).facts).toEqual({ ...first.facts, repeated: true });
  });
});

describe("[tools.review] task_review_submit", () => {
  let sha: string;
  beforeEach(async () => {
    await swarm.approve();
    const dev = swarm.holder("t1");
    const submitting = swarm.call(dev, "task_submit", { attempt: 1, summary: "s", evidence: ["a", "b"] });
    await swarm.swarm.until((state) => (state.byStatus.submitted.size > 0 ? true : null), { timeoutMs: 5_000 });
    await swarm.settle();
    await submitting;
    await swarm.endTurn(dev);
    await swarm.settle();
    sha = swarm.task("t1").sha ?? "";
  });
  const met = [1, 2].map((n) => ({ n, met: "yes", evidence: "src/a.ts:2 does it" }));
  const finding = {
    effect: "wrong_result",
    file: "src/a.ts",
    line: 1,
    title: "adds wrongly",
    trigger: "add(1, 2) gives 4",
    confidence: "high",
  };
  const review = (more: object) => swarm.call("reviewer", "task_review_submit", { task: "t1", sha, criteria: met, findings: [], ...more });

  test("is refused before every page of the diff was fetched, and pages of another task do not count", async () => {
    const unread = await review({});
    expect(unread.code).toBe("DIFF_UNREAD");
    expect(unread.text).toContain("Next: diff_get for t1 with cursor p1.");
    expect((await swarm.call("reviewer", "diff_get", { task: "t2" })).code).toBe("NO_DIFF");
    expect((await swarm.call("reviewer", "diff_get", { task: "t1", cursor: "p9" })).code).toBe("NO_PAGE");
    const page = await swarm.must("reviewer", "diff_get", { task: "t1" });
    expect(page.text).toMatch(/^modified src\/a\.ts \+2 -1\n\n=== src\/a\.ts/);
    expect((await review({})).facts.verdict).toBe("approved");
  });

  test("counts each page: the first missing one is named, and pages come whole and small", async () => {
    await swarm.must("reviewer", "diff_get", { task: "t1" });
    await review({ findings: [finding] });
    await swarm.endTurn("reviewer");
    await swarm.settle();
    const dev = swarm.holder("t1");
    const submitting = swarm.call(dev, "task_submit", { attempt: 2, summary: "s", evidence: ["a", "b"] });
    await swarm.swarm.until((state) => (state.byStatus.submitted.size > 0 ? true : null), { timeoutMs: 5_000 });
    const text = Array.from({ length: 3_000 }, (_, n) => `export const number${n} = ${n};`).join("\n");
    await swarm.settle((effect) => {
      if (effect.kind !== "commit_submission") return undefined;
      const { task, attempt, submission } = effect;
      return { type: "record_commit", task, attempt, submission, sha: swarm.submission(effect, `${text}\n`), outside: [], conflict: [] };
    });
    await submitting;
    sha = swarm.task("t1").sha ?? "";
    let pages = 0;
    for (let cursor: string | undefined = "p1"; cursor; pages++) {
      const { text: page } = await swarm.must("reviewer", "diff_get", { task: "t1", cursor });
      expect(Buffer.byteLength(page)).toBeLessThan(21_000);
      cursor = /and cursor (p\d+)\]\s*$/.exec(page)?.[1];
      if (cursor === "p3") break;
    }
    expect(pages).toBe(1);
    const unread = await review({ earlier: [{ id: "f1", state: "fixed" }] });
    expect(unread.code).toBe("DIFF_UNREAD");
    expect(unread.text).toContain("Next: diff_get for t1 with cursor p3.");
  });

  test("is refused on another commit, with a criterion unanswered, doubled or without ground", async () => {
    await swarm.must("reviewer", "diff_get", { task: "t1" });
    expect((await review({ sha: "0123456789ab" })).code).toBe("SHA_CHANGED");
    expect((await review({ criteria: met.slice(0, 1) })).code).toBe("CRITERIA_MISSING");
    expect((await review({ criteria: [met[0], met[0]] })).code).toBe("BAD_INPUT");
    const invented = await review({ criteria: [met[0], { n: 2, met: "yes", evidence: "src/a.ts:999 and src/no.ts:1" }] });
    expect(invented.code).toBe("EVIDENCE_UNKNOWN");
    expect(invented.text).toContain("criterion 2 of t1");
    expect(swarm.task("t1").status).toBe("reviewing");
  });

  test("derives the verdict, drops what has no ground, and keeps doubts as notes", async () => {
    await swarm.must("reviewer", "diff_get", { task: "t1" });
    const answer = await review({
      findings: [
        finding,
        { ...finding, line: 900, title: "no such line" },
        { ...finding, file: "src/none.ts", title: "no such file" },
        { ...finding, file: "README.md", title: "not of this change" },
        { ...finding, title: "the same again" },
        { ...finding, line: 2, title: "perhaps", confidence: "low" },
        { ...finding, line: 2, effect: "style", title: "long line" },
      ],
    });
    expect(answer.facts.verdict).toBe("changes_requested");
    expect(answer.facts.blocking).toEqual(["f1: adds wrongly"]);
    expect(answer.facts.notes).toEqual(["f2: perhaps", "f3: long line"]);
    expect(answer.facts.dropped).toEqual([
      { title: "no such line", why: "it has only 2 lines" },
      { title: "no such file", why: 'there is no file "src/none.ts" at this commit' },
      { title: "not of this change", why: "it is about a file this change does not touch, and names no changed line that causes it" },
      { title: "the same again", why: "the same as f1" },
    ]);
    expect(swarm.task("t1")).toMatchObject({ status: "open", attempt: 1 });
    expect((await review({ findings: [finding] })).facts).toMatchObject({ verdict: "changes_requested", repeated: true });
  });

  const verify = (more: object) => swarm.call("reviewer", "finding_verify", { task: "t1", sha, evidence: "ran it", ...more });

  test("[review.tool.verify] what the reviewer is not sure of is answered by a session that sees that point alone", async () => {
    await swarm.must("reviewer", "diff_get", { task: "t1" });
    const answer = await review({
      criteria: [met[0], { n: 2, met: "cannot_tell", evidence: "no test of it" }],
      findings: [
        { ...finding, confidence: "low" },
        { ...finding, effect: "style", line: 2 },
      ],
    });
    expect(answer.facts).toMatchObject({ verdict: "doubts_open", doubts: ["c2", "f1"] });
    expect((await verify({ finding: "f1", answer: "refuted" })).code).toBe("NOT_YOURS");
    await swarm.endTurn("reviewer");
    await swarm.settle();

    const request = (await swarm.must("reviewer", "task_get", { task: "t1" })).text;
    expect(request).toContain("# One point of the review of t1: c2");
    expect(request).toContain("| it is exported");
    expect(request).not.toContain("adds wrongly");
    expect((await swarm.must("reviewer", "whoami")).facts).toMatchObject({ job: { kind: "verify", task: "t1", sha, finding: "c2" } });
    expect((await verify({ finding: "c2", answer: "refuted" })).code).toBe("EVIDENCE_UNKNOWN");
    expect((await verify({ finding: "c2", answer: "refuted", sha: "0123456789ab", evidence: "src/a.ts:1" })).code).toBe("SHA_CHANGED");
    const first = { finding: "c2", answer: "refuted", evidence: "src/a.ts:1 exports it" };
    expect((await verify(first)).facts.verdict).toBe("doubts_open");
    expect((await verify(first)).facts).toMatchObject({ verdict: "doubts_open", repeated: true });
    await swarm.endTurn("reviewer");
    await swarm.settle();

    const second = (await swarm.must("reviewer", "task_get", { task: "t1" })).text;
    expect(second).toContain("| adds wrongly");
    expect(second).not.toContain("no test of it");
    expect((await verify({ finding: "f9", answer: "confirmed" })).code).toBe("NO_DOUBT");
    expect((await verify({ finding: "f1", answer: "confirmed", evidence: "add(1, 2) is 4 here" })).facts.verdict).toBe("changes_requested");
    await swarm.settle();
    const briefing = (await swarm.must(swarm.holder("t1"), "task_get", { task: "t1" })).text;
    expect(briefing).toContain("f1 wrong_result src/a.ts:1: adds wrongly");
    expect(briefing).not.toContain("criterion 2");
  });

  test("[review.tool.refuted] doubts that are refuted leave nothing to talk down: the task is approved", async () => {
    await swarm.must("reviewer", "diff_get", { task: "t1" });
    await review({ findings: [{ ...finding, confidence: "medium" }] });
    await swarm.endTurn("reviewer");
    await swarm.settle();
    expect((await verify({ finding: "f1", answer: "refuted" })).facts.verdict).toBe("approved");
    expect(swarm.task("t1").status).toBe("approved");
  });

  test("in a second round asks what became of each earlier finding, and one left open blocks again", async () => {
    await swarm.must("reviewer", "diff_get", { task: "t1" });
    await review({ findings: [finding] });
    await swarm.endTurn("reviewer");
    await swarm.settle();
    const dev = swarm.holder("t1");
    const submitting = swarm.call(dev, "task_submit", { attempt: 2, summary: "s", evidence: ["a", "b"] });
    await swarm.swarm.until((state) => (state.byStatus.submitted.size > 0 ? true : null), { timeoutMs: 5_000 });
    await swarm.settle();
    await submitting;
    sha = swarm.task("t1").sha ?? "";
    await swarm.must("reviewer", "diff_get", { task: "t1" });
    const silent = await review({});
    expect(silent.code).toBe("EARLIER_MISSING");
    expect(silent.text).toContain("f1");
    const open = await review({ earlier: [{ id: "f1", state: "open" }] });
    expect(open.facts).toMatchObject({ verdict: "changes_requested", blocking: ["f1: adds wrongly"] });
  });
});

test("[tools.blind] a reviewer sees neither who wrote a task nor a word of theirs", async () => {
  await swarm.approve();
  const dev = swarm.holder("t1");
  await swarm.must(dev, "task_progress", { attempt: 1, done: "SECRETWORD", next: "n", learned: "SECRETWORD" });
  const submitting = swarm.call(dev, "task_submit", { attempt: 1, summary: "SECRETWORD", evidence: ["SECRETWORD", "b"] });
  await swarm.swarm.until((state) => (state.byStatus.submitted.size > 0 ? true : null), { timeoutMs: 5_000 });
  await swarm.settle();
  await submitting;
  for (const [tool, args] of [
    ["whoami", {}],
    ["task_list", {}],
    ["task_get", { task: "t1" }],
    ["task_get", { task: "t2" }],
    ["diff_get", { task: "t1" }],
  ] as const) {
    const { text } = await swarm.must("reviewer", tool, args);
    expect(text).not.toContain("SECRETWORD");
    expect(text).not.toMatch(/\bdev-\d/);
  }
  expect((await swarm.must("queen", "task_list")).text).toMatch(/t1 reviewing attempt 1/);
});

test("[tools.complete] swarm_complete is refused while anything is open, listing it", async () => {
  await swarm.approve();
  const answer = await swarm.call("queen", "swarm_complete", { summary: "done" });
  expect(answer.code).toBe("NOT_COMPLETE");
  expect(answer.text).toContain("t2 is blocked");
  expect(answer.text).toContain("t1 is claimed");
  expect(answer.text).toContain("condition 2 has no merged task");
});
