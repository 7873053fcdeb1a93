/** `skep status` on one screen: what is happening, what waits for a person, what it cost. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { SwarmId } from "../../src/base/ids.ts";
import { standingScreen } from "../../src/cli/follow/one-screen.ts";
import { liveText } from "../../src/cli/follow/several.ts";
import { type Standing, standingOf } from "../../src/cli/follow/standing.ts";
import type { StoredProject } from "../../src/engine/project.ts";
import { stuckSwarms } from "../domain/stuck.ts";
import { approval, MINIMAL, plan, seatSpec, taskSpec, World } from "../domain/world.ts";
import { projectAt } from "../engine/support/repository.ts";
import { makeRepo } from "../support/repo.ts";
import { skep } from "./support/skep.ts";
import { keepSwarms, timeless } from "./support/stuck.ts";

const PLAIN = { paint: (_: unknown, text: string) => text };
const WIDE = "日程表の時差を直す ".repeat(12);

/** Twenty tasks with long and wide titles, eight workers, and a long question. */
function crowded(): World {
  const seats = [...MINIMAL, ...[2, 3, 4, 5, 6, 7].map((n) => seatSpec(`dev-${n}`, "worker"))];
  const world = World.started({}, seats, null, "s-crowda");
  world.now = systemClock.now();
  world.settle();
  const title = (n: number): string => (n % 2 ? WIDE : `Move the ${"very ".repeat(30)}long word ${n}`).slice(0, 120);
  world.as("queen", plan(Array.from({ length: 20 }, (_, n) => taskSpec(`t${n + 1}`, n < 9 ? [] : [`t${n - 8}`], { title: title(n) }))));
  world.endTurn("queen");
  world.settle();
  world.as("reviewer", approval(world.state));
  world.endTurn("reviewer");
  world.settle();
  const question = Array.from({ length: 40 }, (_, n) => `${n}: ${WIDE}`).join("\n");
  world.as("dev-0", {
    type: "ask_human",
    title: WIDE.slice(0, 100),
    question,
    options: ["monday", "sunday"],
    fallback: "monday",
    minutes: 30,
  });
  return world;
}

const STUCK = stuckSwarms(systemClock.now());
const repo = makeRepo();
let project: StoredProject;
let all: readonly Standing[];

beforeAll(async () => {
  const swarms = [...STUCK, { name: "crowded", world: crowded() }];
  await keepSwarms(repo, swarms);
  project = await projectAt(repo.root);
  all = await Promise.all(swarms.map(async ({ world }) => standingOf(await project.open(world.state.id as SwarmId), project)));
});
afterAll(() => project.close());

/** In columns: what may be wide counts as wide. */
const width = (line: string): number => [...line].reduce((sum, sign) => sum + (/[\u3000-\uffff]/.test(sign) ? 2 : 1), 0);

describe.each([
  [80, 24],
  [60, 24],
  [160, 48],
])("[cli.status-screen] at %i×%i", (columns, rows) => {
  test("every swarm fits, with its question, its options, its cost and the next step", () => {
    for (const standing of all) {
      const lines = standingScreen(standing, PLAIN, { columns, rows }).split("\n");
      expect(lines.length, lines.join("\n")).toBeLessThan(rows);
      for (const line of lines) expect(width(line), line).toBeLessThanOrEqual(columns);
      const text = lines.join("\n");
      expect(text).toMatch(/\n {2}cost {4}\$/);
      expect(text).toContain("\nNext: ");
      for (const option of standing.gates[0]?.options ?? []) expect(text).toMatch(new RegExp(`\n {2}\\d {2}${option}`));
    }
  });

  test("several swarms fit, those that wait first, and what does not fit is counted", () => {
    const text = liveText(all, PLAIN, { columns, rows });
    const lines = text.split("\n");
    expect(lines.length).toBeLessThan(rows);
    for (const line of lines) expect(width(line), line).toBeLessThanOrEqual(columns);
    expect(lines[0]).toBe(`${all.length} swarms are live`);
    expect(lines[2]).toContain("waits for you: ");
    if (rows === 24) expect(text).toMatch(/\nand \d+ more: skep status --all\nNext: skep status s-/);
  });
});

test("[cli.status-screen] a crowded swarm at 80×24, as a person sees it", () => {
  const crowd = all.at(-1);
  if (!crowd) throw new Error("it was kept");
  expect(timeless(standingScreen(crowd, PLAIN, { columns: 80, rows: 24 }))).toMatchSnapshot();
});

test("[cli.status-several] with several live swarms status shows all of them, and ends with 3 when one waits for you", async () => {
  const { code, stdout } = await skep(["status"], { cwd: repo.root });
  expect(code).toBe(3);
  for (const { view } of all) expect(stdout).toContain(view.swarm);
  const { stdout: json } = await skep(["status", "--json"], { cwd: repo.root });
  const { swarms } = JSON.parse(json) as { swarms: { swarm: string; gates: unknown[]; next: string }[] };
  expect(swarms.map(({ swarm }) => swarm).toSorted()).toEqual(all.map(({ view }) => view.swarm).toSorted());
  expect(swarms[0]).toMatchObject({ gates: [{ gate: "g1" }], next: expect.stringMatching(/^skep answer g1/) });
});
