/** Each shipped pipeline from its start to its end on scripted agents, begun by an MCP client or a command. */
import { afterEach, expect, test } from "vitest";
import { shippedPipelines } from "../../src/catalog/shipped.ts";
import { endHosts, hostedRepo, skep } from "../cli/support/skep.ts";
import { script } from "../cli/support/swarm.ts";
import { edits, GIVEN, reports } from "../e2e/support/pipelines.ts";
import { makeRig, type Rig, story } from "../e2e/support/rig.ts";
import { ask, connect } from "../tools/support/swarm.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
  await endHosts();
});

test("[pipeline.e2e] every shipped pipeline has its run here", () => {
  expect(shippedPipelines().map(({ path }) => /([\w-]+)\.yaml$/.exec(path)?.[1])).toEqual([...Object.keys(GIVEN)].sort());
});

test.each(Object.entries(GIVEN).filter(([name]) => name !== "team-deploy"))(
  "[pipeline.e2e] %s runs to its end, phase by phase",
  async (name, vars) => {
    const rig = await makeRig({ playbook: edits() });
    rigs.push(rig);
    const client = await connect({ kind: "operator" }, rig.project);
    const { facts, ok, text } = await ask(client, "pipeline_start", { name, vars });
    expect([ok, text]).toEqual([true, expect.anything()]);
    const swarm = await rig.project.open(facts.swarm as never);
    const end = await rig.until(
      swarm,
      "the end",
      ({ status, openGates }) => (status !== "running" && status !== "opening") || openGates.size > 0,
      120_000,
    );
    expect(end).toBe(true);
    const { status, byStatus, tasks, openGates } = swarm.state;
    expect([status, [...openGates], byStatus.merged.size], await story(swarm)).toEqual(["completed", [], tasks.size]);
    const events = (await swarm.events(0)).flatMap((commit) => commit.events);
    const begun = events.flatMap((event) => (event.type === "collab_begun" ? [event.task] : []));
    expect(begun).toEqual([...tasks.values()].flatMap(({ id, mode }) => (mode ? [id] : [])));
    expect(begun).toHaveLength(name === "team-feature" ? 1 : 0);
    // She is called once, at the end.
    const called = events.filter((event) => event.type === "session_wanted" && event.job.kind === "plan");
    expect(called).toHaveLength(swarm.state.solo ? 0 : 1);
    // Nobody begins before what he waits for is merged.
    const order = events.flatMap((event) =>
      event.type === "task_claimed" ? [`begin ${event.task}`] : event.type === "task_merged" ? [`merge ${event.task}`] : [],
    );
    expect(order).toHaveLength(2 * tasks.size);
    for (const { id, after } of tasks.values())
      for (const before of after)
        expect(order.indexOf(`merge ${before}`), `${id} after ${before}`).toBeLessThan(order.indexOf(`begin ${id}`));
  },
  180_000,
);

test("[pipeline.e2e] team-deploy waits for a person to deploy, and runs the commands before and after", async () => {
  const rig = await makeRig({ playbook: reports() });
  rigs.push(rig);
  const client = await connect({ kind: "operator" }, rig.project);
  const { facts } = await ask(client, "pipeline_start", { name: "team-deploy", vars: GIVEN["team-deploy"] });
  const swarm = await rig.project.open(facts.swarm as never);
  const gate = await rig.until(
    swarm,
    "the gate",
    ({ openGates, gates }) => [...openGates].flatMap((id) => gates.get(id) ?? [])[0] ?? null,
    120_000,
  );
  expect(gate).toMatchObject({ kind: "task", options: ["done", "failed"], question: expect.anything() });
  expect(swarm.state.byStatus.merged.size).toBe(1);
  expect((await ask(client, "gate_answer", { gate: gate.id, answer: "done", swarm: swarm.id })).ok).toBe(true);
  await rig.until(swarm, "the end", ({ status }) => status === "completed", 120_000);
  expect(swarm.state.byStatus.merged.size).toBe(4);
  expect([...swarm.state.tasks.values()].map(({ ownChecks }) => ownChecks?.[0]?.argv)).toEqual([
    ["git", "--version"],
    undefined,
    ["git", "--version"],
    undefined,
  ]);
}, 240_000);

test("[pipeline.cli] skep run --pipeline shows what it will do, does it, and exits by its end", async () => {
  const repo = hostedRepo();
  script(repo, edits());
  const given = ["--var", "since=v1", "--var", "version=v2", "--set", "collect.collect.scope=docs/found.md"];
  const run = await skep(["run", "--pipeline", "release-notes", ...given, "--land"], { cwd: repo.root });
  expect([run.code, run.stderr]).toEqual([0, expect.anything()]);
  expect(run.stdout).toMatch(/^release-notes [\s\S]*wave 1[\s\S]*files docs\/found\.md[\s\S]*\ns-\w+ begins on skep\//);
  expect(repo.git("show", "HEAD:docs/found.md")).toMatch(/^r\w{6}-collect$/);
  expect(repo.git("show", "HEAD:CHANGELOG.md")).toMatch(/^r\w{6}-write$/);
  const again = await skep(["pipeline", "start", "release-notes", "Notes, please", ...given, "--json"], { cwd: repo.root });
  expect(again.code).toBe(0);
}, 180_000);
