/** Growth around the domain: what a project lets join, two processes that add agents, letters that keep somebody. */
import { expect, test } from "vitest";
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import { createLogger } from "../../src/base/logger.ts";
import type { Command } from "../../src/domain/commands.ts";
import { openLedger } from "../../src/engine/ledger.ts";
import { Reaper } from "../../src/engine/reaper.ts";
import { openSwarmHandle } from "../../src/engine/swarm-handle.ts";
import { openMemoryStore } from "../../src/store/memory/store.ts";
import type { Log, Mail } from "../../src/store/ports.ts";
import { idled, independent, planned, scaling } from "../domain/scaling-world.ts";
import { seatSpec, type World } from "../domain/world.ts";
import { ADAPTERS, twoViews } from "../store/support/adapters.ts";
import { TestClock } from "../support/clock.ts";
import { until } from "../support/until.ts";
import { engine, RULES_OF_NOW } from "./support/born.ts";
import { commitAll, projectAt, repository } from "./support/repository.ts";

/** The life of a world so far, as a log. */
async function written({ history }: World, log: Log): Promise<void> {
  for (const [seq, { command, actor, at, events }] of history.entries())
    await log.append(seq, { at, by: actor.kind, command: command.type, events });
}

const joins = (seat: string, task: string): Command => ({
  type: "scale_up",
  seat: seatSpec(seat, "worker"),
  need: { kind: "work", task: task as TaskId },
});

test.each(ADAPTERS)("[scaling.race] over the $name log two processes that add agents at once stay within cap and tick", async (adapter) => {
  for (const [limits, allowed, refusal] of [
    [scaling({ swarm: 9, roles: { developer: 3 } }), 2, "CAP_REACHED"],
    [scaling({ swarm: 9 }, { perTick: 1 }), 1, "COOLING_DOWN"],
  ] as const) {
    const [first, second] = await twoViews(adapter);
    await written(planned({ workers: 9, scaling: limits }, independent(6)), first.log);
    const [one, two] = [await openLedger(first.log, RULES_OF_NOW), await openLedger(second.log, RULES_OF_NOW)];
    const sent = [1, 2, 3, 4].map((n) => (n % 2 ? one : two).submit(joins(`dev-${n}`, `t${n + 2}`), engine(1)));
    const codes = (await Promise.all(sent)).map((answer) => (answer.ok ? "joined" : answer.refusal.code));
    expect(codes.filter((code) => code === "joined")).toHaveLength(allowed);
    expect(codes.filter((code) => code === refusal)).toHaveLength(4 - allowed);
    await Promise.all([one.refresh(), two.refresh()]);
    for (const { state } of [one, two])
      expect([...state.seats.values()].filter(({ role }) => role === "developer")).toHaveLength(1 + allowed);
  }
});

/** A swarm whose reaper runs on a clock of the test. */
async function reaped(world: World) {
  const clock = new TestClock(world.now);
  const store = await openMemoryStore({ clock }).create("s-test" as never);
  await written(world, store.log);
  const swarm = await openSwarmHandle(store, { ...RULES_OF_NOW, clock });
  let opened = 0;
  const mail = { ...pick(swarm.mail), read: (...asked: Parameters<typeof swarm.mail.read>) => ++opened && swarm.mail.read(...asked) };
  const seen = { state: swarm.state, onCommit: swarm.onCommit.bind(swarm), mail };
  const submit = (command: Command) => swarm.submit(command, engine(1));
  const reaper = new Reaper({ swarm: seen as never, clock, logger: createLogger("test", "silent"), submit });
  return { swarm, clock, reaper, opened: () => opened, status: (seat: SeatId) => swarm.state.seats.get(seat)?.status };
}

test("[scaling.mail] an agent with an unread question stays until it is read; a note keeps nobody", async () => {
  const { swarm, clock, reaper, opened, status } = await reaped(idled({ idleMs: 300_000 }));
  const letter = { from: "dev-0", to: DEV_1, subject: "units", body: "ms or s?" } as const;
  await swarm.mail.send({ ...letter, kind: "note" });
  const { id } = await swarm.mail.send({ ...letter, kind: "question" });
  reaper.start();
  // It looks when the time has come, finds the question, and sets a time to look again.
  clock.tick(300_000);
  expect(clock.armed).toBe(0);
  await until(() => clock.armed === 1, { what: "the look to be over" });
  expect([status(DEV_1), opened()]).toEqual(["active", 1]);
  await swarm.submit({ type: "pause_swarm" }, { kind: "operator" });
  await swarm.submit({ type: "resume_swarm" }, { kind: "operator" });
  clock.tick(1_000);
  expect({ opened: opened(), armed: clock.armed }).toEqual({ opened: 1, armed: 1 });
  await swarm.mail.offer(DEV_1, id, { session: "x9" });
  await swarm.mail.see(DEV_1, id, { session: "x9", proof: "receipt" });
  clock.tick(60_000);
  await until(() => status(DEV_1) === "stopped", { what: "dev-1 to leave" });
  expect(status(DEV_0)).toBe("active");
  await reaper.stop();
  expect(clock.armed).toBe(0);
});

test("[scaling.mail] who stays holds up nobody: the next one leaves at its own time", async () => {
  const { swarm, clock, reaper, opened, status } = await reaped(idled({ idleMs: 300_000 }, { workers: 3, apartMs: 2_000 }));
  await swarm.mail.send({ from: "dev-0", to: DEV_1, subject: "units", body: "ms or s?", kind: "question" });
  reaper.start();
  clock.tick(298_000);
  await until(() => clock.armed === 1, { what: "the look at dev-1 to be over" });
  expect([opened(), status(DEV_1), status(DEV_2)]).toEqual([1, "active", "active"]);
  clock.tick(2_000);
  await until(() => status(DEV_2) === "stopped", { what: "dev-2 to leave" });
  expect([opened(), status(DEV_1)]).toEqual([2, "active"]);
  await reaper.stop();
});

/** What a reaper asks of mail. */
const pick = (mail: Mail) => ({ list: mail.list.bind(mail) });
const [DEV_0, DEV_1, DEV_2] = ["dev-0", "dev-1", "dev-2"] as [SeatId, SeatId, SeatId];

test("[scaling.joiners] what may join is like the team, and like the roles the caps name; a reviewer also on another provider the project uses", async () => {
  const config = (scale: string) => ({
    ".skep/templates/teams/two.yaml":
      "id: two\ntitle: Two\nseats: [{role: queen}, {role: reviewer, harness: scripted}, {role: developer, harness: claude, model: m1}]\n",
    ".skep/config.yaml": `team: two\nharness: {default: scripted, adapters: {claude: {model: m2}}}\n${scale}\n`,
  });
  const root = repository(config("scaling: {max: {swarm: 6, roles: {tester: 1}}, perTick: 3}"));
  const create = async (goal: string) => (await (await projectAt(root)).create({ goal, team: null, flags: {} })).handle;
  const seen = await (await create("Add a parser")).look((state) => state.limits.scaling);
  expect(seen).toMatchObject({ max: { swarm: 6, roles: { tester: 1 } }, perTick: 3, coolDownMs: 30_000, idleMs: 600_000 });
  expect(seen?.grows.map(({ name, role, harness, provider, model }) => [name, role, harness, provider, model])).toEqual([
    ["reviewer", "reviewer", "scripted", "none", null],
    ["reviewer", "reviewer", "claude", "anthropic", "m2"],
    ["dev", "developer", "claude", "anthropic", "m1"],
    ["tester", "tester", "scripted", "none", null],
  ]);
  commitAll(root, config("scaling: {max: {roles: {reveiwer: 1}}}"));
  await expect(create("Add a lexer")).rejects.toMatchObject({ code: "NO_ROLE", next: expect.stringContaining(".skep/config.yaml") });
});

test.each(["swarm: 2", "roles: {reviewer: 1, developer: 1}", "providers: {none: 2}"])(
  "[scaling.team] a team larger than %s is refused before its swarm is made",
  async (max) => {
    const root = repository({ ".skep/config.yaml": `harness: {default: scripted}\nscaling: {max: {${max}}}\n` });
    const project = await projectAt(root);
    await expect(project.create({ goal: "Add a parser", team: null, flags: {} })).rejects.toMatchObject({
      ...{ code: "CAP_REACHED", message: expect.stringContaining(`scaling.max.${max.split(":")[0]}`) },
    });
    expect(await project.swarms()).toEqual([]);
  },
);
