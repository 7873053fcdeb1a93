/**
 * The post between inboxes and sessions. The session is a double that says when it takes a message: real ones are in the
 * end-to-end tests, but only a double can die between "offered" and "seen" on demand.
 */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { SeatId } from "../../src/base/ids.ts";
import { openMemoryStore } from "../../src/store/memory/store.ts";
import { TestClock } from "../support/clock.ts";
import { until } from "../support/until.ts";
import { OPERATOR } from "./support/born.ts";
import { endTurn, office, open, QUEEN, quiet, send, state } from "./support/office.ts";

test("[engine.mail.states] a letter is offered when handed over and seen when the session took it in, with the proof kept", async () => {
  const { swarm, postman, handed } = await office();
  const id = await send(swarm, "note");
  await until(() => handed.length === 1, { what: "the letter to be handed over" });
  expect(handed[0]).toMatchObject({ text: expect.stringContaining("| in ms or s?"), urgency: "next" });
  expect(await swarm.mail.standing(QUEEN, id)).toEqual({ state: "offered", session: "x1", at: expect.any(Number) });
  handed[0]?.settle("taken");
  await until(async () => (await state(swarm, id)) === "seen", { what: "seen" });
  expect(await swarm.mail.standing(QUEEN, id)).toMatchObject({ session: "x1", proof: "receipt" });
  await postman.stop();
});

test("[engine.mail.withdrawn] what a session did not take in is stored again", async () => {
  const { swarm, postman, handed } = await office();
  const id = await send(swarm, "note");
  await until(() => handed.length === 1, { what: "the letter to be handed over" });
  await swarm.submit({ type: "pause_swarm" }, OPERATOR);
  await endTurn(swarm);
  handed[0]?.settle("gone");
  await until(async () => (await state(swarm, id)) === "stored", { what: "stored again" });
  await postman.stop();
});

test("[engine.mail.orphaned] what an earlier host handed over without proof is stored again and handed out by the next", async () => {
  const { swarm, postman, handed } = await office();
  const id = await send(swarm, "note");
  await until(() => handed.length === 1, { what: "the letter to be handed over" });
  await quiet(postman);
  // In the queue of a session that lives: nobody takes it away.
  expect([handed.length, await state(swarm, id)]).toEqual([1, "offered"]);
  await postman.stop();
  await swarm.mail.offer("dev-0" as SeatId, (await swarm.mail.send({ ...LOST, to: "dev-0" as SeatId })).id, { session: "x9" });
  const next = open(swarm, systemClock);
  await until(() => next.handed.length === 1, { what: "the letter to be handed over again" });
  expect(next.handed[0]?.text).toContain(`id="${id}"`);
  await until(async () => (await swarm.mail.list("dev-0" as SeatId, ["stored"])).length === 1, { what: "the other seat's letter" });
  next.handed[0]?.settle("taken");
  await until(async () => (await state(swarm, id)) === "seen", { what: "seen" });
  await next.postman.stop();
});
const LOST = { from: "queen", kind: "note", subject: "lost", body: "b" } as const;

test("[engine.mail.idle] a note waits for an idle session's next turn, a question wakes it, a pause holds both", async () => {
  const { swarm, postman, handed } = await office();
  await endTurn(swarm);
  const note = await send(swarm, "note");
  await swarm.submit({ type: "pause_swarm" }, OPERATOR);
  const question = await send(swarm, "question");
  await quiet(postman);
  expect(await swarm.mail.list(QUEEN, ["stored"])).toHaveLength(2);
  expect(handed).toEqual([]);
  await swarm.submit({ type: "resume_swarm" }, OPERATOR);
  await until(() => handed.length === 1, { what: "the question to wake the queen" });
  expect(await Promise.all([state(swarm, note), state(swarm, question)])).toEqual(["offered", "offered"]);
  handed[0]?.settle("taken");
  await postman.stop();
});

test("[engine.mail.urgent] an urgent letter interrupts a running turn, goes before the others and wakes an idle session", async () => {
  const { swarm, postman, handed, cli } = await office({ cli: { busy: true } });
  await postman.stop();
  const note = await send(swarm, "note");
  const urgent = await send(swarm, "note", { urgent: true });
  const next = open(swarm, systemClock, cli);
  await until(() => next.handed.length === 1, { what: "both to be handed over" });
  const { text = "", urgency } = next.handed[0] ?? {};
  expect(urgency).toBe("now");
  expect(text.indexOf(urgent)).toBeLessThan(text.indexOf(note));
  expect(text).toContain('urgent="yes"');
  next.handed[0]?.settle("taken");
  await endTurn(swarm);
  await send(swarm, "note", { urgent: true, body: "again" });
  await until(() => next.handed.length === 2, { what: "the idle session to be woken" });
  expect(next.handed[1]?.urgency).toBe("next");
  next.handed[1]?.settle("taken");
  await next.postman.stop();
  expect(handed).toEqual([]);
});

test("[engine.mail.held] a CLI that takes no text in a turn gets its letters when the turn is over, and they stay stored till then", async () => {
  const { swarm, postman, handed, cli } = await office({ cli: { steer: false, interrupt: false, busy: true } });
  const ids = [await send(swarm, "note"), await send(swarm, "question"), await send(swarm, "note", { urgent: true })];
  await quiet(postman);
  expect(handed).toEqual([]);
  expect(await swarm.mail.list(QUEEN, ["stored"])).toEqual(ids);
  cli.busy = false;
  await endTurn(swarm);
  await until(() => handed.length === 1, { what: "the letters to be handed over" });
  expect(await swarm.mail.list(QUEEN, ["offered"])).toEqual(ids);
  handed[0]?.settle("taken");
  await until(async () => (await swarm.mail.list(QUEEN, ["seen"])).length === 3, { what: "all to be seen" });
  await postman.stop();
});

test("[engine.mail.later] a letter for later is handed over when its time comes, by one timer that a new host derives again", async () => {
  const clock = new TestClock(1_800_000_000_000);
  // The store's own ticks go on in real time, so that the post's timer is the only one here.
  const store = openMemoryStore({ clock: { ...systemClock, now: () => clock.now() } });
  const { swarm, postman, handed } = await office({ clock, store });
  const id = await send(swarm, "note", { notBefore: clock.now() + 60_000 });
  await send(swarm, "note", { notBefore: clock.now() + 90_000, body: "still later" });
  await quiet(postman);
  expect([handed.length, clock.armed]).toEqual([0, 1]);
  await postman.stop();
  expect(clock.armed).toBe(0);
  const next = open(swarm, clock);
  await until(() => clock.armed === 1, { what: "the timer of the new host" });
  clock.tick(59_000);
  await quiet(next.postman);
  expect(next.handed).toEqual([]);
  clock.tick(1_000);
  await until(() => next.handed.length === 1, { what: "the letter to be handed over" });
  expect(next.handed[0]?.text).toContain(id);
  expect(next.handed[0]?.text).not.toContain("still later");
  next.handed[0]?.settle("taken");
  await until(() => clock.armed === 1, { what: "the timer of the second letter" });
  await next.postman.stop();
});
