/** What is said of swarms that stand still, and of a host that is not there. */
import { describe, expect, test } from "vitest";
import { nextStep, reasons, waiting } from "../../src/domain/why.ts";
import type { HostFacts } from "../../src/domain/why-host.ts";
import { stepCall, stepCommand } from "../../src/domain/why-step.ts";
import { working } from "./stages.ts";
import { stuckSwarms } from "./stuck.ts";
import { disagreements } from "./why-agrees.ts";
import { MINIMAL, taskSpec, World } from "./world.ts";

const AT = 1_900_000_000_000;
const MINUTE = 60_000;
const STUCK = stuckSwarms(AT);

/** Code, minutes until it goes on by itself, and the command that is named. */
const SAID: Readonly<Record<string, readonly [string, number | null, string]>> = {
  "a question of the queen": ["gate", null, 'skep answer g1 --swarm s-stucka "CSV"'],
  "paused by a person": ["paused", null, "skep resume s-stuckb"],
  "the provider rests": ["provider", 300, "skep watch s-stuckc"],
  "the budget is used up": ["budget", null, 'skep answer g1 --swarm s-stuckd "raise"'],
  "a dependency failed": ["provider", 300, "skep watch s-stucke"],
  "the only reviewer is an author": ["gate", null, 'skep answer g1 --swarm s-stuckf "retry"'],
  "a conflict in the last attempt": ["gate", null, 'skep answer g1 --swarm s-stuckg "retry"'],
  "checks that cannot run": ["failing", 60, "skep doctor"],
  "worktree.setup fails": ["gate", null, 'skep answer g1 --swarm s-stucki "retry"'],
  "a foreign commit": ["gate", null, 'skep answer g1 --swarm s-stuckj "adopt"'],
  "a task is kept for a seat that cannot": ["reserved", 10, "skep watch s-stuckk"],
  "nobody reviewed the plan in time": ["gate", null, 'skep answer g1 --swarm s-stuckl "wait"'],
  "a person has the session": ["person", null, "skep attach dev-0 --back --swarm s-stuckm"],
  "a turn without a sign": ["silent", 4, "skep logs dev-0 --swarm s-stuckn"],
  "a sign-in is over": ["gate", null, 'skep answer g1 --swarm s-stucko "retry"'],
};

test.each(STUCK)("[why.swarm] $name: the swarm says so in one sentence, with the next step", ({ name, world }) => {
  world.now = AT;
  const all = reasons(world.state, AT);
  const [{ code, until } = { code: "" }] = all;
  const minutes = until === undefined ? null : Math.round((until - AT) / MINUTE);
  expect([code, minutes, stepCommand(nextStep(all), world.state.id)]).toEqual(SAID[name]);
  expect([...disagreements(world)]).toEqual([]);
});

const reasonOf = (name: string, id: string) => {
  const world = STUCK.find((stuck) => stuck.name === name)?.world;
  return world && reasons(world.state, AT).find((reason) => reason.id === id);
};

test("[why.chain] what waits for something else names the step that helps that one", () => {
  expect(reasonOf("a foreign commit", "t2")).toMatchObject({
    code: "dependency",
    text: "waits for t1 (approved)",
    next: { do: "answer", gate: "g1" },
  });
  expect(reasonOf("checks that cannot run", "t2")).toMatchObject({ code: "dependency", next: { do: "examine" } });
  expect(reasonOf("a dependency failed", "t2")).toMatchObject({
    code: "dependency_failed",
    text: "waits for t1 (failed): the queen has to replan",
  });
});

test("[why.group] what stands still for one reason is one line, and an agent without work is none", () => {
  const world = STUCK.find(({ name }) => name === "the provider rests")?.world;
  if (!world) throw new Error("no such swarm");
  const lines = waiting(reasons(world.state, AT)).map(({ who, text }) => `${who.join(", ")}: ${text}`);
  const why = "p1 rests: you have used up your plan";
  expect(lines).toEqual([`s-stuckc: ${why}`, `t1, queen, dev-0: ${why}`, "t2: waits for t1 (claimed)"]);
});

test("[why.group] one reason until two times is two lines", () => {
  const rest = { code: "resting", text: "rests after a session that failed", next: { do: "wait" } } as const;
  const agents = [10, 10, 20].map((until, n) => ({ of: "agent" as const, id: `dev-${n}`, ...rest, until }));
  expect(waiting(agents).map(({ who, until }) => [...who, until])).toEqual([
    ["dev-0", "dev-1", 10],
    ["dev-2", 20],
  ]);
});

test("[why.swarm] a task whose role nobody has says which agent to add", () => {
  const team = MINIMAL.filter(({ duty }) => duty !== "queen");
  const { state, now } = World.started({}, team, taskSpec("t1", [], { role: "designer" }));
  const [swarm, task] = reasons(state, now);
  expect([swarm?.code, task?.code]).toEqual(["no_seat", "no_seat"]);
  expect(swarm && [stepCall(swarm.next, "s-test"), stepCommand(swarm.next, "s-test")]).toEqual(["spawn_role designer", "skep stop s-test"]);
});

const host = (facts: Partial<HostFacts>): HostFacts => ({ state: "up", holder: "h1", why: null, full: false, ...facts });

describe("[why.host] what would move stands still without a host", () => {
  const world = working();
  const said = (facts: Partial<HostFacts>) => {
    const [swarm, ...parts] = reasons(world.state, world.now, host(facts));
    return [swarm?.code, parts.find(({ id }) => id === "t1")?.code, swarm && stepCommand(swarm.next, "s-test")];
  };
  test.each<[string, Partial<HostFacts>, readonly string[]]>([
    ["up", {}, ["moving", "moving", "skep watch s-test"]],
    ["none", { state: "none" }, ["no_host", "no_host", "skep watch s-test"]],
    ["starting", { state: "starting" }, ["host_starting", "host_starting", "skep watch s-test"]],
    ["silent", { state: "silent" }, ["host_silent", "host_silent", "skep serve --replace"]],
    ["down", { state: "down", why: "port taken" }, ["host_down", "host_down", "skep serve"]],
    ["another one", { holder: "h2" }, ["host_elsewhere", "host_elsewhere", "skep doctor"]],
    ["a full disk", { full: true }, ["disk_full", "disk_full", "skep doctor"]],
  ])("%s", (_, facts, wanted) => {
    expect(said(facts)).toEqual(wanted);
  });

  test("a question still comes first, and a time that comes does nothing", () => {
    const codes = (name: string) => {
      const stuck = STUCK.find((one) => one.name === name)?.world;
      return stuck && reasons(stuck.state, AT, host({ state: "none", holder: null })).map(({ of, code }) => `${of} ${code}`);
    };
    expect(codes("a question of the queen")?.[0]).toBe("swarm gate");
    expect(codes("the provider rests")).toEqual(expect.arrayContaining(["swarm no_host", "task provider"]));
  });
});

test("[why.words] foreign words in a command to copy are one word of the shell, whatever they hold", () => {
  const answer = (option: string) => stepCommand({ do: "answer", gate: "g1" as never, option }, "s-1");
  expect(answer("Keep it, as it is")).toBe('skep answer g1 --swarm s-1 "Keep it, as it is"');
  expect(answer("$(rm -rf ~) it's")).toBe("skep answer g1 --swarm s-1 '$(rm -rf ~) it'\\''s'");
  expect(answer("a\nb\u202e")).not.toMatch(/[\n\u202e]/);
  expect(stepCall({ do: "answer", gate: "g1" as never, option: "x" }, "s-1")).toBe("gate_answer for g1: only you can");
});
