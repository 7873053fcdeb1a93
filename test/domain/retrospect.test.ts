/** A report is made from a log alone, of whatever happened, and its figures add up. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SeatId } from "../../src/base/ids.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import type { State } from "../../src/domain/model.ts";
import { type Commit, gather } from "../../src/domain/retrospect/gather.ts";
import { reportOf } from "../../src/domain/retrospect/make.ts";
import type { Report } from "../../src/domain/retrospect/report.ts";
import { NOTHING, plus, type Spend } from "../../src/domain/spend.ts";
import { reportHtml, reportMarkdown } from "../../src/engine/report/write.ts";
import { interpret, move } from "./moves.ts";
import { MINIMAL, seatSpec, taskSpec, World } from "./world.ts";

const RUNS = Number(process.env.SKEP_PROPERTY_RUNS ?? 60);
const FOLDER = path.resolve(import.meta.dirname, "../fixtures/logs");
const report = (commits: readonly Commit[]): Report =>
  reportOf(gather(commits), (prose) => (typeof prose === "string" ? prose : `artifact ${prose.artifact}`));

const sum = (all: readonly { readonly spent: Spend }[]): Spend => all.reduce((total, { spent }) => plus(total, spent), NOTHING);
const near = ({ usd, ...rest }: Spend) => ({ ...rest, usd: expect.closeTo(usd, 6) });

function agrees(commits: readonly Commit[], state: Readonly<State>): void {
  const made = report(commits);
  const count = (type: string): number => commits.flatMap(({ events }) => events).filter((event) => event.type === type).length;
  const attempts = made.tasks.flatMap((task) => task.attempts);
  expect(made.spent).toEqual(state.spent);
  expect(sum(made.phases)).toEqual(near(state.spent));
  expect(sum(made.seats)).toEqual(near(state.spent));
  expect(attempts).toHaveLength(count("task_claimed"));
  expect(attempts.filter(({ result }) => result !== null)).toHaveLength(count("attempt_ended"));
  expect(made.caught.merge.merged).toBe(count("task_merged"));
  expect(made.caught.checks.reduce((all, { passed, failed }) => all + passed + failed, 0)).toBe(count("check_recorded"));
  expect(made.seats.reduce((all, { sessions }) => all + sessions, 0)).toBe(count("session_wanted"));
  expect(made.gates.filter(({ by }) => by === null)).toHaveLength(
    [...state.gates.values()].filter(({ answeredBy }) => answeredBy === null).length,
  );
  expect(made.ranMs).toBeLessThanOrEqual(made.ms);
  expect(reportMarkdown(made)).toContain("## Cost");
  expect(reportHtml(made)).toContain("</html>");
}

test("[retrospect.sums] whatever happened to a swarm, its report can be made and adds up", () => {
  const none = DEFAULT_LIMITS.budgets;
  const limits = { attempts: 3, rounds: 2, lapses: 2, refusals: 2, verify: "always" as const, batch: 2 };
  const budgets = { ...none, swarm: { ...none.swarm, turns: 40 }, task: { ...none.task, turns: 5 } };
  const seats = [...MINIMAL, { ...seatSpec("resolver-0", "worker"), role: "resolver" }].map((seat) => ({
    ...seat,
    ...(seat.duty === "worker" ? { keeps: true as const } : {}),
  }));
  fc.assert(
    fc.property(fc.array(move, { maxLength: 200, size: "max" }), fc.boolean(), (moves, tight) => {
      const world = tight ? World.started({ ...limits, budgets }, seats) : World.started(limits);
      for (const one of moves) {
        const sent = interpret(world, one);
        if (sent) world.send(sent.command, sent.actor);
      }
      agrees(world.history, world.state);
    }),
    { numRuns: RUNS },
  );
});

test.each(readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl")))("[retrospect.sums] a report can be made of %s", (file) => {
  const commits = readFileSync(path.join(FOLDER, file), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Commit);
  agrees(commits, gather(commits).state);
});

type Events = Commit["events"];
const base = { attempt: 1, seat: "dev-0", approach: null, findings: null, findingsCount: 0, conflict: [], reserved: null, unsaved: false };
const ended = (task: string, attempt: number, result: string, more: object = {}): Events =>
  [
    { type: "task_claimed", task, attempt, seat: "dev-0", session: null },
    { type: "attempt_ended", ...base, task, attempt, result, why: result, to: "open", ...more },
  ] as unknown as Events;
const check = (task: string, name: string): Events =>
  [{ type: "check_recorded", task, sha: "a", check: name, passed: false, input: "i", ms: 5 }] as unknown as Events;
const review = (file: string): string =>
  JSON.stringify({ criteria: [], findings: [{ effect: "data_loss", title: "drops the last line", file, line: 3, confidence: "high" }] });

const claimed = (task: string): Events => ended(task, 1, "").slice(0, 1);
const outside = (task: string): Events =>
  [{ type: "submission_refused", task, why: "out_of_scope", paths: ["src/x.ts"] }] as unknown as Events;
const returned = (revision: number): Events =>
  [{ type: "plan_reviewed", revision, by: "rev-0", approved: false, findings: null, findingsCount: 1 }] as unknown as Events;
const begun = (session: string): Events =>
  [{ type: "session_wanted", session, seat: "dev-0", job: { kind: "task", task: "t5", attempt: 1 } }] as unknown as Events;
const stalled = (session: string, does: string): Events =>
  [{ type: "session_stalled", session, because: "silence", tier: 0, does, why: "quiet", evidence: "silent" }] as unknown as Events;
const lapsed = (session: string): Events =>
  [{ type: "session_ended", session, why: "it left", lapsed: true, restUntil: 0, output: null }] as unknown as Events;
const denied = (session: string): Events => [{ type: "tool_denied", session, tool: "Bash", why: "not allowed" }] as unknown as Events;
const undone = (task: string, why: string): Events =>
  [{ type: "task_undone", task, reverts: "a", sha: "b", why, findings: null, to: "open" }] as unknown as Events;
/** So many milliseconds before the third line is written. */
const asked = (id: string, before: number): Events => {
  const gate = { id, kind: "ask", question: "?", title: "which day?", options: [], fallback: null, deadlineAt: null, task: null };
  return [{ type: "gate_opened", gate: { ...gate, seat: null, effect: null, openedAt: 4_000 - before } }] as unknown as Events;
};
const answered = (gate: string, by: string): Events => [{ type: "gate_answered", gate, answer: "monday", by }] as unknown as Events;

const TASKS = ["t1", "t2", "t3", "t4", "t5"];

/** Of a swarm of which `events` are written down, one a second after the other. */
function reported(...events: readonly Events[]): Report {
  const world = World.started();
  const proposed = TASKS.map((task) => ({ type: "task_proposed" as const, spec: taskSpec(task), by: "queen" as SeatId }));
  world.remember({ at: 1_500, events: proposed });
  for (const [index, some] of events.entries()) world.remember({ at: 2_000 + index * 1_000, events: some });
  return report(world.history);
}
const lessons = (...events: readonly Events[]) => reported(...events).lessons;
const kinds = (...events: readonly Events[]) => lessons(...events).map(({ kind }) => kind);

test("[retrospect.lessons] what happens once teaches nothing; what happens again is a lesson, with where it happened", () => {
  const once: readonly Events[] = [
    [...ended("t1", 1, "checks_failed"), ...check("t1", "tests")],
    ended("t2", 1, "conflict", { conflict: ["src/a.ts"] }),
    ended("t3", 1, "changes_requested", { findings: review("src/b.ts") }),
  ];
  expect(kinds(...once)).toEqual([]);
  const again = lessons(
    ...once,
    [...ended("t4", 1, "checks_failed"), ...check("t4", "tests")],
    ended("t2", 2, "conflict", { conflict: ["src/a.ts", "src/c.ts"] }),
    ended("t5", 1, "changes_requested", { findings: review("src/d.ts") }),
    ended("t2", 3, "lapsed"),
  );
  expect(again.map(({ kind, what, evidence }) => [kind, what, evidence])).toEqual([
    ["check", "the check tests stopped 2 attempts", ["t1 attempt 1", "t4 attempt 1"]],
    ["attempts", "t2 took 3 attempts", ["attempt 1: conflict, conflict", "attempt 2: conflict, conflict", "attempt 3: lapsed, lapsed"]],
    ["conflict", "src/a.ts was in conflict in 2 attempts", ["t2 attempt 1", "t2 attempt 2"]],
    [
      "finding",
      "reviewers sent work back for data loss 2 times",
      ["t3: f1 data_loss src/b.ts:3: drops the last line", "t5: f1 data_loss src/d.ts:3: drops the last line"],
    ],
  ]);
});

test("[retrospect.lessons] what happens twice in one attempt, or again and again in one session, happened once", () => {
  expect(kinds([...ended("t1", 1, "checks_failed"), ...check("t1", "tests"), ...check("t1", "tests")])).toEqual([]);
  expect(kinds(claimed("t1"), outside("t1"), outside("t1"))).toEqual([]);
  const twice = JSON.parse(review("src/b.ts"));
  expect(
    kinds(
      ended("t1", 1, "changes_requested", { findings: JSON.stringify({ ...twice, findings: [...twice.findings, ...twice.findings] }) }),
    ),
  ).toEqual([]);
  expect(kinds(begun("q1"), stalled("q1", "nudge"), stalled("q1", "warn"), stalled("q1", "end"), lapsed("q1"))).toEqual([]);
});

test("[retrospect.lessons] files of others, plans, sessions and tools, each when it happens again", () => {
  const again = lessons(
    [...claimed("t1"), ...outside("t1")],
    [...claimed("t2"), ...outside("t2")],
    [...returned(1), ...returned(2)],
    [...begun("q1"), ...stalled("q1", "nudge"), ...denied("q1"), ...denied("q1")],
    lapsed("q1"),
    [...begun("q2"), ...denied("q2")],
    lapsed("q2"),
  );
  expect(again.map(({ kind, what, evidence }) => [kind, what, evidence])).toEqual([
    ["scope", "src/x.ts was changed in 2 attempts at tasks that do not own it", ["t1 attempt 1", "t2 attempt 1"]],
    ["plan", "the plan was returned 2 times", ["revision 1, by rev-0: 1 finding", "revision 2, by rev-0: 1 finding"]],
    [
      "session",
      "dev-0 stalled or ended without its job in 2 sessions",
      ["q1 stalled, quiet", "q1 ended without its job done, it left", "q2 ended without its job done, it left"],
    ],
    ["denied", "agents were denied Bash 3 times", ["dev-0: not allowed", "dev-0: not allowed", "dev-0: not allowed"]],
  ]);
});

test("[retrospect.lessons] merged work that was taken back and a long wait for a person teach at once; an answer that came soon, or of itself, does not", () => {
  const again = lessons(
    [...ended("t1", 1, "merged"), ...undone("t1", "adds wrongly")],
    [...asked("g1", 660_000), ...asked("g2", 660_000), ...asked("g3", 599_000)],
    [...answered("g1", "operator"), ...answered("g2", "engine"), ...answered("g3", "operator")],
  );
  expect(again.map(({ kind, what, evidence }) => [kind, what, evidence])).toEqual([
    ["undone", "1 merged task had to be taken back", ["t1: adds wrongly"]],
    ["waiting", "1 gate waited ten minutes or longer for an answer", ["g1 which day?: 11 minutes"]],
  ]);
});

test("[retrospect.caught] an attempt whose merged work was taken back is none that was merged", () => {
  const { tasks } = reported([...ended("t1", 1, "merged"), ...undone("t1", "adds wrongly")], ended("t1", 2, "merged"));
  expect(tasks[0]?.attempts.map(({ result, why }) => [result, why])).toEqual([
    ["undone", "adds wrongly"],
    ["merged", "merged"],
  ]);
});

test("[retrospect.caught] what refused a submission goes by its name, and the time of another day has its date", () => {
  const refused = (why: string): Events => [{ type: "submission_refused", task: "t1", why, paths: [] }] as unknown as Events;
  const made = reported(claimed("t1"), refused("empty"), refused("conflict"), refused("out_of_scope"));
  const day = 86_400_000;
  const timeline = [day - 1_000, day].map((at) => ({ at, what: "it went on" }));
  const text = reportMarkdown({ ...made, timeline });
  for (const gate of ["empty change", "conflict markers", "files of the task"])
    expect(text).toContain(`\n| ${gate} | t1 attempt 1 | – | 1 |\n`);
  expect(text).toContain("\n- **23:59:59** it went on\n- **1970-01-02 00:00:00** it went on\n");
});

test("[retrospect.foreign] a goal keeps its lines and its lists, and a long one is cut where it says so", () => {
  const text = (goal: string) => reportMarkdown({ ...reported(), title: "Tidy up", goal });
  expect(text("Tidy up\n\nIn this order:\n- a <b>\n* c\nThen stop.")).toContain("\n\nIn this order:\n\n- a \\<b\\>\n- c\n\nThen stop.\n\n");
  expect(text(`Tidy up\n${"word ".repeat(2_000)}`)).toMatch(/\n\n(word )+wo?r?d?…\n\n/);
});
