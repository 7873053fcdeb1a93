/** Role and risk of a task that the queen leaves open, in a team with many roles. */
import { expect, test } from "vitest";
import { FILES, PLAN, TestSwarm } from "./support/swarm.ts";

test("[tools.placing] a task without a role goes where its files belong, risky files make it risky, and everybody is told why", async () => {
  const swarm = await TestSwarm.start("Add add() and double().", { ...FILES, ".skep/config.yaml": "team: dev-team-pro\n" });
  const briefing = await swarm.must("queen", "whoami");
  expect(briefing.facts).toMatchObject({ role: "queen" });
  const first = await swarm.project.open(swarm.swarm.id);
  expect([...first.state.seats.keys()]).toEqual([
    ...["queen", "reviewer", "reviewer-1", "risk", "architect-0", "dev-0", "dev-1", "tester-0", "resolver-0", "docs-writer-0"],
    "qa-engineer-0",
  ]);
  const [one, two] = PLAN.tasks;
  const tasks = [
    { ...one, files: ["docs/add.md", "docs/double.md"], contract: undefined },
    { ...two, files: ["src/auth/double.ts"], after: [] },
    { ...two, id: "t3", role: "tester", files: ["src/b.test.ts"], after: [], risk: "high" },
  ];
  const { facts } = await swarm.must("queen", "plan_submit", { ...PLAN, tasks });
  const role = "t1 has the role docs-writer: docs-writer is for 2 of 2 files, more than any other role";
  const risk = 't2 has a high risk: src/auth/double.ts is risky by "**/*auth{,[^o]*}"';
  expect(facts.warnings).toEqual([role, "t2 has the role developer: developer is for 1 of 1 files, more than any other role", risk]);
  await swarm.approve({ ...PLAN, tasks });
  expect(swarm.task("t1")).toMatchObject({ role: "docs-writer", risk: "normal" });
  expect(swarm.task("t2")).toMatchObject({ role: "developer", risk: "high" });
  expect(swarm.task("t3")).not.toHaveProperty("because");
  expect((await swarm.must("queen", "task_get", { task: "t1" })).text).toContain(`${role.slice(3)}.`);
});
