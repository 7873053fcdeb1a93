/** collab_contribute through a real client: who may call it, with what, and that a part counts once. */
import { beforeAll, describe, expect, test } from "vitest";
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import type { TaskSpec } from "../../src/domain/model.ts";
import { MODES } from "../../src/domain/modes/index.ts";
import type { Caller } from "../../src/engine/caller.ts";
import { projectAt, repository } from "../engine/support/repository.ts";
import { ask, connect, FILES, TestSwarm } from "./support/swarm.ts";

let swarm: TestSwarm;
const MINE = { attempt: 1, step: 1, summary: "I would look at the types", confidence: 0.8, artifacts: { strategy: "types first" } };

beforeAll(async () => {
  swarm = await TestSwarm.start();
  await swarm.must("operator", "spawn_role", { role: "reviewer", agents: 2 });
  const spec: TaskSpec = {
    ...{ id: "t1" as TaskId, title: "Add add()", role: "developer", files: ["src/a.ts"], after: [], criteria: 1, meets: [1] },
    ...{ proof: "tests_pass", risk: "normal", text: JSON.stringify({ brief: "add it", criteria: ["it adds"], contract: null }) },
    mode: {
      kind: "circling",
      seats: [
        { place: "worker", role: "developer" },
        { place: "rev_a", role: "reviewer" },
        { place: "rev_b", role: "reviewer" },
      ],
    },
  };
  const queen = swarm.caller("queen") as Extract<Caller, { kind: "session" }>;
  const { seat, session, run } = queen;
  const body = { hash: "h1", goal: "add", conditions: ["it adds"], text: "{}", tasks: [spec] };
  const answer = await swarm.swarm.submit({ type: "submit_plan", ...body }, { kind: "session", seat, session, run });
  expect(answer.ok ? "" : answer.refusal.message).toBe("");
  await swarm.endTurn("queen");
  await swarm.settle();
  const reviewer = [...swarm.state.sessions.values()].find(({ job }) => job.kind === "plan_review")?.seat ?? "";
  const bound = { revision: 1, plan_hash: "h1", coverage: [{ condition: 1, tasks: ["t1"] }], findings: [] };
  await swarm.must(reviewer, "plan_review_submit", bound);
  await swarm.endTurn(reviewer);
  await swarm.settle();
});

const seatOf = (place: string): SeatId => swarm.task("t1").collab?.places.find((one) => one.place === place)?.seat ?? ("" as SeatId);

test("[mode.tool.shown] a participant sees its tool and not those of its duty; the others see the opposite", async () => {
  const names = async (seat: string) => (await (await swarm.client(seat)).listTools()).tools.map(({ name }) => name);
  for (const place of ["worker", "rev_a", "rev_b"])
    expect(await names(seatOf(place))).toEqual(["collab_contribute", "human_ask", "inbox_read", "task_get", "task_list", "whoami"]);
  expect(await names("queen")).not.toContain("collab_contribute");
  expect((await swarm.call("queen", "collab_contribute", MINE)).code).toBe("NOT_ALLOWED");
  expect((await swarm.call(seatOf("worker"), "task_submit", { attempt: 1, summary: "s", evidence: ["e"] })).code).toBe("NOT_ALLOWED");
  // No other way from one to the other than the step itself.
  const letter = { to: seatOf("rev_b"), subject: "between us", body: "I found this" };
  expect((await swarm.call(seatOf("rev_a"), "message_send", letter)).code).toBe("NOT_ALLOWED");
  // Nor to the work before its mode shows it.
  expect((await swarm.call(seatOf("rev_a"), "diff_get", { task: "t1" })).code).toBe("NOT_ALLOWED");
});

test("[mode.tool.told] whoami and the briefing name the part, and the briefing is what task_get gives", async () => {
  const seat = seatOf("rev_a");
  const me = await swarm.must(seat, "whoami");
  expect(me.facts).toMatchObject({ job: { kind: "collab", task: "t1", attempt: 1, place: "rev_a", step: 1 } });
  expect(me.facts.next).toContain("collab_contribute with attempt 1 and step 1");
  const { text } = await swarm.must(seat, "task_get", { task: "t1" });
  expect(text).toContain("you are rev_a. Step 1, round 1 of at most 3.");
  expect(text).toContain("artifacts: strategy");
  expect(text).toContain("You only read");
});

describe("[mode.tool.refused] what does not fit is refused with what was wrong", () => {
  test.each([
    ["an unknown field", { ...MINE, from: "rev_b" }, "BAD_INPUT", "from"],
    ["a vote of another kind", { ...MINE, vote: "yes" }, "BAD_INPUT", "vote must be one of converged, continue, blocked"],
    ["a confidence beyond one", { ...MINE, confidence: 2 }, "BAD_INPUT", "confidence"],
    ["an artifact nobody knows", { ...MINE, artifacts: { poem: "…" } }, "BAD_INPUT", "poem"],
    ["another swarm", { ...MINE, swarm: "s-other" }, "FOREIGN_SWARM", "s-other"],
    ["an older attempt", { ...MINE, attempt: 0 }, "STALE_ATTEMPT", "attempt 1"],
    ["another step", { ...MINE, step: 2 }, "STALE_STEP", "yours was 1"],
    ["nothing of what is asked for", { ...MINE, artifacts: {} }, "CONTRIBUTION_UNFIT", "strategy is missing"],
    [
      "what others are asked for",
      { ...MINE, artifacts: { ...MINE.artifacts, analysis: "a" } },
      "CONTRIBUTION_UNFIT",
      "analysis is not asked for",
    ],
    ["a vote where none is asked for", { ...MINE, vote: "converged" }, "CONTRIBUTION_UNFIT", "no vote"],
  ])("%s", async (_, args, code, text) => {
    const answer = await swarm.call(seatOf("rev_a"), "collab_contribute", args);
    expect([answer.code, answer.text]).toEqual([code, expect.stringContaining(text)]);
  });
});

test("[mode.tool.judged] as many judgements fit as the most reviewers may list findings; what does not fit here is the step", async () => {
  const finding = { location: "src/a.ts:1", impact: "wrong", recommendation: "mend it" };
  const judgement = { finding: "rev_a-2-1", verdict: "ACCEPT", reason: "so it is" };
  const code = async (artifacts: object) => (await swarm.call(seatOf("rev_a"), "collab_contribute", { ...MINE, artifacts })).code;
  let most = 1;
  while ((await code({ findings: Array(most + 1).fill(finding) })) !== "BAD_INPUT") most += 1;
  const reviewers = Math.max(...Object.values(MODES).map(({ seats }) => seats.most)) - 1;
  expect(await code({ judgements: Array(most * reviewers).fill(judgement) })).toBe("CONTRIBUTION_UNFIT");
});

test("[mode.tool.once] a repeat gets the first answer and counts no second time; a session that is over is told so", async () => {
  const seat = seatOf("rev_a");
  const client = await swarm.client(seat);
  const facts = { accepted: true, task: "t1", step: 1, place: "rev_a", next: "End your turn." };
  expect((await swarm.must(seat, "collab_contribute", MINE)).facts).toEqual(facts);
  expect((await swarm.must(seat, "collab_contribute", MINE)).facts).toEqual({ ...facts, repeated: true });
  expect(swarm.task("t1").collab?.given).toHaveLength(1);
  const [note, strategy] = swarm.task("t1").collab?.given[0]?.parts ?? [];
  expect([note?.what, strategy]).toEqual(["notes", { what: "strategy", text: "types first" }]);
  await swarm.endTurn(seat);
  await swarm.settle();
  expect((await ask(client, "collab_contribute", MINE)).code).toMatch(/SESSION_ENDED|NOT_ALLOWED/);
  expect((await ask(client, "whoami")).code).toBe("SESSION_ENDED");
});

test("[mode.recruit] what a team can never fill is refused before anything begins, in its line; nobody does it alone instead", async () => {
  const seats = "[{place: a}, {place: b}, {place: c, provider: nobody}]";
  const work = `{id: w, title: W, scope: [src/a.ts], brief: "{{goal}}", acceptance: [done], delegation: {mode: parallel, seats: ${seats}}}`;
  const pipeline = `id: three\ntitle: Three\nabout: Three do it.\nteam: solo\nphases:\n  - {id: one, title: One, done: done, tasks: [${work}]}\n`;
  const project = await projectAt(repository({ ...FILES, ".skep/templates/pipelines/three.yaml": pipeline }));
  const answer = await ask(await connect({ kind: "operator" }, project), "pipeline_start", {
    name: "three",
    goal: "g",
    harness: "scripted",
  });
  expect([answer.code, answer.text]).toEqual(["PIPELINE_INVALID", expect.stringContaining("three.yaml:6:")]);
  expect(answer.text).toContain("no 3 different agents for a: developer, b: developer, c: developer on nobody");
  expect(await project.swarms()).toEqual([]);
});
