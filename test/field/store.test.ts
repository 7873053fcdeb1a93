/** What is written must be found again: by others, after a crash, beside locks and damage. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { SeatId } from "../../src/base/ids.ts";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { RULES } from "../../src/domain/model.ts";
import { openLedger } from "../../src/engine/ledger.ts";
import { keepProse, readProse } from "../../src/engine/prose.ts";
import { openFileStore } from "../../src/store/file/store.ts";
import type { Draft } from "../../src/store/ports.ts";
import { plan, taskSpec, World } from "../domain/world.ts";
import { birth, OPERATOR, RULES_OF_NOW } from "../engine/support/born.ts";
import { fileAdapter, fileSwarm, quiet, twoViews } from "../store/support/adapters.ts";
import { tempDir } from "../support/temp.ts";
import { gates, HOUR, reread } from "./support/flow.ts";

const DEV = "dev-0" as SeatId;
const note = (body: string) => ({ from: "queen", to: DEV, kind: "note", subject: "s", body }) as const;
const draft = (n: number): Draft => ({ at: n, by: "a", command: "go", events: [{ n }] });
const logOf = (root: string) => path.join(root, "swarms/s-test/events.jsonl");

test("[field.lost-write] two write one inbox at the same time, the first ever, and a message is gone: each message is a file of its own", async () => {
  for (let trial = 0; trial < 3; trial += 1) {
    const [one, two] = await twoViews(fileAdapter);
    const sent = await Promise.all(Array.from({ length: 16 }, (_, n) => (n % 2 ? one : two).mail.send(note(`${n}`))));
    expect([...(await one.mail.list(DEV, ["stored"]))].sort()).toEqual(sent.map(({ id }) => id).sort());
  }
});

test("[field.torn-read-as-empty] a file cut in the middle of a write is read as an empty one: what was confirmed is read, a hole is an error", async () => {
  const { root, swarm, open } = await fileSwarm();
  for (let n = 1; n <= 3; n += 1) await swarm.log.append(n - 1, draft(n));
  appendFileSync(logOf(root), '{"v":1,"seq":4,"id":"half');
  expect((await (await open()).log.read(0)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  const [first, , third] = readFileSync(logOf(root), "utf8").split("\n");
  writeFileSync(logOf(root), `${first}\n${third}\n`);
  await expect((await open()).log.read(0)).rejects.toMatchObject({ code: "LOG_DAMAGED" });
});

test("[field.stale-lock] a lock whose owner is gone stops everybody for ever: writers are polite to it, and do not need it", async () => {
  const { root, swarm } = await fileSwarm();
  mkdirSync(`${logOf(root)}.lock`);
  const start = systemClock.monotonic();
  const answer = await swarm.log.turn(() => swarm.log.append(0, draft(1)));
  expect(answer).toMatchObject({ outcome: "won" });
  expect(systemClock.monotonic() - start).toBeLessThan(5_000);
});

test("[field.memory-fallback] a store that cannot be opened is replaced by memory in silence, and all is lost: it is an error", async () => {
  const file = path.join(tempDir(), "state");
  writeFileSync(file, "no folder");
  await expect(openFileStore(file, { logger: quiet, watch: false })).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_/) });
});

test("[field.overflow] what grows too large for its record is deleted: long texts are kept by their content, and the record refers to them", async () => {
  const { swarm, open } = await fileSwarm();
  const text = "a long report ".repeat(100_000);
  const prose = await keepProse(swarm.artifacts, text);
  expect(JSON.stringify(prose).length).toBeLessThan(200);
  await swarm.log.append(0, { ...draft(1), events: [prose] });
  await expect(swarm.log.append(1, { ...draft(2), events: [text] })).rejects.toMatchObject({ code: "TOO_LARGE" });
  const again = await open();
  expect(await readProse(again.artifacts, (await again.log.read(0))[0]?.events[0] as never)).toBe(text);
});

test("[field.full-inbox] an inbox with a thousand old messages brings up no new one: what was seen is out of the way", async () => {
  const { swarm } = await fileSwarm();
  for (let n = 0; n < 1_000; n += 50) {
    const sent = await Promise.all(Array.from({ length: 50 }, (_, k) => swarm.mail.send(note(`${n + k}`))));
    await Promise.all(sent.map(({ id }) => swarm.mail.see(DEV, id, { session: "x1", proof: "tool" })));
  }
  const { id } = await swarm.mail.send(note("new"));
  expect(await swarm.mail.list(DEV, ["stored"])).toEqual([id]);
  expect(await swarm.mail.list(DEV, ["seen"])).toHaveLength(1_000);
});

test("[field.version-drift] programs of two versions write one state and spoil it: the other version reads, and is refused when it writes", async () => {
  const [first, second] = await twoViews(fileAdapter);
  const now = await openLedger(first.log, { ...RULES_OF_NOW, number: RULES });
  await now.submit(birth(), OPERATOR);
  const other = await openLedger(second.log, { ...RULES_OF_NOW, number: RULES - 1 });
  expect(other.state.title).toBe("a goal");
  await expect(other.submit({ type: "pause_swarm" }, OPERATOR)).rejects.toMatchObject({ code: "VERSION_SKEW" });
  expect(await first.log.read(0)).toHaveLength(1);
});

test("[field.deadline-rearmed] every restart begins the waiting anew, so that a deadline never comes: it is kept as a time", () => {
  const world = World.started();
  world.settle();
  world.as("queen", plan([taskSpec("t1")]));
  world.settle();
  const { deadlineAt } = world.state.plan;
  expect(deadlineAt).toBe(world.now + DEFAULT_LIMITS.planReviewMs);
  world.now += DEFAULT_LIMITS.planReviewMs - 1;
  const restarted = reread(world);
  expect(restarted.state.plan.deadlineAt).toBe(deadlineAt);
  restarted.now += HOUR / 3_600;
  restarted.settle();
  expect(gates(restarted)).toMatchObject([{ kind: "plan_review" }]);
});
