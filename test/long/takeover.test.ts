import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { makeRig, type Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { until } from "../support/until.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

/** The first worker sleeps long enough for the host to die in the middle of its turn. */
const SLOW = TWO_TASKS.replace("sleepMs: 0", "sleepMs: 4000");

const holder = (rig: Rig): number => {
  const record = JSON.parse(readFileSync(path.join(rig.project.home, "host", "holder.json"), "utf8")) as { holder: { pid: number } | null };
  return record.holder?.pid ?? 0;
};

test("[e2e.takeover] a killed host's live sessions go on under the next one: same attempt, same CLI session, new token", {
  timeout: 90_000,
}, async () => {
  const rig = await makeRig({ playbook: SLOW });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  const running = await rig.until(swarm, "attempt 2 of t1 at work", (state) => {
    const session = state.sessions.get(state.tasks.get("t1" as never)?.session as never);
    return session?.status === "live" && state.tasks.get("t1" as never)?.attempt === 2 ? { ...session } : null;
  });
  const killed = holder(rig);
  process.kill(killed, "SIGKILL");
  const resumed = await rig.until(swarm, "the session's second run", (state) => {
    const session = state.sessions.get(running.id);
    return session && session.run === running.run + 1 ? { ...session } : null;
  });
  expect(resumed).toMatchObject({ cli: running.cli, job: running.job });
  expect(resumed.tokenHash).not.toBe(running.tokenHash);
  expect(holder(rig)).not.toBe(killed);
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed);
  expect(swarm.state.tasks.get("t1" as never)).toMatchObject({ status: "merged", attempt: 2 });
});

test("[e2e.mail] mail reaches a busy session between its steps and is seen; what a dead one did not take is stored again", {
  timeout: 90_000,
}, async () => {
  const rig = await makeRig({ playbook: SLOW });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  const seat = await rig.until(swarm, "a worker", (state) => {
    const task = state.tasks.get("t1" as never);
    return task?.attempt === 2 && state.sessions.get(task.session as never)?.status === "live" ? task.seat : null;
  });
  const letter = { from: "operator", to: seat, kind: "note", subject: "hint", body: "one is enough", key: mintUuid() } as const;
  const { id } = await swarm.mail.send(letter);
  expect(await swarm.mail.send(letter)).toEqual({ id, repeated: true });
  await until(async () => (await swarm.mail.state(seat, id)) === "seen", { what: "the letter to be seen", timeoutMs: 20_000 });
  const idle = await swarm.mail.send({ from: "operator", to: "dev-1" as never, kind: "note", subject: "later", body: "no hurry" });
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed);
  const states = await Promise.all([swarm.mail.state(seat, id), swarm.mail.state("dev-1" as never, idle.id)]);
  expect(states[0]).toBe("seen");
  expect(["stored", "seen"]).toContain(states[1]);
});
