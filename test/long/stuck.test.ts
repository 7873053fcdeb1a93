/** `skep status` of the built program on swarms that stand still, each for another reason; every step it names exists. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { standingOf, standingText } from "../../src/cli/follow/standing.ts";
import type { HostSocket } from "../../src/engine/host/socket.ts";
import type { StoredProject } from "../../src/engine/project.ts";
import { skep } from "../cli/support/skep.ts";
import { idleHost, keepSwarms, timeless, unknownSteps } from "../cli/support/stuck.ts";
import { stuckSwarms } from "../domain/stuck.ts";
import { projectAt } from "../engine/support/repository.ts";
import { makeRepo } from "../support/repo.ts";

const STUCK = stuckSwarms(systemClock.now());
const repo = makeRepo();
let project: StoredProject;
let host: HostSocket;

beforeAll(async () => {
  await keepSwarms(repo, STUCK);
  host = await idleHost(repo);
  project = await projectAt(repo.root);
});
afterAll(async () => {
  await project.close();
  await host.close();
});

test.each(STUCK)("[why.built] skep status prints the reason and a next step that exists: $name", async ({ world }) => {
  const { id, openGates } = world.state;
  const { code, stdout } = await skep(["status", id], { cwd: repo.root, env: { NO_COLOR: "1" } });
  const standing = await standingOf(await project.open(id), project);
  expect(timeless(stdout)).toBe(`${timeless(standingText(standing, { paint: (_, words) => words }))}\n`);
  expect(code).toBe(openGates.size > 0 ? 3 : 0);
  expect(stdout).toMatch(/Next: skep/);
  expect(await unknownSteps(stdout)).toEqual([]);
});
