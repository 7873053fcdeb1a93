/** Mail through real hosts and processes: hosts that die between handing over and proof, readers that are not there yet. */
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { SeatId } from "../../src/base/ids.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { type ClaudeRig, claudeRig } from "../e2e/support/fake-claude.ts";
import type { Rig } from "../e2e/support/rig.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { until } from "../support/until.ts";

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const note = (to: SeatId, subject: string, more: { notBefore?: number } = {}) =>
  ({ from: "operator", to, kind: "note", subject, body: "b", ...more }) as const;

/** The worker of t1 in its second attempt, asleep in the middle of its turn. */
const asleep = (rig: ClaudeRig, swarm: LiveSwarm) =>
  rig.until(swarm, "attempt 2 of t1 at work", (state) => {
    const session = state.sessions.get(state.tasks.get("t1" as never)?.session as never);
    const task = state.tasks.get("t1" as never);
    return session?.status === "live" && task?.attempt === 2 && task.progress !== null ? { ...session } : null;
  });
/** It says so before it falls asleep, longer than the late letter waits; what comes later it takes in when it wakes. */
const SLEEPER = TWO_TASKS.replace(
  "      - sleepMs: 0",
  `      - call: task_progress
        with: {attempt: "\${attempt}", done: nothing, next: sleep}
      - sleepMs: 20000`,
);

test("[e2e.mail.killed] a host killed between handing over and proof: the letter is stored again, handed over again and seen; one for later comes at its time", async () => {
  const rig = await claudeRig({ playbook: SLEEPER });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  const { mail } = swarm;
  const { id: session, seat, cli } = await asleep(rig, swarm);
  const { id } = await mail.send(note(seat, "hint"));
  const notBefore = systemClock.now() + 12_000;
  const late = await mail.send(note(seat, "late", { notBefore }));
  await until(async () => (await mail.state(seat, id)) === "offered", { what: "the letter to be handed over", timeoutMs: 60_000 });
  const sentWith = (subject: string) => rig.messages(cli ?? "").filter((text) => text.includes(`| ${subject}\n`)).length;
  await until(() => sentWith("hint") === 1, { what: "the letter to be read by the CLI", timeoutMs: 60_000 });
  expect(await mail.standing(seat, id)).toMatchObject({ state: "offered", session });
  const killed = systemClock.now();
  rig.killHost();
  const seen = async (letter: string) => {
    const standing = await mail.standing(seat, letter);
    return standing?.state === "seen" ? standing : null;
  };
  const [first, second] = [
    await until(() => seen(id), { what: "the letter to be seen", timeoutMs: 60_000 }),
    await until(() => seen(late.id), { what: "the late letter to be seen", timeoutMs: 60_000 }),
  ];
  expect(first).toMatchObject({ session, proof: "receipt" });
  expect(first.at).toBeGreaterThan(killed);
  expect(second.at).toBeGreaterThanOrEqual(notBefore);
  expect([sentWith("hint"), sentWith("late")]).toEqual([2, 1]);
  expect(await swarm.look((state) => state.sessions.get(session)?.run)).toBe(2);
}, 240_000);

test("[e2e.mail.absent] mail to a seat without a session is handed to its next one, behind the briefing", async () => {
  const rig = await claudeRig({ playbook: TWO_TASKS.replace("sleepMs: 0", "sleepMs: 1500") });
  rigs.push(rig);
  const swarm = await rig.create("Write two files");
  const seats = ["dev-0", "dev-1"] as SeatId[];
  const ids = await Promise.all(seats.map(async (seat) => (await swarm.mail.send(note(seat, `hello ${seat}`))).id));
  await rig.until(swarm, "the end", (state) => state.status === "completed" && state.closed, 60_000);
  const started = (await swarm.events(0)).flatMap(({ events }) => events.filter((event) => event.type === "session_started"));
  const messages = started.map(({ cli }) => rig.messages(cli ?? "")).filter(([first]) => first?.includes("attempt"));
  expect(messages.length).toBeGreaterThanOrEqual(2);
  let read = 0;
  for (const sent of messages) {
    expect(sent[0]).not.toContain("<mail");
    for (const text of sent.slice(1)) if (text.includes("hello dev-")) read += 1;
  }
  expect(read).toBeGreaterThanOrEqual(1);
  const standings = await Promise.all(seats.map((seat, n) => swarm.mail.standing(seat, ids[n] ?? "")));
  expect(standings.filter((standing) => standing?.state === "seen").length).toBeGreaterThanOrEqual(1);
  // A seat that never got work never saw its letter, and nothing says that it did.
  for (const standing of standings) expect(["stored", "seen"]).toContain(standing?.state);
}, 120_000);
