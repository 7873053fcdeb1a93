/** What a worker's calls answer: claims, submissions and their refusals, giving back, proposing. */
import { beforeEach, describe, expect, test } from "vitest";
import type { TaskId } from "../../src/base/ids.ts";
import type { Effect } from "../../src/domain/effects.ts";
import { runGit } from "../engine/support/repository.ts";
import { ask, connect, PLAN, TestSwarm } from "./support/swarm.ts";

let swarm: TestSwarm;
let dev: string;
beforeEach(async () => {
  swarm = await TestSwarm.start();
  await swarm.approve();
  dev = swarm.holder("t1");
});

const SUBMIT = { attempt: 1, summary: "did it", evidence: ["npm test passes", "src/a.ts:1"] };
const isStatus = (status: string) => (state: TestSwarm["state"]) => (state.tasks.get("t1" as TaskId)?.status === status ? true : null);

/** Hands in and plays the commit effect with the given result. */
async function submit(result: Partial<{ outside: string[]; kept: string; conflict: string[]; sha: string | null }>, args: object = SUBMIT) {
  const answering = swarm.call(dev, "task_submit", { ...args });
  await swarm.swarm.until(isStatus("submitted"), { timeoutMs: 5_000 });
  await swarm.settle((effect) => {
    if (effect.kind === "run_checks") return null;
    return effect.kind === "commit_submission" ? commit(effect, result) : undefined;
  });
  return answering;
}

function commit(effect: Extract<Effect, { kind: "commit_submission" }>, result: object) {
  const { task, attempt, submission } = effect;
  const sha = runGit(swarm.root, "rev-parse", "HEAD");
  return { type: "record_commit" as const, task, attempt, submission, sha, outside: [], conflict: [], ...result };
}

test("[tools.attempt] an older or later attempt is refused by every verb of a task, and nothing changes", async () => {
  const before = swarm.state.seq;
  const verbs = {
    task_submit: SUBMIT,
    task_progress: { done: "d", next: "n" },
    task_release: { reason: "stuck", detail: "d" },
    task_extend: { files: ["src/more.ts"], why: "w" },
  };
  for (const [tool, args] of Object.entries(verbs))
    for (const attempt of [0, 2]) {
      const answer = await swarm.call(dev, tool, { ...args, attempt });
      expect([tool, answer.code]).toEqual([tool, "STALE_ATTEMPT"]);
      expect(answer.text).toMatch(/t1 is at attempt 1 and belongs to dev-\d; you sent \d/);
    }
  expect(swarm.state.seq).toBe(before);
});

test("[tools.not-mine] a task of another seat is refused, also under the right attempt", async () => {
  const other = dev === "dev-0" ? "dev-1" : "dev-0";
  const stranger = { kind: "session", swarm: swarm.swarm.id, seat: other, session: swarm.session(dev).id, run: 1, duty: "worker" } as never;
  const answer = await ask(await swarm.client(other, stranger), "task_submit", { ...SUBMIT, task: "t1" });
  expect(answer.code).toBe("SESSION_ENDED");
});

describe("[tools.submit] task_submit", () => {
  test("names the criteria without evidence", async () => {
    const answer = await swarm.call(dev, "task_submit", { ...SUBMIT, evidence: ["", "src/a.ts:1"] });
    expect(answer.code).toBe("EVIDENCE_MISSING");
    expect(answer.text).toContain("t1 has 2 criteria, you sent 1 lines; 1 missing");
  });

  test("waits for the commit and refuses what is outside the task's files, in the same call", async () => {
    const answer = await submit({ outside: ["src/b.ts", 'we"ird\n.ts'], kept: "refs/skep/backup/s-1/t1-outside/0123" });
    expect(answer.code).toBe("OUT_OF_SCOPE");
    expect(answer.text).toBe(
      'OUT_OF_SCOPE: src/b.ts, "we\\"ird\\n.ts" are not in t1\'s files; what you handed in is kept at refs/skep/backup/s-1/t1-outside/0123. Next: task_extend with these files, or undo that change; then task_submit again.',
    );
    expect(swarm.task("t1")).toMatchObject({ status: "claimed", attempt: 1 });
    const second = await submit({});
    expect(second.facts).toMatchObject({ accepted: true, status: "checking" });
  });

  test("refuses a submission without a change and conflict markers left behind", async () => {
    expect((await submit({ sha: null })).code).toBe("NOTHING_CHANGED");
    const left = await submit({ conflict: ["src/a.ts"] });
    expect(left.code).toBe("CONFLICT_LEFT");
    expect(left.text).toContain("src/a.ts");
  });

  test("says when the last refusal ended the attempt", async () => {
    await submit({ outside: ["x.ts"] });
    await submit({ outside: ["x.ts"] });
    const last = await submit({ outside: ["x.ts"] });
    expect(last.code).toBe("OUT_OF_SCOPE");
    expect(last.text).toMatch(/last refusal of attempt 1: the task is open again and your work is kept\. Next: end your turn\.$/);
  });

  test("again after it was accepted answers the same with repeated", async () => {
    const first = await submit({});
    const again = await swarm.must(dev, "task_submit", SUBMIT);
    expect(again.facts).toEqual({ ...first.facts, repeated: true });
    expect(swarm.task("t1").submissions).toBe(1);
  });

  test("answers before the client gives up when nobody commits", async () => {
    const closing = new AbortController();
    const client = await connect(swarm.caller(dev), swarm.project, closing.signal);
    const answering = ask(client, "task_submit", SUBMIT);
    await swarm.swarm.until(isStatus("submitted"), { timeoutMs: 5_000 });
    closing.abort();
    expect((await answering).facts).toMatchObject({ accepted: true, status: "submitted" });
  });
});

describe("[tools.claim] task_claim", () => {
  test("gives the briefing the session began with, as text alone", async () => {
    const answer = await swarm.must(dev, "task_claim", { task: "t1" });
    expect(answer.text).toContain("# Task t1, attempt 1: Add add()");
    expect(answer.text).toContain("add(1, 2) is 3");
    expect(answer.raw.structuredContent).toBeUndefined();
  });

  test("refuses a second task while one is held", async () => {
    const answer = await swarm.call(dev, "task_claim", { task: "t2" });
    expect(answer.code).toBe("HOLDS_TASK");
  });

  test("with nothing open answers NO_TASK as a normal answer", async () => {
    await submit({});
    const none = await swarm.must(dev, "task_claim");
    expect(none.text).toMatch(/^NO_TASK: .*1 wait for others.* Next: end your turn; you are woken when one opens\./);
  });

  test("takes a further task in the same session: PREPARING until its worktree stands, then its briefing", async () => {
    const tasks = ["t1", "t2", "t3"].map((id) => ({ ...PLAN.tasks[0], id, meets: [1, 2], files: [`src/${id}.ts`] }));
    swarm = await TestSwarm.start();
    await swarm.approve({ ...PLAN, tasks });
    dev = swarm.holder("t1");
    await submit({});
    const closing = new AbortController();
    const claiming = ask(await connect(swarm.caller(dev), swarm.project, closing.signal), "task_claim");
    await swarm.swarm.until((state) => (state.tasks.get("t3" as TaskId)?.status === "claimed" ? true : null), { timeoutMs: 5_000 });
    closing.abort();
    const early = await claiming;
    expect(early.raw.isError).toBeUndefined();
    expect(early.text).toBe("PREPARING: t3 is yours, its worktree is still being made. Next: task_claim again.\n".trim());
    await swarm.settle((effect) => (effect.kind === "run_checks" ? null : undefined));
    expect((await swarm.must(dev, "task_claim")).text).toContain("# Task t3, attempt 1");
  });
});

test("[ownership.extend.tool] task_extend answers with all files of the task, twice the same; taken files come with the way out", async () => {
  const args = { attempt: 1, files: ["src/free.ts"], why: "its type is used there" };
  const first = await swarm.must(dev, "task_extend", args);
  expect(first.facts).toMatchObject({ task: "t1", files: [...(PLAN.tasks[0]?.files ?? []), "src/free.ts"] });
  expect((await swarm.must(dev, "task_extend", args)).facts).toEqual({ ...first.facts, repeated: true });
  const kept = await swarm.call(dev, "task_extend", { ...args, files: [".skep/config.yaml"] });
  expect(kept.text).toContain("outside .git and .skep");
  expect(swarm.task("t1").granted).toEqual([{ attempt: 1, files: ["src/free.ts"], why: args.why }]);
});

test("[tools.release] giving back opens the task again, and giving back twice is one giving back", async () => {
  const args = { attempt: 1, reason: "impossible", detail: "criteria 1 and 2\nsay different things" };
  const first = await swarm.must(dev, "task_release", args);
  expect(first.facts).toMatchObject({ task: "t1", status: "released" });
  const again = await swarm.must(dev, "task_release", args);
  expect(again.facts).toEqual({ ...first.facts, repeated: true });
  expect(swarm.task("t1").history).toEqual([
    { attempt: 1, seat: dev, result: "released", why: "impossible: criteria 1 and 2 say different things", approach: args.detail },
  ]);
});

test("[tools.progress] the same note twice is one note, another one counts", async () => {
  const note = { attempt: 1, done: "wrote add", next: "test it" };
  await swarm.must(dev, "task_progress", note);
  const seq = swarm.state.seq;
  expect((await swarm.must(dev, "task_progress", note)).facts.repeated).toBe(true);
  expect(swarm.state.seq).toBe(seq);
  await swarm.must(dev, "task_progress", { ...note, done: "tested", learned: "it throws" });
  expect(JSON.parse(await swarm.swarm.read(swarm.task("t1").progress ?? ""))).toEqual({
    done: "tested",
    next: "test it",
    learned: "it throws",
  });
});

test("[tools.propose] a proposal has one id however often it is made, and only the queen takes it up", async () => {
  const proposal = { title: "Fix b", brief: "b is wrong", files: ["src/b.ts"], criteria: ["b is 2"] };
  const first = await swarm.must(dev, "task_propose", proposal);
  const again = await swarm.must(dev, "task_propose", proposal);
  expect(again.facts).toEqual({ ...first.facts, repeated: true });
  const other = await swarm.must(dev, "task_propose", { ...proposal, title: "Fix c" });
  expect(other.facts.proposal).not.toBe(first.facts.proposal);
  await swarm.settle();
  const spec = { ...PLAN.tasks[1], id: "t9", files: ["src/c.ts"], after: [], from: first.facts.proposal };
  const taken = await swarm.must("queen", "task_create", spec);
  expect(taken.facts).toMatchObject({ task: "t9", revision: 2 });
  expect((await swarm.must("queen", "task_create", spec)).facts).toMatchObject({ task: "t9", revision: 2, repeated: true });
  const declined = { task: other.facts.proposal, why: "not now" };
  expect((await swarm.must("queen", "task_cancel", declined)).facts).toEqual({ task: other.facts.proposal, status: "cancelled" });
  expect((await swarm.must("queen", "task_cancel", declined)).facts.repeated).toBe(true);
});
