/** An audit of reviewers as a user runs it: the built program, real git, scripted reviewers that catch some and miss some. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { auditReport } from "../../src/cli/follow/audit.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { endHosts, hostedRepo, skep } from "../cli/support/skep.ts";
import { makeRig } from "../e2e/support/rig.ts";
import { checkoutState, type TestRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

afterEach(endHosts);
const LIMIT = { timeout: 240_000 };

const CODE: Readonly<Record<string, string>> = {
  "src/inside.ts": "export function inside(n: number, end: number): boolean {\\n  return n < end;\\n}\\n",
  "src/total.ts": "export function total(a: number, b: number): number {\\n  return a + b;\\n}\\n",
  "src/both.ts": "export function both(a: boolean, b: boolean): boolean {\\n  return a && b;\\n}\\n",
};
const task = (id: string, file: string, after: string): string =>
  `{id: ${id}, title: Write ${file}, brief: Write it., files: ["${file}"], criteria: ["it is there"], proof: review_only, meets: [1], after: [${after}]}`;
const work = (id: string, file: string): string => `
  ${id}:
    default:
      - {edit: ${file}, content: "${CODE[file]}"}
      - {call: task_submit, with: {attempt: "\${attempt}", summary: done, evidence: ["${file}:1"]}}`;
const review = (findings = "[]"): string => `
      - {call: diff_get, with: {task: "\${task}"}}
      - {call: task_review_submit, with: {task: "\${task}", sha: "\${sha}", criteria: [{n: 1, met: "yes", evidence: "README.md:1"}], findings: ${findings}}}`;
const finding = (file: string, line: number, confidence: string): string =>
  `[{effect: wrong_result, file: "${file}", line: ${line}, title: it is wrong, trigger: "call it: the answer is wrong", confidence: ${confidence}}]`;

const FILES = Object.keys(CODE);
/** One after the other, so that it is known which one was merged last. */
const WORK = `
queen:
  - call: plan_submit
    with:
      goal: Three functions
      conditions: ["they are there"]
      approach: One each.
      tasks: [${FILES.map((file, index) => task(`t${index + 1}`, file, index === 0 ? "" : `t${index}`)).join(", ")}]
  - {wait: turn}
  - {call: swarm_complete, with: {summary: they are there}}
plan_review:
  - call: plan_review_submit
    with: {revision: "\${revision}", plan_hash: "\${plan_hash}", coverage: [{condition: 1, tasks: [t1, t2, t3]}], findings: []}
tasks:${FILES.map((file, index) => work(`t${index + 1}`, file)).join("")}
reviews:
  default:
    default:${review()}
`;
const TEAM = `id: two-models
title: Two reviewers on two models
seats: [{role: queen}, {role: reviewer, model: large}, {role: reviewer, model: small}, {role: risk}, {role: developer, count: 2}]
`;

interface Project {
  readonly repo: TestRepo;
  play(playbook: string): void;
}

/** A project in which three functions were merged. */
async function merged(): Promise<Project> {
  const repo = hostedRepo();
  const folder = tempDir("script");
  const book = path.join(folder, "playbook.yaml");
  const settings = { playbook: book, state: path.join(folder, "agents") };
  const play = (playbook: string): void => writeFileSync(book, playbook);
  play(WORK);
  repo.commit({
    ".skep/templates/teams/two-models.yaml": TEAM,
    ".skep/config.yaml": JSON.stringify({
      worktree: { setup: [], root: path.join(folder, "worktrees") },
      checks: { commands: [] },
      harness: { default: "scripted", adapters: { scripted: { settings } } },
    }),
  });
  const done = await skep(["run", "Three functions", "--json"], { cwd: repo.root });
  expect(done, done.stderr).toMatchObject({ code: 0 });
  return { repo, play };
}

const auditRefs = (repo: TestRepo): string => repo.git("for-each-ref", "--format=%(refname)", "refs/skep/audit");
const branches = (repo: TestRepo): string => repo.git("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads");

/** With seed 1 the changes of t2, t1 and t3 are planted as t1, t2 and t6, and stand unchanged as t3, t5 and t4. */
const REVIEWERS = `reviews:
  t1:
    default:${review(finding("src/total.ts", 3, "high"))}
  t2:
    default:${review(finding("src/inside.ts", 2, "low"))}
  t5:
    default:${review(finding("src/inside.ts", 1, "high"))}
  default:
    default:${review()}
`;
const SUMS = { planted: 3, caught: 1, unsure: 1, missed: 1, clean: 3, alarms: 1, doubted: 0 };

test(
  "[review.audit.e2e][review.audit.blind][review.audit.apart][review.audit.repeat] an audit reports what was caught, named and missed, by model, and leaves nothing behind",
  LIMIT,
  async () => {
    const { repo, play } = await merged();
    play(REVIEWERS);
    const cwd = repo.root;
    const [checkout, heads] = [checkoutState(repo), branches(repo)];

    const done = await skep(["review-audit", "--team", "two-models"], { cwd });
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(done.stdout).toContain("caught       1 of 3 planted defects; named but not sure: 1; missed: 1");
    expect(done.stdout).toContain("false alarms 1 of 3 good changes");
    expect(done.stdout).toMatch(
      /t6 and for or at src\/both\.ts:2, read by reviewer.*\n {4}- return a && b;\n {4}\+ return a \|\| b;\n {4}look: git show [0-9a-f]{12} -- src\/both\.ts/,
    );
    expect(done.stdout).toMatch(/t2 off by one at src\/inside\.ts:2, named but not sure/);
    const id = /^(s-\w+) begins: 6 reviews by reviewer \(scripted large\), reviewer-1 \(scripted small\)$/m.exec(done.stdout)?.[1] ?? "";

    const again = await skep(["review-audit", "--report", id, "--json"], { cwd });
    expect(again.code).toBe(0);
    const report = JSON.parse(again.stdout);
    expect(report).toMatchObject({ version: 1, audit: id, status: "completed", seed: 1, sums: SUMS, unreviewed: [] });
    expect(report.rows.map(({ harness, model }: Record<string, string>) => `${harness} ${model}`)).toEqual([
      "scripted large",
      "scripted small",
    ]);
    const all = (name: string): number => report.rows.reduce((sum: number, row: Record<string, number>) => sum + (row[name] ?? 0), 0);
    expect(["planted", "caught", "unsure", "missed", "clean", "alarms"].map(all)).toEqual([3, 1, 1, 1, 3, 1]);
    expect(all("tokens")).toBe(report.spent.tokens);
    expect(report.spent.tokens).toBeGreaterThan(0);
    expect(report.alarms).toMatchObject([{ task: "t5", planted: null, said: [expect.stringContaining("src/inside.ts:1")] }]);

    // No reviewer could know: neither their messages nor what the tools told them say what this is.
    for (const seat of ["reviewer", "reviewer-1"]) {
      const told = await skep(["logs", seat, "--swarm", id, "--all", "--json"], { cwd });
      expect(told.stdout).toContain("# Review of t");
      expect(told.stdout).not.toMatch(/audit|planted|defect|seed/i);
    }

    await until(() => auditRefs(repo) === "", { what: "the refs of the audit were gone" });
    expect(checkoutState(repo)).toEqual(checkout);
    expect(branches(repo)).toBe(heads);
    expect(repo.git("worktree", "list").split("\n")).toHaveLength(1);
    expect(repo.git("fsck", "--no-dangling", "--strict")).toBe("");
    const none = await skep(["review-audit", "--report", report.judged[0].from.swarm], { cwd });
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("NO_AUDIT")]);
    const land = await skep(["land", id], { cwd });
    expect([land.code, land.stderr]).toEqual([1, expect.stringContaining("NOTHING_TO_LAND")]);

    // The same seed asks the same questions of whoever reviews then.
    const later = JSON.parse((await skep(["review-audit", "--team", "two-models", "--json"], { cwd })).stdout);
    expect(later.audit).not.toBe(id);
    const questions = ({ judged }: typeof report): unknown => judged.map(({ task, planted }: Record<string, unknown>) => [task, planted]);
    expect(questions(later)).toEqual(questions(report));
    expect(later.sums).toEqual(SUMS);
  },
);

test("[review.audit.killed] the host dies in the middle of an audit, and it ends the same", LIMIT, async () => {
  const rig = await makeRig({ playbook: WORK, files: { ".skep/templates/teams/two-models.yaml": TEAM } });
  try {
    const work = await rig.create("Three functions", "minimal");
    await rig.until(work, "the merged functions", (state) => state.status === "completed" && state.closed, 80_000);
    writeFileSync(path.join(rig.folder, "playbook.yaml"), REVIEWERS);
    const heads = branches(rig.repo);
    rig.killAt(["after open_swarm", "before start_session", "after stop_session", "before close_swarm"]);
    const wish = { swarm: null, count: 3, seed: 1, team: "two-models", flags: {} };
    const { handle, repeated } = await rig.project.audit(wish);
    expect(repeated).toBe(false);
    expect(await rig.project.audit(wish)).toMatchObject({ repeated: true, handle: { id: handle.id } });
    const audit: LiveSwarm = await rig.project.open(handle.id);
    await rig.until(audit, "the end of the audit", (state) => state.status === "completed" && state.closed, 120_000);
    expect(rig.killsLeft()).toEqual([]);
    expect(await auditReport(audit)).toMatchObject({ sums: SUMS, unreviewed: [] });
    expect(auditRefs(rig.repo)).toBe("");
    expect(branches(rig.repo)).toBe(heads);
  } finally {
    await rig.close();
  }
});
