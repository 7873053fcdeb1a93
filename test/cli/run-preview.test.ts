/** What a person knows of a swarm before its work begins. */
import { expect, test } from "vitest";
import type { SwarmId } from "../../src/base/ids.ts";
import { planLines } from "../../src/cli/follow/outlook.ts";
import { standingOf, standingText } from "../../src/cli/follow/standing.ts";
import { plan, taskSpec, World } from "../domain/world.ts";
import { projectAt } from "../engine/support/repository.ts";
import { makeRepo } from "../support/repo.ts";
import { skep } from "./support/skep.ts";
import { keepSwarms } from "./support/stuck.ts";

test("[cli.run-preview] --dry-run says who would be at work and what is known of the cost, and makes nothing", async () => {
  const repo = makeRepo();
  repo.commit({ ".skep/config.yaml": "budgets:\n  swarm:\n    usd: 5\n" });
  const run = (...args: string[]) => skep(["run", "--dry-run", "--harness", "scripted", ...args], { cwd: repo.root });
  const [queen, solo, pipeline, wrong] = await Promise.all([
    run("Tidy the notes"),
    run("--solo", "--json", "Tidy the notes"),
    run("--pipeline", "team-bugfix", "An empty list makes the export crash"),
    run("--team", "minimla", "x"),
  ]);
  expect(queen.code).toBe(0);
  expect(queen.stdout).toMatch(
    /^ {2}team {2}minimal: queen \(scripted\), .*\n {2}cost {2}no earlier swarm to reckon by; it stops and asks you at \$5\.00\n/,
  );
  expect(JSON.parse(solo.stdout)).toMatchObject({ version: 1, team: "solo", solo: true, estimate: null, caps: { usd: 5, minutes: null } });
  expect(pipeline.code).toBe(0);
  expect(pipeline.stdout).toMatch(
    /as a swarm\n {2}4 tasks in 4 waves \(reproduce\.reproduce → .*\n[\s\S]*One agent would do: a swarm would be slower\. skep run --solo/,
  );
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^NO_TEAM: /) });
  expect((await skep(["status"], { cwd: repo.root })).stderr).toMatch(/^NO_SWARM: /);
});

test("[cli.run-preview] whoever follows a swarm reads what its plan promises when it is handed in", async () => {
  const repo = makeRepo();
  const world = World.started({}, undefined, null, "s-planab");
  world.settle();
  world.as("queen", plan([taskSpec("t1"), taskSpec("t2"), taskSpec("t3", ["t1"])]));
  await keepSwarms(repo, [{ name: "planned", world }]);
  const project = await projectAt(repo.root);
  const swarm = await project.open("s-planab" as SwarmId);
  const commits = await swarm.events(0);
  const told = await Promise.all(commits.map((commit) => planLines(swarm, commit)));
  // A pipeline's plan was previewed before its swarm was made.
  const byRule = commits.map((commit) => ({
    ...commit,
    events: commit.events.map((event) =>
      event.type === "plan_submitted" ? { ...event, plan: { ...event.plan, by: "engine" as const } } : event,
    ),
  }));
  const again = await Promise.all(byRule.map((commit) => planLines(swarm, commit)));
  await project.close();
  expect(again.flat()).toEqual([]);
  expect(told.flat()).toEqual([
    "3 tasks in 2 waves (t1, t2 → t3). At best 1.1 times as fast as one agent, for about 1.6 times its tokens (a rule of thumb).",
    'One agent would do: a swarm would be hardly faster. skep stop s-planab, then skep run --solo "…": the same checks, review and merge, without a second worker.',
  ]);
});

test("[cli.run-preview] status says that one agent would do as long as that can still be had", async () => {
  const repo = makeRepo();
  const planned = (id: string): World => {
    const world = World.started({}, undefined, null, id);
    world.settle();
    world.as("queen", plan([taskSpec("t1"), taskSpec("t2")]));
    return world;
  };
  const [atWork, stopped] = [planned("s-planab"), planned("s-plancd")];
  stopped.must({ type: "stop_swarm", why: "enough" }, { kind: "operator" });
  await keepSwarms(repo, [
    { name: "at work", world: atWork },
    { name: "stopped", world: stopped },
  ]);
  const project = await projectAt(repo.root);
  const text = async (id: string) =>
    standingText(await standingOf(await project.open(id as SwarmId), project), { paint: (_, line) => line });
  const [now, then] = await Promise.all([text("s-planab"), text("s-plancd")]);
  await project.close();
  expect(now).toContain('one agent would do: the plan has 2 tasks. skep stop s-planab, then skep run --solo "…"');
  expect(then).toMatch(/^s-plancd stopped[\s\S]*plan .*2 tasks in 1 wave/);
  expect(then).not.toContain("skep stop");
});
