/** Real hosts that ask a person before the plan, at each task and before the landing: from the start to work that is landed. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { readTold, toldRecord } from "../../src/engine/notify/told.ts";
import { skep } from "../cli/support/skep.ts";
import { edits, GIVEN } from "../e2e/support/pipelines.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { ask, connect } from "../tools/support/swarm.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const kindOf = (rig: Rig, swarm: LiveSwarm, id: string): Promise<string> =>
  rig.until(
    swarm,
    `gate ${id}`,
    ({ openGates, gates }) => (openGates.has(id as never) ? (gates.get(id as never)?.kind ?? null) : null),
    90_000,
  );

/** A config of the user's own whose program writes down what it is told; at the first call it kills the host. */
function deadly(config: string, home: string): () => { event: string; gate?: string }[] {
  const [tell, calls] = [path.join(config, "tell"), path.join(config, "calls")];
  const lines = [
    `#!${process.execPath}`,
    'const { appendFileSync, existsSync, readFileSync } = require("node:fs");',
    `const first = !existsSync(${JSON.stringify(calls)});`,
    `appendFileSync(${JSON.stringify(calls)}, readFileSync(0, "utf8"));`,
    `if (first) process.kill(JSON.parse(readFileSync(${JSON.stringify(path.join(home, "host/holder.json"))}, "utf8")).holder.pid, "SIGKILL");`,
  ];
  writeFileSync(tell, `${lines.join("\n")}\n`);
  chmodSync(tell, 0o755);
  mkdirSync(path.join(config, "skep"));
  writeFileSync(path.join(config, "skep/config.yaml"), `notify: {command: ["${tell}"], on: [gate, end]}\n`);
  const read = (): string[] => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []);
  return () => read().map((line) => JSON.parse(line) as { event: string; gate?: string });
}

test("[gates.host][notify.once][gates.kept] in tier 3 each gate is told and outlives a killed host, a pause, a sweep and gc, until the work is landed", async () => {
  const config = tempDir("config");
  const rig = await makeRig({
    playbook: TWO_TASKS,
    config: "automation: 3\nsupervision: {pauseMinutes: 0.1, stallMinutes: 0.05}",
    env: { XDG_CONFIG_HOME: config },
  });
  rigs.push(rig);
  const calls = deadly(config, rig.project.home);
  const cwd = rig.repo.root;
  // Any of these commands may start the host that tells.
  const at = { cwd, env: rig.env };
  const swarm = await rig.create("Write two files");
  expect(await kindOf(rig, swarm, "g1")).toBe("plan");
  // The program killed the host that called it, before that could note it: the next one tells it once more, and then it is noted.
  const noted = async (key: string): Promise<boolean> => (await readTold(toldRecord(rig.project.home, swarm.id))).told.includes(key);
  await until(() => noted("gate:g1"), { timeoutMs: 30_000, what: "g1 to be told" });
  expect(calls()).toMatchObject([
    { event: "gate", gate: "g1" },
    { event: "gate", gate: "g1" },
  ]);
  await rig.until(swarm, "the pause", (state) => state.pausedBy === "itself", 60_000);
  expect((await skep(["gc", "--yes", "--older-than", "0"], at)).code).toBe(0);
  expect((await skep(["status"], at)).code).toBe(3);
  await swarm.refresh();
  expect([[...swarm.state.openGates], swarm.state.tasks.size]).toEqual([["g1"], 0]);

  expect((await skep(["answer", "g1", "approve"], at)).code).toBe(0);
  for (const [gate, task] of [
    ["g2", "t1"],
    ["g3", "t2"],
  ] as const) {
    expect(await kindOf(rig, swarm, gate)).toBe("merge");
    expect(swarm.state.tasks.get(task as never)?.status).toBe("approved");
    await until(() => noted(`gate:${gate}`), { timeoutMs: 30_000, what: `${gate} to be told` });
    expect((await skep(["answer", gate, "merge"], at)).code).toBe(0);
  }
  await rig.until(swarm, "the end", ({ status }) => status === "completed", 90_000);
  await until(() => noted("end"), { timeoutMs: 30_000, what: "the end to be told" });
  expect(calls().map(({ event, gate }) => gate ?? event)).toEqual(["g1", "g1", "g2", "g3", "end"]);
  expect(existsSync(path.join(cwd, "out/t2.txt"))).toBe(false);
  expect((await skep(["land", swarm.id], at)).code).toBe(0);
  expect(existsSync(path.join(cwd, "out/t2.txt"))).toBe(true);
}, 300_000);

test("[gates.host][gates.tier.pipeline] in tier 2 a pipeline waits at its plan, and its work for a person's own landing", async () => {
  const rig = await makeRig({ playbook: edits(), config: "automation: 2" });
  rigs.push(rig);
  const cwd = rig.repo.root;
  const client = await connect({ kind: "operator" }, rig.project);
  const { facts } = await ask(client, "pipeline_start", { name: "docs", vars: GIVEN.docs });
  const swarm = await rig.project.open(facts.swarm as never);
  expect(await kindOf(rig, swarm, "g1")).toBe("plan");
  expect((facts.tasks as string[]).length).toBeGreaterThan(0);
  expect(swarm.state.tasks.size).toBe(0);
  expect((await ask(client, "gate_answer", { gate: "g1", answer: "approve", swarm: swarm.id })).ok).toBe(true);
  await rig.until(swarm, "the end", ({ status }) => status === "completed", 120_000);
  expect([...swarm.state.tasks.keys()]).toEqual(facts.tasks);
  expect((await ask(client, "swarm_land", { swarm: swarm.id })).code).toBe("NEEDS_PERSON");
  expect((await skep(["land", swarm.id], { cwd })).code).toBe(0);
  expect(rig.repo.git("rev-parse", "main").trim()).toBe(swarm.state.tip);
}, 240_000);
