/** Modes with real processes, real git and a host that dies: to the merge of what several made together. */
import { afterEach, expect, test } from "vitest";
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import type { Event, EventOf, EventType } from "../../src/domain/events.ts";
import type { State, TaskSpec } from "../../src/domain/model.ts";
import type { ModeSpec } from "../../src/domain/modes/mode.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { first } from "../e2e/support/first.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const T1 = "t1" as TaskId;
const TEAM = `id: crew
title: Those who work together
seats: [{role: queen}, {role: reviewer, count: 3}, {role: developer, count: 3}]
`;

/** `with` holds what the step asks for beside the words everybody gives. */
const give = (vote = "", artifacts = ""): string =>
  `{call: collab_contribute, with: {attempt: "\${attempt}", step: "\${step}", summary: "of \${place} in \${step}", confidence: 0.9${vote}${artifacts === "" ? "" : `, artifacts: {${artifacts}}`}}}`;
const vote = (what = "converged"): string => `, vote: ${what}`;
const write = (text: string): string => `{edit: out/t1.txt, content: "${text}\\n"}`;
const FOUND = 'findings: [{location: "out/t1.txt:1", impact: wrong, recommendation: mend it}]';
const judged = (step: number): string =>
  `judgements: [${["rev_a", "rev_b"].map((place) => `{finding: ${place}-${step}-1, verdict: ACCEPT, reason: so it is}`).join(", ")}]`;

const playbook = (together: string, result = write("result")): string => `
queen:
  - {say: "the plan comes from outside"}
  - {wait: turn}
  - {call: swarm_complete, with: {summary: it is there}}
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1]}], findings: []}
tasks:
  default:
    default: [${result}, {call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["out/t1.txt:1"]}}]
reviews:
  default:
    default:
      - {call: diff_get, with: {task: "\${task}"}}
      - {call: task_review_submit, with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "out/t1.txt:1"}], findings: []}}
together:
  t1:${together}
`;

/** A plan with a mode, handed in as the queen's session would. */
async function plan(rig: Rig, mode: ModeSpec): Promise<LiveSwarm> {
  const swarm = await rig.create("One file", "crew");
  const queen = await rig.until(swarm, "the queen", ({ seats, sessions }) => {
    const session = sessions.get(seats.get("queen" as SeatId)?.session as never);
    return session && session.run > 0 ? { kind: "session" as const, seat: session.seat, session: session.id, run: session.run } : null;
  });
  const text = await swarm.keep(JSON.stringify({ brief: "Write the file.", criteria: ["it is there"], contract: null }));
  const spec: TaskSpec = {
    ...{ id: T1, title: "Write it", role: "developer", files: ["out/t1.txt"], after: [], criteria: 1, meets: [1] },
    ...{ proof: "check_only", risk: "normal", text, mode },
  };
  const body = { goal: "One file", conditions: ["it is there"], text: "{}", tasks: [spec] };
  const answer = await swarm.submit({ type: "submit_plan", hash: "h1", ...body }, queen);
  expect(answer).toMatchObject({ ok: true });
  return swarm;
}

async function run(together: string, mode: ModeSpec, result?: string): Promise<{ rig: Rig; swarm: LiveSwarm }> {
  const rig = await makeRig({ playbook: playbook(together, result), files: { ".skep/templates/teams/crew.yaml": TEAM } });
  rigs.push(rig);
  return { rig, swarm: await plan(rig, mode) };
}

const ended = (state: Readonly<State>): boolean => state.status === "completed" && state.closed;
async function events(swarm: LiveSwarm): Promise<readonly Event[]> {
  return (await swarm.events(0)).flatMap((commit) => commit.events);
}
const of = <T extends EventType>(all: readonly Event[], type: T): readonly EventOf<T>[] =>
  all.filter((event): event is EventOf<T> => event.type === type);
const file = (rig: Rig, swarm: LiveSwarm): string => rig.repo.git("show", `${swarm.state.branch}:out/t1.txt`);
const phases = (all: readonly Event[]): readonly string[] => of(all, "step_begun").map(({ cursor }) => `${cursor.phase} ${cursor.round}`);

const READERS: ModeSpec["seats"] = [
  { place: "worker", role: "developer" },
  { place: "rev_a", role: "reviewer" },
  { place: "rev_b", role: "reviewer" },
];
const WRITERS: ModeSpec["seats"] = ["a", "b", "c"].map((place) => ({ place, role: "developer" }));

const CIRCLING = `
    worker 1: [${write("first")}, ${give()}]
    worker 2: [${write("not to be changed here")}, ${give("", "analysis: it may be wrong")}]
    worker 3: [{run: [grep, -q, first, out/t1.txt]}, ${write("second")}, ${give(vote(), judged(2))}]
    worker 4: [{run: [grep, -q, second, out/t1.txt]}, ${give(vote(), "completion: [{item: it is there, done: true}]")}]
    rev_a 1: [{run: [test, "!", -e, out/t1.txt]}, ${give("", "strategy: look at the file")}]
    rev_b 1: [${give("", "strategy: look at it twice")}]
    rev_a 2: [{run: [grep, -q, first, out/t1.txt]}, ${write("what a reviewer wrote")}, ${give("", FOUND)}]
    rev_b 2: [${give("", FOUND)}]
    rev_a 3: [{run: [grep, -q, first, out/t1.txt]}, ${give(vote(), "strategy: the same")}]
    rev_b 3: [${give(vote(), "strategy: the same")}]
    default: [${give(vote())}]`;

test("[mode.e2e.circling] the host dies in every step, and the swarm ends with what the three made; what readers write is thrown away", async () => {
  const { rig, swarm } = await run(CIRCLING, { kind: "circling", seats: READERS }, "{run: [grep, -q, second, out/t1.txt]}");
  for (const step of [1, 2, 3, 4]) {
    await rig.until(swarm, `step ${step}`, ({ sessions, tasks }) => {
      const at = [...sessions.values()].some(({ job, status }) => job.kind === "collab" && job.step === step && status === "live");
      return at || (tasks.get(T1)?.collab?.step ?? 0) > step;
    });
    rig.killHost();
  }
  await rig.until(swarm, "the end", ended, 100_000);
  const all = await events(swarm);
  expect(phases(all)).toEqual(["init 1", "analyse 1", "refine 1", "final 1"]);
  expect(of(all, "contributed")).toHaveLength(12);
  expect(new Set(of(all, "contributed").map(({ step, place }) => `${step} ${place}`)).size).toBe(12);
  expect(of(all, "place_lost")).toEqual([]);
  expect(of(all, "attempt_ended").map(({ result }) => result)).toEqual(["merged"]);
  expect(file(rig, swarm)).toBe("second");
  const [review] = of(all, "review_recorded");
  expect(swarm.state.tasks.get(T1)?.authors).not.toContain(review?.by);
  // A reviewer's second session reads the findings of the other, and never its own mark of an earlier step.
  const third =
    of(all, "session_wanted").find(({ job }) => job.kind === "collab" && job.place === "rev_a" && job.step === 3)?.session ?? "";
  const message = await first("message", rig, swarm.id, third);
  expect(message).toContain("it may be wrong");
  expect(message).toContain("rev_b-2-1");
  expect(message).not.toContain("look at it twice");
}, 180_000);

test("[mode.e2e.parallel] two lines go side by side, each is shown the other's change, and the lead's result is merged", async () => {
  const together = `
    a 1: [${write("a one")}, ${give(vote("continue"))}]
    b 1: [${write("b one")}, ${give(vote("continue"))}]
    a 2: [{run: [grep, -q, a one, out/t1.txt]}, ${write("a two")}, ${give(vote())}]
    b 2: [{run: [grep, -q, b one, out/t1.txt]}, ${give(vote())}]`;
  const { rig, swarm } = await run(
    together,
    { kind: "parallel", seats: WRITERS.slice(0, 2) },
    `{run: [grep, -q, a two, out/t1.txt]}, ${write("both")}`,
  );
  await rig.until(swarm, "the end", ended, 100_000);
  const all = await events(swarm);
  expect(phases(all)).toEqual(["work 1", "work 2"]);
  expect(file(rig, swarm)).toBe("both");
  const result = of(all, "session_wanted").find(({ job }) => job.kind === "task")?.session ?? "";
  const message = (await first("message", rig, swarm.id, result)) ?? "";
  expect(message).toContain("## Done together");
  expect(message).toContain("| +b one");
  expect(message).not.toContain("| +a two");
}, 150_000);

test("[mode.e2e.sequential] a turn begins where the last one ended; one who dies is passed over, on record", async () => {
  const together = `
    a: [${write("a")}, ${give(vote("continue"))}]
    b: [{crash: true}]
    c: [{run: [grep, -q, a, out/t1.txt]}, {edit: out/t1.txt, append: "c\\n"}, ${give(vote("continue"))}]`;
  const { rig, swarm } = await run(together, { kind: "sequential", seats: WRITERS, rounds: 1 }, '{edit: out/t1.txt, append: "end\\n"}');
  await rig.until(swarm, "the end", ended, 100_000);
  const all = await events(swarm);
  expect(of(all, "place_lost")).toMatchObject([{ place: "b" }]);
  expect(of(all, "step_ended").at(-1)?.to).toEqual({ done: "rounds" });
  expect(file(rig, swarm)).toBe("a\nc\nend");
}, 150_000);

test("[mode.e2e.review] reviewers read the leader's work and change nothing; a host killed around the saving of a part saves it once", async () => {
  const together = `
    worker 1: [${write("first")}, ${give()}]
    rev_a 2: [{run: [grep, -q, first, out/t1.txt]}, ${write("by a reviewer")}, ${give(vote("continue"), FOUND)}]
    rev_b 2: [${give(vote("continue"), FOUND)}]
    worker 3: [{run: [grep, -q, first, out/t1.txt]}, ${write("second")}, ${give("", judged(2))}]
    default: [{run: [grep, -q, second, out/t1.txt]}, ${give(vote(), "findings: []")}]`;
  const { rig, swarm } = await run(together, { kind: "review", seats: READERS }, "{run: [grep, -q, second, out/t1.txt]}");
  rig.killAt(["before save_contribution", "after save_contribution"]);
  await rig.until(swarm, "the end", ended, 100_000);
  const all = await events(swarm);
  expect(rig.killsLeft()).toEqual([]);
  expect(phases(all)).toEqual(["write 1", "review 1", "write 2", "review 2"]);
  expect(of(all, "contribution_saved")).toHaveLength(2);
  expect(file(rig, swarm)).toBe("second");
  const put = of(all, "worktree_opened").flatMap(({ discarded }) => discarded);
  expect(put).toContain("out/t1.txt");
}, 150_000);
