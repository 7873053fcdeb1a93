/** From a pipeline to a plan: edges, ids, who does what and why. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { matches } from "../../src/base/glob.ts";
import { sessionsOf } from "../../src/catalog/pipeline-delegation.ts";
import { parsePipeline } from "../../src/catalog/pipelines.ts";
import { shippedPipelines } from "../../src/catalog/shipped.ts";
import { atBirth } from "../../src/domain/decide-swarm.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import type { ModeKind } from "../../src/domain/modes/mode.ts";
import { planProblems } from "../../src/domain/plan-problems.ts";
import { findCycle } from "../../src/domain/waves.ts";
import { seatSpec } from "../domain/specs.ts";
import { broken, CATALOG, groundFor, planOf, SOUND, tried } from "./pipeline-kit.ts";

const given = { goal: "tidy", much: 3 };

test("[pipeline.order] a phase waits for the one above, or for those it names", () => {
  const afterOf = (text: string) => Object.fromEntries(planOf(text, given).tasks.map(({ spec }) => [spec.id, spec.after]));
  expect(afterOf(SOUND)).toEqual({ "r1-see": [], "r1-sweep": ["r1-see"], "r1-test": ["r1-sweep"] });
  const apart = broken("  - id: work\n", "  - id: work\n    depends_on: []\n");
  expect(afterOf(apart)).toEqual({ "r1-see": [], "r1-sweep": [], "r1-test": ["r1-sweep"] });
  expect(planOf(SOUND, given).conditions).toEqual(["Look", "Work"]);
  expect(planOf(SOUND, given).tasks.map(({ spec }) => spec.meets)).toEqual([[1], [2], [2]]);
});

test("[pipeline.auto] every choice says why; what nothing proves is always reviewed", () => {
  const [see, sweep] = planOf(SOUND, given).tasks;
  expect(see?.spec).toMatchObject({ mustReview: true, proof: "review_only" });
  expect(see?.spec.because).toEqual([
    "is done by one agent and always reviewed by another: 1 file, one criterion, and no metric or check proves the result",
  ]);
  expect(sweep?.spec.mustReview).toBeUndefined();
  expect(sweep?.spec.because?.[0]).toContain("the command tests of the project decides");
  // Without a test command the same words of the plan prove nothing.
  expect(planOf(SOUND, given, {}, { commands: [] }).tasks[1]?.spec.mustReview).toBe(true);
  const risky = planOf(SOUND, { ...given, scope: "src/auth/" }).tasks[1]?.spec;
  expect(risky).toMatchObject({ risk: "high" });
  expect(risky?.because?.join()).toContain("src/auth/ is risky by **/*auth*/**");
  const measured = planOf(broken("        proof: tests_pass", "        metric: speed"), given).tasks[1]?.spec;
  expect(measured?.because?.[0]).toContain("the metric speed decides");
  expect(planOf(broken("        role: developer\n", ""), given).tasks[1]?.spec.because?.[0]).toMatch(/^has the role \w+: /);
  // Nor is it a question of who does it.
  const pair = "{mode: review, seats: [{place: lead}, {place: eyes, role: reviewer}]}";
  for (const delegation of ["solo", pair]) {
    const by = `        delegation: ${delegation}`;
    expect(planOf(broken("        proof: tests_pass", by), given).tasks[1]?.spec).toMatchObject({ mustReview: true });
    expect(planOf(broken("        proof: tests_pass", `        proof: tests_pass\n${by}`), given).tasks[1]?.spec).not.toHaveProperty(
      "mustReview",
    );
  }
});

test("[pipeline.auto] where a mistake is dear and nothing proves the result another role reads along, and what that may cost is said", () => {
  const dear = broken("        proof: tests_pass", "        risk: high");
  const { spec } = planOf(dear, given).tasks[1] ?? {};
  const seats = [
    { place: "lead", role: "developer" },
    { place: "reader", role: "architect" },
  ];
  expect(spec).toMatchObject({ mode: { kind: "review", rounds: 2, seats }, mustReview: true });
  expect(spec?.because?.[0]).toMatch(
    /while the role architect reads along, at most 5 sessions, .*no metric or check proves the result; its risk is high/,
  );
  const modes = (text: string, set = {}, more = {}) => planOf(text, given, set, more).tasks.map(({ spec: { mode } }) => mode?.kind);
  expect(modes(dear)).toEqual([undefined, "review", undefined]);
  // A program decides, somebody decided, or there is nobody else.
  expect(modes(dear, { "work.sweep.proof": "tests_pass" })).toEqual([undefined, undefined, undefined]);
  expect(modes(dear, { "work.sweep.delegation": "solo" })).toEqual([undefined, undefined, undefined]);
  const alone = dear.replace("role: architect", "role: developer").replace("role: tester", "role: developer");
  const workers = groundFor("dev-team").workers.filter(({ id }) => id === "developer");
  expect(modes(alone, {}, { workers })).toEqual([undefined, undefined, undefined]);
});

test("[pipeline.cost] how many sessions a mode takes at most is that of the table in docs/modes.md", () => {
  const of = (kind: ModeKind, n: number, rounds?: number) =>
    sessionsOf({
      kind,
      seats: Array.from({ length: n }, (_, index) => ({ place: `p${index}`, role: "developer" })),
      ...(rounds ? { rounds } : {}),
    });
  expect([of("parallel", 3, 2), of("sequential", 2), of("review", 2, 1)]).toEqual([7, 7, 3]);
  expect([of("circling", 3, 1), of("circling", 3, 3)]).toEqual([13, 25]);
});

test("[pipeline.refused] what only the team or the project can tell is refused at its place too", () => {
  expect(tried(SOUND, given, {}, groundFor("minimal")).flaws).toEqual([
    expect.stringMatching(/tidy\.yaml:15:15 wants the role architect, which no seat of the team minimal has/),
    expect.stringMatching(/tidy\.yaml:33:15 wants the role tester/),
  ]);
  expect(tried(broken("        proof: tests_pass", "        metric: sped"), given).flaws[0]).toMatch(
    /:30:17 names the unknown metric "sped", perhaps "speed"/,
  );
  expect(tried(broken("        proof: tests_pass", "        checks: [{use: test}]"), given).flaws.join()).toMatch(
    /:30:24 names the unknown check "test", perhaps "tests"/,
  );
  expect(tried(broken("        role: developer", "        escalate: developer"), given).flaws).toEqual([
    expect.stringMatching(/:26:19 escalates to developer, whose files these are/),
  ]);
  const checks = (argv: string): string =>
    tried(broken("        proof: tests_pass", `        checks: [{argv: ["${argv}"]}]`), given).flaws.join();
  for (const line of ["npm test", "curl -f http://localhost", "./smoke.sh --all"])
    expect(checks(line)).toBe(
      `.skep/templates/pipelines/tidy.yaml:30:17 has a check of one word, "${line}", and no shell takes that apart`,
    );
  expect(checks("/opt/My Tools/smoke")).toBe("");
  const shared = broken("        scope: [e2e/]", "        scope: [README.md]").replace("        depends_on: [sweep]\n", "");
  expect(tried(shared, given).flaws).toEqual([expect.stringMatching(/:34:16 lets sweep and test both change "README.md" at once/)]);
});

test("[pipeline.compile] what a failure means, who takes it up and what it may spend come into the plan", () => {
  const asks = "        critical: true\n        escalate: tester\n        budget: {usd: 2, turns: 30}";
  const plan = planOf(
    broken("        proof: tests_pass", asks).replace("team: dev-team", "team: dev-team\npolicy: abort_on_critical_fail"),
    given,
  );
  expect(plan.policy).toBe("abort_on_critical_fail");
  expect(plan.tasks[1]?.spec).toMatchObject({ critical: true, escalate: "tester", caps: { usd: 2, turns: 30 } });
  expect(plan.tasks[0]?.spec).not.toHaveProperty("critical");
});

test("[pipeline.compile] reports, a person's tasks and checks of their own", () => {
  const checks = "checks: [{argv: [node, show.mjs], expect: fail}, {use: tests}]";
  expect(planOf(broken("        proof: tests_pass", `        ${checks}`), given).tasks[1]?.spec.ownChecks).toEqual([
    { argv: ["node", "show.mjs"], expect: "fail", minutes: 10 },
  ]);
  const scope = '        scope: [README.md, "{{scope}}", CHANGELOG.md]\n';
  expect(planOf(broken(scope, "        report: true\n"), given).tasks[1]?.spec).toMatchObject({ report: true, files: [] });
  const person = broken(scope, "")
    .replace("        role: developer\n", "        delegation: human\n")
    .replace("        proof: tests_pass\n", "");
  expect(planOf(person, given).tasks[1]?.spec).toMatchObject({ human: true, files: [] });
  expect(planOf(person, given).tasks[1]?.spec).not.toHaveProperty("mustReview");
  for (const [text, why] of [
    [broken(scope, ""), "owns no file"],
    [broken("        proof: tests_pass", "        report: true"), "is a report, which changes nothing, and has a scope"],
    [
      broken("        proof: tests_pass", "        delegation: human\n        checks: [{argv: [x]}]"),
      "no program looks at what a person did",
    ],
    [broken("        proof: tests_pass", "        checks: [{use: tests, expect: fail}]"), "which every submission has to pass"],
  ] as const)
    expect(tried(text, given).flaws.join()).toContain(why);
});

test("[pipeline.compile] a program of one run that has to fail on the reproduction and to succeed on the fix, as a command line gives it", () => {
  const bugfix = shippedPipelines().find(({ path }) => path.endsWith("team-bugfix.yaml"));
  if (!bugfix) throw new Error("team-bugfix is shipped");
  const argv = ["node", "test/show.mjs"];
  const set = {
    "reproduce.reproduce.checks": JSON.stringify([{ argv, expect: "fail" }]),
    "fix.fix.checks": JSON.stringify([{ argv }]),
  };
  const [reproduce, diagnose, fix] = planOf(bugfix, { goal: "mend it" }, set).tasks;
  expect(reproduce?.spec.ownChecks).toEqual([{ argv, expect: "fail", minutes: 10 }]);
  expect(diagnose?.spec).not.toHaveProperty("ownChecks");
  expect(fix?.spec.ownChecks).toEqual([{ argv, expect: "pass", minutes: 10 }]);
});

test("[mode.pipeline] a mode under delegation comes into the plan, a seat without a role has that of the task, and a wrong one is refused in its line", () => {
  const asks = (more: string): string => `        delegation: {mode: review, seats: [{place: lead}, {place: eyes, role: reviewer}]${more}}`;
  const { spec } = planOf(broken("        proof: tests_pass", asks(", rounds: 2, step_minutes: 15, tier: 2")), given).tasks[1] ?? {};
  const seats = [
    { place: "lead", role: spec?.role },
    { place: "eyes", role: "reviewer" },
  ];
  expect(spec?.mode).toEqual({ kind: "review", seats, rounds: 2, stepMinutes: 15, tier: 2 });
  expect(() => tried(broken("        proof: tests_pass", asks(", rounds: 99")), given)).toThrow(/tidy\.yaml:30:\d+ .*rounds/);
  const measured = asks(", convergence: metric");
  expect(tried(broken("        proof: tests_pass", measured), given).flaws.join()).toContain("until a metric is reached, and names none");
  expect(tried(broken("        proof: tests_pass", `${measured}\n        metric: speed`), given).flaws).toEqual([]);
});

const SHAPE = fc.array(fc.record({ tasks: fc.integer({ min: 1, max: 4 }), waits: fc.nat(255), own: fc.boolean(), inner: fc.nat(255) }), {
  minLength: 1,
  maxLength: 5,
});

test("[pipeline.compile] random pipelines become plans that a plan's own rules accept", () => {
  fc.assert(
    fc.property(SHAPE, (shape) => {
      const phases = shape.map(({ tasks, waits, own, inner }, p) => ({
        id: `p${p}`,
        title: `Phase ${p}`,
        ...(own ? { depends_on: shape.flatMap((_, q) => (q < p && (waits >> q) & 1 ? [`p${q}`] : [])) } : {}),
        tasks: Array.from({ length: tasks }, (_, t) => ({
          ...{
            id: `t${p}-${t}`,
            title: `Task ${p} ${t}`,
            role: "developer",
            scope: [`src/${p}/${t}.ts`],
            brief: "{{goal}}",
            acceptance: ["it is so"],
          },
          depends_on: Array.from({ length: t }, (_, u) => u).flatMap((u) => ((inner >> u) & 1 ? [`t${p}-${u}`] : [])),
        })),
      }));
      const text = JSON.stringify({ id: "tidy", title: "T", about: "A", team: "minimal", phases });
      const { conditions, tasks } = planOf(text, { goal: "g" }, {}, groundFor("minimal"));
      const specs = tasks.map(({ spec }) => ({ ...spec, text: "" }));
      const seats = [seatSpec("queen", "queen"), seatSpec("reviewer", "reviewer"), seatSpec("dev-0", "worker")];
      expect(planProblems(atBirth({ limits: DEFAULT_LIMITS, seats }), { conditions, tasks: specs })).toEqual([]);
      expect(findCycle(specs)).toBeNull();
      expect(new Set(specs.map(({ id }) => id)).size).toBe(specs.length);
      expect(specs).toHaveLength(shape.reduce((sum, one) => sum + one.tasks, 0));
    }),
    { numRuns: 100 },
  );
});

/** A path each task is meant to change, and one it must leave alone. */
const MEANT: Readonly<Record<string, readonly [string, string]>> = {
  "docs outline.outline": ["docs/outline.md", "src/a.ts"],
  "docs write.write": ["docs/guide/start.md", "src/a.ts"],
  "docs read.follow": ["README.md", "src/a.ts"],
  "refactor pin.pin": ["src/parser.test.ts", "src/parser.ts"],
  "refactor reshape.reshape": ["src/parser.ts", "package.json"],
  "refactor settle.settle": ["src/parser.ts", "package.json"],
  "release-notes collect.collect": ["docs/release-changes.md", "CHANGELOG.md"],
  "release-notes write.write": ["CHANGELOG.md", "package.json"],
  "security-audit survey.survey": ["docs/security-audit/survey.md", "src/a.ts"],
  "security-audit look.input": ["docs/security-audit/input.md", "docs/security-audit/rights.md"],
  "security-audit look.rights": ["docs/security-audit/rights.md", "docs/security-audit/parts.md"],
  "security-audit look.parts": ["docs/security-audit/parts.md", "docs/security-audit/input.md"],
  "security-audit report.report": ["docs/security-audit/README.md", "README.md"],
  "team-bugfix reproduce.reproduce": ["tests/export/empty.py", "src/export.ts"],
  "team-bugfix diagnose.diagnose": ["docs/defects/defect.md", "src/export.ts"],
  "team-bugfix fix.fix": ["src/export.ts", "package.json"],
  "team-bugfix regression.guard": ["src/export.test.ts", "src/export.ts"],
  "team-feature design.design": ["docs/design/feature.md", "src/a.ts"],
  "team-feature architecture.examine": ["docs/design/feature.md", "src/a.ts"],
  "team-feature implement.build": ["packages/core/src/a.ts", "docs/design/feature.md"],
  "team-feature test.accept": ["test/e2e/export.test.ts", "src/a.ts"],
  "team-feature review.compare": ["docs/design/feature.md", "src/a.ts"],
};

test("[pipeline.shipped] each compiles for its own team, and its tasks may change what they are meant to and nothing beside it", () => {
  const seen: string[] = [];
  for (const file of shippedPipelines()) {
    const { value, flaws } = parsePipeline(file, CATALOG);
    expect(flaws).toEqual([]);
    const examples = Object.fromEntries(
      Object.entries(value?.variables ?? {}).flatMap(([name, { default: usual, example }]) =>
        usual === undefined ? [[name, example]] : [],
      ),
    );
    for (const { name, spec, text } of planOf(file, examples).tasks) {
      if (spec.files.length === 0) {
        expect(spec.human ?? spec.report, name).toBe(true);
        continue;
      }
      const [yes, no] = MEANT[`${value?.id} ${name}`] ?? ["", ""];
      seen.push(`${value?.id} ${name}`);
      expect([name, matches(yes, spec.files), matches(no, spec.files)]).toEqual([name, true, false]);
      // A role whose submissions need a file the task may not write could never hand anything in.
      for (const output of CATALOG.roles.get(spec.role)?.requiredOutputs ?? []) expect(spec.files.join()).toContain(output.path);
      expect(JSON.stringify(text)).not.toContain("{{");
    }
  }
  expect(seen.sort()).toEqual(Object.keys(MEANT).sort());
});
