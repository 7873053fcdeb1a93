/** "Why is nothing moving?" as a person reads the answer: swarms that stand still, each for another reason. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { SwarmId } from "../../src/base/ids.ts";
import { standingOf, standingText } from "../../src/cli/follow/standing.ts";
import type { HostSocket } from "../../src/engine/host/socket.ts";
import type { StoredProject } from "../../src/engine/project.ts";
import { asked } from "../domain/policy-world.ts";
import { stuckSwarms } from "../domain/stuck.ts";
import { projectAt } from "../engine/support/repository.ts";
import { makeRepo } from "../support/repo.ts";
import { skep } from "./support/skep.ts";
import { idleHost, keepSwarms, timeless, unknownSteps } from "./support/stuck.ts";

const STUCK = stuckSwarms(systemClock.now());
const repo = makeRepo();
const bare = makeRepo();
let project: StoredProject;
let host: HostSocket;

beforeAll(async () => {
  await keepSwarms(repo, STUCK);
  await keepSwarms(bare, STUCK.slice(0, 3));
  host = await idleHost(repo);
  project = await projectAt(repo.root);
});
afterAll(async () => {
  await project.close();
  await host.close();
});

test.each(STUCK)("[why.status] the reason and the next step stand under $name", async ({ world }) => {
  const standing = await standingOf(await project.open(world.state.id), project);
  const text = timeless(standingText(standing, { paint: (_, words) => words }));
  expect(text).toMatchSnapshot();
  expect(text).toMatch(/\n(Waits for you|Goes on by itself at <time> UTC): .+\nNext: skep \w+ ?.*$/);
});

test("[why.letters] the newest letters to you stand in the status with how they begin, and how many more there are", async () => {
  const swarm = await project.open("s-stuckc" as SwarmId);
  for (const n of [1, 2, 3, 4])
    await swarm.mail.send({
      from: "skep",
      to: "operator",
      kind: "system",
      subject: `news ${n}`,
      body: "dev-0 is silent.\n\u001b[31mLook.",
    });
  const text = standingText(await standingOf(swarm, project), { paint: (_, words) => words });
  expect(text).toContain("\n  to you  skep: news 2: dev-0 is silent.");
  expect(text).toContain("\n          skep: news 4: dev-0 is silent.");
  expect(text).toContain("\n          and 1 more: inbox_read in your MCP client\n");
  expect(text).not.toContain("\u001b");
});

test("[why.json] --json gives each reason with its code, on whom it waits, and the command", async () => {
  const { stdout } = await skep(["status", "s-stuckh", "--json"], { cwd: repo.root });
  const { reasons, next } = JSON.parse(stdout) as { reasons: { of: string; id: string }[]; next: string };
  const agents = ["agent queen", "agent reviewer", "agent dev-0"];
  expect(reasons.map(({ of, id }) => `${of} ${id}`)).toEqual(["swarm s-stuckh", "task t1", "task t2", ...agents]);
  expect(reasons[1]).toMatchObject({ code: "failing", waitsFor: "time", until: expect.any(Number), next: "skep doctor" });
  expect(next).toBe("skep doctor");
});

test("[why.no-host] without a host the swarm says that nobody acts for it, and with one that would not stay up, why", async () => {
  const status = async (id: string): Promise<string> => (await skep(["status", id], { cwd: bare.root })).stdout;
  const [none, asks] = await Promise.all([status("s-stuckc"), status("s-stucka")]);
  expect(none).toContain("\nNobody acts: no host runs; nothing is lost, and the next step starts one\nNext: skep watch s-stuckc\n");
  expect(asks).toContain('\nWaits for you: gate g1 "Which format?');
  const folder = path.join(bare.commonDir, "skep/host");
  mkdirSync(folder);
  const failures = Array.from({ length: 6 }, () => ({ at: systemClock.now(), why: "exit code 1; last words: no such module" }));
  writeFileSync(path.join(folder, "keeper.json"), JSON.stringify({ keeper: null, failures }));
  const down = await status("s-stuckc");
  expect(down).toContain("\nNobody acts: the host does not stay up: exit code 1; last words: no such module\nNext: skep serve\n");
  expect(await unknownSteps(down)).toEqual([]);
});

test("[cli.exit-human] a task that a person does ends status with 3 until skep answer settles it", async () => {
  const world = asked();
  await keepSwarms(repo, [{ name: "a task of a person", world }]);
  const status = () => skep(["status", "s-plan"], { cwd: repo.root });
  const before = await status();
  expect(before.code).toBe(3);
  expect(before.stdout).toContain('Next: skep answer g1 --swarm s-plan "done"');
  const { code, stdout } = await skep(["answer", "g1", "done", "--swarm", "s-plan"], { cwd: repo.root });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("g1") });
  expect((await status()).code).toBe(0);
});
