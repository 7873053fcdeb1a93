/** The demo as a user runs it, and the proof that its own list is proved and not recited. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { shown } from "../../src/cli/demo/shown.ts";
import type { Event, EventType } from "../../src/domain/events.ts";
import type { Report } from "../../src/domain/retrospect/report.ts";
import { type Ended, skep, start, startSkep } from "../cli/support/skep.ts";
import { liveChildren, MARK } from "../support/leaks.ts";
import { userGit } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

interface Facts {
  readonly version: number;
  readonly ok: boolean;
  readonly swarm: string;
  readonly seconds: number;
  readonly waves: readonly (readonly string[])[];
  readonly workers: readonly string[];
  readonly shown: readonly { readonly id: string; readonly ok: boolean; readonly happened: string | null }[];
  readonly tasks: readonly {
    readonly task: string;
    readonly status: string;
    readonly attempts: number;
    readonly results: readonly string[];
  }[];
  readonly commits: readonly { readonly commit: string; readonly subject: string }[];
  readonly landed: { readonly branch: string; readonly commit: string } | null;
  readonly repository: string | null;
}

let ended: Ended;
let facts: Facts;
let repository = "";
let events: readonly Event[] = [];

beforeAll(async () => {
  // More time than a user gives it: other tests run beside this one.
  ended = await skep(["demo", "--json", "--keep", "--seconds", "240"], { env: { TMPDIR: tempDir("demo") } });
  facts = JSON.parse(ended.stdout) as Facts;
  repository = facts.repository ?? "";
  const logs = await skep(["logs", facts.swarm, "--json", "--project", repository]);
  events = (JSON.parse(logs.stdout) as { events: Event[] }).events;
}, 300_000);

test("[demo.whole] one run shows everything on its list, and lands", () => {
  expect(facts.shown.filter(({ ok }) => !ok)).toEqual([]);
  expect(facts.shown.map(({ id }) => id)).toEqual([
    "plan",
    "tasks",
    "scope",
    "tests",
    "secret",
    "review",
    "conflict",
    "killed",
    "human",
    "landed",
  ]);
  expect({ code: ended.code, stderr: ended.stderr, version: facts.version, ok: facts.ok }).toEqual({
    code: 0,
    stderr: "",
    version: 1,
    ok: true,
  });
  expect(facts.waves).toEqual([
    ["t1", "t2", "t3"],
    ["t4", "t5", "t6"],
    ["t7", "t8"],
  ]);
  expect(facts.workers).toHaveLength(3);
});

test("[demo.attempts] each stopped task took the attempts its story tells, each other one", () => {
  const results = Object.fromEntries(facts.tasks.map(({ task, results }) => [task, results]));
  expect(results).toEqual({
    t1: ["conflict", "merged"],
    t2: ["merged"],
    t3: ["merged"],
    t4: ["checks_failed", "merged"],
    t5: ["changes_requested", "merged"],
    t6: ["checks_failed", "merged"],
    t7: ["lapsed", "merged"],
    t8: ["merged"],
  });
});

test("[retrospect.caught][retrospect.files] the report it left says what each gate stopped, who did what, and that the work landed", async () => {
  const report = JSON.parse((await skep(["report", facts.swarm, "--json", "--project", repository])).stdout) as Report;
  const { caught, work, tasks, seats, spent, phases } = report;
  expect(caught.checks.filter(({ failed }) => failed > 0).map(({ check, stopped }) => [check, stopped])).toEqual(
    expect.arrayContaining([
      ["commands", ["t4 attempt 1"]],
      ["secrets", ["t6 attempt 1"]],
    ]),
  );
  expect(caught).toMatchObject({
    planReviews: { approved: 1, returned: 1, stopped: ["revision 1"] },
    refused: [{ why: "out of scope", times: 1, stopped: ["t3 attempt 1"] }],
    reviews: { returned: 1, stopped: ["t5 attempt 1"] },
    merge: { merged: 8, conflicts: 1, stopped: ["t1 attempt 1"] },
    human: { asked: 1, byPerson: 1, open: 0 },
  });
  expect(work).toMatchObject({
    state: "landed",
    landed: facts.landed?.commit,
    undo: expect.stringMatching(/^git switch main && git revert --no-edit /),
  });
  expect(tasks.map(({ task, attempts }) => [task, attempts.map(({ result }) => result)])).toEqual(
    facts.tasks.map(({ task, results }) => [task, results]),
  );
  expect(seats.flatMap(({ authored }) => authored).sort()).toEqual(["t1", "t2", "t3", "t4", "t5", "t6", "t7", "t7", "t8"]);
  expect(phases.reduce((sum, one) => sum + one.spent.tokens, 0)).toBe(spent.tokens);
  const folder = path.join(repository, ".git/skep/swarms", facts.swarm);
  const [md, page] = ["report.md", "report.html"].map((name) => readFileSync(path.join(folder, name), "utf8"));
  expect(md).toContain("\n| check secrets | t6 attempt 1 | ");
  expect(md).toContain(`\nLanded on main at \`${facts.landed?.commit.slice(0, 12)}\`.\n`);
  expect(page).toContain("<td>check secrets</td><td>t6 attempt 1</td>");
  expect(md).not.toContain("AWS_SECRET_ACCESS_KEY");
});

test("[demo.result] the branch that landed holds one commit per task, passes its tests, and no commit of it the secret", () => {
  const [branch, commit] = [facts.landed?.branch ?? "", facts.landed?.commit ?? ""];
  expect(branch).toBe("main");
  expect(userGit(repository, "rev-parse", "main")).toBe(commit);
  expect(userGit(repository, "status", "--porcelain")).toBe("");
  expect(facts.commits).toHaveLength(8);
  expect(userGit(repository, "log", "-p", "main")).not.toContain("AWS_SECRET_ACCESS_KEY");
  expect(readFileSync(path.join(repository, "src/core/dates.js"), "utf8")).toContain('WEEK_START = "monday"');
  expect(readdirSync(path.join(repository, "src"))).not.toContain("util");
});

test("[demo.result] what a kept demo leaves passes its own tests and prints its example", async () => {
  expect(await start([process.execPath, "test/all.js"], { cwd: repository, input: "" }).ended).toMatchObject({ code: 0 });
  const { stdout } = await start([process.execPath, "examples/march.js"], { cwd: repository, input: "" }).ended;
  expect(stdout).toBe("rent 800.00\nfood 10.00\n");
});

describe("the proof", () => {
  const proved = (list: readonly Event[]) => shown(list).flatMap(({ id, happened }) => (happened === null ? [] : [id]));
  const is =
    (...types: readonly EventType[]) =>
    (event: Event): boolean =>
      types.includes(event.type);
  const check = (name: string) => (event: Event) => event.type === "check_recorded" && event.check === name;
  const end = (result: string) => (event: Event) => event.type === "attempt_ended" && event.result === result;

  test.each([
    ["plan", is("plan_reviewed")],
    ["tasks", is("task_merged")],
    ["scope", is("submission_refused")],
    ["tests", check("commands")],
    ["secret", check("secrets")],
    ["review", end("changes_requested")],
    ["conflict", end("conflict")],
    ["killed", is("session_ended")],
    ["human", is("gate_answered")],
    ["landed", is("swarm_landed")],
  ] as const)("[demo.proof] without its events %s is not shown, and everything else is", (id, theirs) => {
    const rest = events.filter((event) => !theirs(event));
    expect(rest.length).toBeLessThan(events.length);
    expect(proved(rest)).toEqual(proved(events).filter((other) => other !== id));
  });

  test("[demo.proof] a stop without a later merge proves nothing", () => {
    const stuck = events.filter((event) => event.type !== "attempt_ended" || event.result !== "merged");
    expect(proved(stuck)).toEqual(["plan", "tasks", "human", "landed"]);
    expect(proved([])).toEqual([]);
  });
});

test("[demo.limit] a demo that ran out of time names what did not happen, fails, and leaves nothing behind", async () => {
  const folder = tempDir("demo");
  const { code, stdout, stderr } = await skep(["demo", "--seconds", "3"], { env: { TMPDIR: folder } });
  expect(code).toBe(1);
  expect(stdout).toContain("did not happen");
  expect(stderr).toMatch(/^DEMO_INCOMPLETE: .*the work landed on the user's branch.*\. Next: skep demo --keep\.\n$/);
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);

test("[demo.interrupt] Ctrl-C ends the host and removes everything", async () => {
  const folder = tempDir("demo");
  const { child, ended: end, out } = startSkep(["demo"], { env: { TMPDIR: folder } });
  await until(() => out().includes("plan revision 1"), { timeoutMs: 30_000 });
  child.kill("SIGINT");
  const { code, stderr } = await end;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^DEMO_INTERRUPTED: /);
  expect(readdirSync(folder)).toEqual([]);
  expect(liveChildren(process.env[MARK] ?? "", [])).toEqual([]);
}, 60_000);
