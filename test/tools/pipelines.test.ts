/** The three tools of pipelines through an MCP client, on a real repository. */
import path from "node:path";
import { expect, test } from "vitest";
import { settingsOf } from "../../src/engine/settings.ts";
import { projectServices } from "../../src/tools/project-services.ts";
import { HARNESSES } from "../engine/support/harnesses.ts";
import { commitAll, projectAt, repository, write } from "../engine/support/repository.ts";
import { ask, connect, FILES, TestSwarm } from "./support/swarm.ts";

const OWN = `id: two-steps
title: Two steps
about: One after the other.
team: solo
variables:
  what: {about: what is made, example: a thing}
phases:
  - {id: one, title: One, done: "{{what}} is begun", tasks: [{id: first, title: "Begin {{what}}", scope: [src/a.ts], brief: "{{goal}}", acceptance: [begun]}]}
  - {id: two, title: Two, tasks: [{id: last, title: End, scope: [src/b.ts], brief: "{{goal}}", acceptance: [ended], proof: tests_pass}]}
`;
const PLACE = ".skep/templates/pipelines/two-steps.yaml";
const GIVEN = { name: "two-steps", goal: "make it", vars: { what: "a door" }, harness: "scripted" };

async function operator(files: Readonly<Record<string, string>> = { ...FILES, [PLACE]: OWN }) {
  const root = repository(files);
  const project = await projectAt(root);
  const client = await connect({ kind: "operator" }, project);
  return { root, project, call: (tool: string, args: Readonly<Record<string, unknown>> = {}) => ask(client, tool, args) };
}

test("[pipeline.tools] a project's own pipeline is listed beside the shipped ones, and a broken one is named with its place", async () => {
  const { root, call } = await operator();
  const listed = (await call("pipeline_list")).facts as {
    pipelines: { name: string; variables: string[]; own: boolean }[];
    problems: string[];
  };
  expect(listed.pipelines.filter(({ own }) => own)).toMatchObject([
    { name: "two-steps", variables: [expect.stringMatching(/^goal /), "what (string, needed): what is made"] },
  ]);
  expect(listed.pipelines.length).toBeGreaterThan(5);
  expect(listed.problems).toEqual([]);
  commitAll(root, { [PLACE]: OWN.replace("{{what}} is begun", "{{wat}} is begun") }, "a slip");
  expect((await call("pipeline_list")).facts.problems).toEqual([`${PLACE}:8:36 names the unknown variable "wat", perhaps "what"`]);
  expect((await call("pipeline_preview", GIVEN)).text).toMatch(/^PIPELINE_INVALID: \S+:8:36 .* Next: .*write \{\{what\}\}/);
  expect((await call("pipeline_start", { name: "two-stps" })).text).toMatch(/^NO_PIPELINE: .* the same call with the pipeline two-steps/);
});

test("[pipeline.tools] a preview shows the whole tree and starts nothing", async () => {
  const { project, call } = await operator();
  const { facts } = await call("pipeline_preview", GIVEN);
  expect(facts).toMatchObject({
    ...{ name: "two-steps", goal: "make it", team: "solo", problems: [], conditions: ["a door is begun", "Two"] },
    seats: ["reviewer reviewer (scripted)", "dev-0 developer (scripted)"],
    waves: [
      [{ task: "one.first", title: "Begin a door", role: "developer", files: ["src/a.ts"], proof: "a review" }],
      [{ task: "two.last", after: ["one.first"] }],
    ],
    next: "pipeline_start with the same arguments",
  });
  expect(facts.budget).toMatch(/^2 tasks; /);
  const feature = (await call("pipeline_preview", { name: "team-feature", goal: "export it", harness: "scripted" })).facts;
  expect((feature.waves as { notes: string[] }[][])[1]?.[0]?.notes).toEqual([
    "together, review: lead architect, builder developer, tester tester; at most 7 sessions before its review",
  ]);
  expect(feature.gates).toContain("architecture.examine is done by several: a blocked vote of theirs asks a person");
  expect(feature.gates).toContain("implement.build goes to the role architect when it fails: a person is asked when that failed, too");
  expect(await project.swarms()).toEqual([]);
  const person = (await call("pipeline_preview", { ...GIVEN, set: { "two.last.delegation": "human", "two.last.scope": [] } })).facts;
  expect(person.waves).toMatchObject([[{ role: "developer" }], [{ role: "a person", proof: "a person's word" }]]);
  const refused = (await call("pipeline_preview", { ...GIVEN, set: { "two.last.metric": "speed" } })).facts;
  expect(refused.problems).toEqual([expect.stringContaining('set two.last.metric names the unknown metric "speed"')]);
  expect((await call("pipeline_start", { ...GIVEN, set: { "two.last.metric": "speed" } })).code).toBe("PIPELINE_INVALID");
  const seats = ["a", "b"].map((place) => ({ place, role: "developer" }));
  const set = { "two.last.delegation": { mode: "parallel", seats } };
  const why = `${PLACE}:9:35 two.last, mode parallel: this team has no 2 different agents`;
  expect((await call("pipeline_preview", { ...GIVEN, set })).facts.problems).toEqual([expect.stringContaining(why)]);
  expect((await call("pipeline_start", { ...GIVEN, set })).text).toContain(`PIPELINE_INVALID: ${why}`);
  expect(await project.swarms()).toEqual([]);
});

test("[pipeline.tools] a preview counts on whoever may join by themselves, as the start does", async () => {
  const { call } = await operator({ ...FILES, [PLACE]: OWN, ".skep/config.yaml": "scaling: { max: { swarm: 4 } }\n" });
  const seats = ["a", "b"].map((place) => ({ place, role: "developer" }));
  const together = { ...GIVEN, set: { "two.last.delegation": { mode: "parallel", seats } } };
  expect((await call("pipeline_preview", together)).facts.problems).toEqual([]);
  expect((await call("pipeline_start", together)).ok).toBe(true);
});

test("[retention.said] a start says when more is kept of earlier swarms than has room", async () => {
  const { project, call } = await operator({ ...FILES, [PLACE]: OWN, ".skep/config.yaml": "retention: { diskMb: 1 }\n" });
  write(path.join(project.home, "archive"), { "s-old.tar.gz": "x".repeat(1_500_000) });
  expect((await call("pipeline_start", GIVEN)).facts.room).toContain("1 are set as retention.diskMb: skep gc");
});

test("[pipeline.start][pipeline.ids] a start is a plan approved by rule with the text pinned; again is the same swarm, another has other ids", async () => {
  const { project, call } = await operator();
  const { facts } = await call("pipeline_start", GIVEN);
  expect(facts).toMatchObject({ branch: `skep/${facts.swarm}`, next: `swarm_wait with swarm ${facts.swarm}` });
  const swarm = await project.open(facts.swarm as never);
  const { tasks, plan, byStatus, solo } = swarm.state;
  expect([...tasks.values()].map(({ title, status, after }) => [title, status, after.length])).toEqual([
    ["Begin a door", "open", 0],
    ["End", "blocked", 1],
  ]);
  expect([solo, byStatus.open.size]).toEqual([true, 1]);
  expect(plan).toMatchObject({ status: "approved", approved: { pipeline: "two-steps", goal: "make it" } });
  expect((await settingsOf(swarm)).pipeline).toEqual({
    id: "two-steps",
    file: PLACE,
    text: OWN,
    vars: { what: "a door", goal: "make it" },
    set: {},
  });
  expect((await call("pipeline_start", GIVEN)).facts).toMatchObject({ swarm: facts.swarm, repeated: true });
  const other = (await call("pipeline_start", { ...GIVEN, vars: { what: "a wall" } })).facts;
  expect(other.swarm).not.toBe(facts.swarm);
  expect((other.tasks as string[]).filter((id) => tasks.has(id as never))).toEqual([]);
});

test("[pipeline.draft] the queen may plan from one: she finds its tasks as plan_submit takes them, and hands them in", async () => {
  const { project, call } = await operator();
  expect((await call("pipeline_start", { ...GIVEN, draft: true })).code).toBe("NO_QUEEN");
  const { facts } = await call("pipeline_start", { ...GIVEN, team: "minimal", draft: true });
  expect(facts.tasks).toEqual([]);
  const swarm = await TestSwarm.of(project, facts.swarm as string);
  const session = swarm.session("queen");
  const text = (await projectServices(project, HARNESSES).firstMessage(swarm.swarm, session.id)) ?? "";
  expect(text).toContain("The pipeline to plan from");
  const given = JSON.parse(/```json\n([\s\S]*?)\n```/.exec(text)?.[1] ?? "") as { tasks: { id: string }[]; conditions: string[] };
  expect(given.conditions).toEqual(["a door is begun", "Two"]);
  expect(text).not.toContain("cannot say of a task");
  await swarm.must("queen", "plan_submit", { goal: "make it", approach: "as the pipeline has it", ...given });
  expect(swarm.state.plan).toMatchObject({ status: "reviewing", pending: { tasks: given.tasks.map(({ id }) => ({ id })) } });
});

test("[pipeline.draft] what her plan cannot say stays with a task that keeps its id; what falls away is told", async () => {
  const { project, call } = await operator();
  const checks = [{ argv: ["node", "show.mjs"], expect: "fail" }];
  const one = { "one.first.critical": true, "one.first.checks": checks, "one.first.budget.usd": 2, policy: "abort_on_critical_fail" };
  const set = { ...one, "two.last.delegation": "human", "two.last.scope": [] };
  const { facts } = await call("pipeline_start", { ...GIVEN, team: "minimal", draft: true, set });
  const swarm = await TestSwarm.of(project, facts.swarm as string);
  const text = (await projectServices(project, HARNESSES).firstMessage(swarm.swarm, swarm.session("queen").id)) ?? "";
  expect(text).toMatch(
    /stays with a task [^\n]*:\n- \w+-first: node show\.mjs has to fail; critical; at most 2 usd\nA plan of yours cannot say/,
  );
  expect(text).toMatch(/cannot say of a task [^\n]*:\n- \w+-last: done by a person/);
  const given = JSON.parse(/```json\n([\s\S]*?)\n```/.exec(text)?.[1] ?? "") as { tasks: { id: string }[] };
  const [first, last] = given.tasks;
  const other = { ...last, id: "other", files: ["src/b.ts"], after: [first?.id] };
  await swarm.must("queen", "plan_submit", { goal: "make it", approach: "almost", ...given, tasks: [first, other] });
  const { pending } = swarm.state.plan;
  expect(pending?.policy).toBe("abort_on_critical_fail");
  expect(pending?.tasks[0]).toMatchObject({ id: first?.id, critical: true, caps: { usd: 2 } });
  expect(pending?.tasks[0]?.ownChecks).toEqual([{ argv: ["node", "show.mjs"], expect: "fail", minutes: 10 }]);
  expect(pending?.tasks[1]).not.toHaveProperty("human");
  expect(pending?.tasks[1]).not.toHaveProperty("ownChecks");
});
