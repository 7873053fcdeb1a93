/** One swarm's state, shared by processes through nothing but its log. */
import { fdatasync, writeSync } from "node:fs";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SeatId, TaskId } from "../../src/base/ids.ts";
import type { Command } from "../../src/domain/commands.ts";
import { RULES, type State } from "../../src/domain/model.ts";
import { CONTINUED } from "../../src/domain/upgrade.ts";
import type { Answer } from "../../src/engine/api.ts";
import { type Ledger, openLedger } from "../../src/engine/ledger.ts";
import { fileIo } from "../../src/store/file/io.ts";
import type { Log } from "../../src/store/ports.ts";
import { taskSpec } from "../domain/world.ts";
import { ADAPTERS, type Adapter, fileSwarm, SWARM, twoViews } from "../store/support/adapters.ts";
import { until } from "../support/until.ts";
import { birth, engine, lease, OPERATOR, RULES_OF_NOW } from "./support/born.ts";

async function twoLedgers(adapter: Adapter): Promise<[Ledger, Ledger]> {
  const [one, two] = await twoViews(adapter);
  return [await openLedger(one.log, RULES_OF_NOW), await openLedger(two.log, RULES_OF_NOW)];
}

const yes = (answer: Answer) => {
  if (!answer.ok) throw new Error(`refused: ${answer.refusal.code} ${answer.refusal.message}`);
  return answer;
};
const code = (answer: Answer) => (answer.ok ? "yes" : answer.refusal.code);

/** The first commit of a swarm, as a program of these rules would have written it. */
async function born(log: Log, rules: number): Promise<void> {
  const decision = RULES_OF_NOW.decide(RULES_OF_NOW.emptyState(), birth(), OPERATOR, 1);
  const events = decision.ok ? decision.events.map((event) => (event.type === "swarm_created" ? { ...event, rules } : event)) : [];
  await log.append(0, { at: 1, by: "operator", command: "create_swarm", events });
}

describe.each(ADAPTERS)("over the $name log", (adapter) => {
  test("[engine.ledger.race] of two processes that claim one task at the same time one is refused on the other's claim", async () => {
    const [one, two] = await twoLedgers(adapter);
    yes(await one.submit(birth(taskSpec("t1")), OPERATOR));
    yes(await one.submit(lease(0), engine(0)));
    yes(await one.submit({ type: "record_opened", tip: "base" }, engine(1)));
    const claim = (seat: string): Command => ({
      type: "start_job",
      seat: seat as SeatId,
      job: { kind: "task", task: "t1" as TaskId, attempt: 1 },
    });
    const answers = await Promise.all([one.submit(claim("dev-0"), engine(1)), two.submit(claim("dev-1"), engine(1))]);
    expect(answers.map(code).sort()).toEqual(["NOT_CLAIMABLE", "yes"]);
    await Promise.all([one.refresh(), two.refresh()]);
    for (const { state } of [one, two]) {
      expect(state.tasks.get("t1" as TaskId)).toMatchObject({ status: "claimed", attempt: 1 });
      expect(state.sessions.size).toBe(1);
    }
  });

  test("[engine.ledger.keys] the same key makes one commit and one answer, from two processes and after a restart", async () => {
    const [first, second] = await twoViews(adapter);
    const one = await openLedger(first.log, RULES_OF_NOW);
    const two = await openLedger(second.log, RULES_OF_NOW);
    const [a, b] = (await Promise.all([one.submit(birth(), OPERATOR, "k1"), two.submit(birth(), OPERATOR, "k1")])).map(yes);
    expect([a?.repeated, b?.repeated].sort()).toEqual([false, true]);
    expect(a?.events).toEqual(b?.events);
    yes(await two.submit({ type: "pause_swarm" }, OPERATOR, "k2"));
    yes(await two.submit({ type: "resume_swarm" }, OPERATOR));
    const later = await openLedger(second.log, RULES_OF_NOW);
    const again = yes(await later.submit({ type: "pause_swarm" }, OPERATOR, "k2"));
    expect(again).toEqual({ ok: true, repeated: true, seq: 2, events: [{ type: "swarm_paused", why: "operator" }] });
    expect(later.state.status).toBe("opening");
    expect(await first.log.read(0)).toHaveLength(3);
  });

  test("[engine.ledger.already] a wish the state fulfils already is answered and leaves no line", async () => {
    const [first] = await twoViews(adapter);
    const ledger = await openLedger(first.log, RULES_OF_NOW);
    yes(await ledger.submit(birth(), OPERATOR));
    yes(await ledger.submit({ type: "pause_swarm" }, OPERATOR));
    expect(await ledger.submit({ type: "pause_swarm" }, OPERATOR)).toEqual({ ok: true, repeated: true, events: [], seq: 2 });
    expect(await first.log.read(0)).toHaveLength(2);
  });

  test("[engine.ledger.author] a commit says who made it and by which command", async () => {
    const [first] = await twoViews(adapter);
    const ledger = await openLedger(first.log, RULES_OF_NOW);
    yes(await ledger.submit(birth(), OPERATOR));
    yes(await ledger.submit(lease(0), engine(0), "k"));
    const commits = await first.log.read(0);
    expect(commits.map(({ by, command, key }) => [by, command, key])).toEqual([
      ["operator", "create_swarm", undefined],
      ["engine", "take_lease", "k"],
    ]);
  });

  test("[engine.ledger.skew] a swarm of other rules is shown and never written to", async () => {
    const [first, second] = await twoViews(adapter);
    const newer = await openLedger(first.log, { ...RULES_OF_NOW, number: RULES });
    yes(await newer.submit(birth(), OPERATOR));
    const older = await openLedger(second.log, { ...RULES_OF_NOW, number: RULES - 1 });
    expect(older.state).toMatchObject({ title: "a goal", rules: RULES });
    const next = expect.stringMatching(/^update skep/);
    for (const [command, actor] of [[{ type: "pause_swarm" }, OPERATOR] as const, [lease(0), engine(0)] as const])
      await expect(older.submit(command, actor)).rejects.toMatchObject({ code: "VERSION_SKEW", next });
    const stranger = await openLedger(second.log, { ...RULES_OF_NOW, number: 99 });
    const finish = expect.stringContaining("the version of skep that made it");
    if (!CONTINUED.has(RULES))
      await expect(stranger.submit(lease(0), engine(0))).rejects.toMatchObject({ code: "VERSION_SKEW", next: finish });
    expect(await first.log.read(0)).toHaveLength(1);
  });

  test("[engine.ledger.raised] a swarm of earlier rules goes on under the present ones from the lease of a new host, and the old program stops writing", async () => {
    const [first, second] = await twoViews(adapter);
    const [earlier = 0] = CONTINUED;
    await born(first.log, earlier);
    const old = await openLedger(first.log, { ...RULES_OF_NOW, number: earlier });
    const now = await openLedger(second.log, RULES_OF_NOW);
    await expect(now.submit({ type: "pause_swarm" }, OPERATOR)).rejects.toMatchObject({
      code: "VERSION_SKEW",
      next: "skep serve --replace",
    });
    const taken = await now.submit(lease(0), engine(0));
    expect(taken).toMatchObject({ ok: true, events: [{ type: "rules_raised", from: earlier, to: RULES }, { type: "lease_taken" }] });
    yes(await now.submit({ type: "pause_swarm" }, OPERATOR));
    await expect(old.submit({ type: "resume_swarm" }, OPERATOR)).rejects.toMatchObject({ code: "VERSION_SKEW" });
    expect(old.state).toMatchObject({ rules: RULES, status: "paused" });
  });

  test("[engine.ledger.agree] processes that write in any order see one history, and each yes is in it once", async () => {
    const wish = fc.record({ who: fc.nat(2), what: fc.constantFrom("pause", "resume", "lease"), key: fc.option(fc.nat(3)) });
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { minLength: 4, maxLength: 24 }), async (wishes) => {
        const [first, second] = await twoViews(adapter);
        const logs = [first.log, second.log, second.log];
        const ledgers = await Promise.all(logs.map((log) => openLedger(log, RULES_OF_NOW)));
        yes(await (ledgers[0] as Ledger).submit(birth(), OPERATOR));
        const answers = await Promise.all(
          wishes.map(({ who, what, key }) => {
            const ledger = ledgers[who] as Ledger;
            const { epoch } = ledger.state;
            const command: Command = what === "lease" ? lease(epoch, `h${who}`) : { type: `${what}_swarm` as "pause_swarm" };
            return ledger.submit(command, what === "lease" ? engine(epoch) : OPERATOR, key === null ? undefined : `${what}-${key}`);
          }),
        );
        await Promise.all(ledgers.map((ledger) => ledger.refresh()));
        const fold = await openLedger(first.log, RULES_OF_NOW);
        for (const { state } of ledgers) expect(shape(state)).toEqual(shape(fold.state));
        const commits = await first.log.read(0);
        const fresh = answers.flatMap((answer) => (answer.ok && !answer.repeated ? [answer.seq] : []));
        expect(fresh.sort((a, b) => a - b)).toEqual(commits.slice(1).map(({ seq }) => seq));
        const keys = commits.flatMap(({ key }) => (key === undefined ? [] : [key]));
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: adapter.name === "memory" ? 60 : 15 },
    );
  });
});

const shape = ({ seq, status, epoch, lease: held, keys }: Readonly<State>) => ({ seq, status, epoch, held, keys: [...keys] });

test("[engine.ledger.unknown] a write cut short is never a yes, and the same key afterwards makes one commit", async () => {
  let cut = 0;
  const { swarm, open } = await fileSwarm({
    io: { ...fileIo, write: (fd, bytes) => (cut-- > 0 ? writeSync(fd, bytes.subarray(0, bytes.length >> 1)) : writeSync(fd, bytes)) },
  });
  const ledger = await openLedger(swarm.log, RULES_OF_NOW);
  cut = 1;
  await expect(ledger.submit(birth(), OPERATOR, "k")).rejects.toMatchObject({ code: "STORE_FULL", retryable: true });
  const again = await openLedger((await open()).log, RULES_OF_NOW);
  expect(yes(await again.submit(birth(), OPERATOR, "k")).repeated).toBe(false);
  expect(yes(await again.submit(birth(), OPERATOR, "k")).repeated).toBe(true);
  expect(await (await open()).log.read(0)).toHaveLength(1);
});

test("[engine.ledger.durable] nobody is told of a commit before it is on disk", async () => {
  const real = promisify(fdatasync);
  let release: () => void = () => undefined;
  const { swarm } = await fileSwarm({
    io: {
      ...fileIo,
      fdatasync: async (fd) => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        await real(fd);
      },
    },
  });
  const opening = openLedger(swarm.log, RULES_OF_NOW);
  const ledger = await opening;
  const told: number[] = [];
  ledger.onCommit(({ seq }) => told.push(seq));
  const order: string[] = [];
  const answer = ledger.submit(birth(), OPERATOR).then(() => order.push("answer"));
  await until(() => ledger.state.seq === 1);
  const look = ledger.refresh().then(() => order.push("look"));
  await Promise.all([swarm.log.read(0), swarm.log.lastBeat()]);
  expect([order, told]).toEqual([[], []]);
  release();
  await Promise.all([answer, look]);
  expect(told).toEqual([1]);
});

test("[engine.ledger.sync-failed] a disk that does not confirm means no yes for anybody who waits", async () => {
  const { swarm, open } = await fileSwarm({
    io: {
      ...fileIo,
      fdatasync: () => Promise.reject(Object.assign(new Error("i/o error"), { code: "EIO" })),
    },
  });
  const ledger = await openLedger(swarm.log, RULES_OF_NOW);
  const answers = await Promise.allSettled([ledger.submit(birth(), OPERATOR, "k"), ledger.submit({ type: "pause_swarm" }, OPERATOR, "k2")]);
  expect(answers.map((one) => (one.status === "rejected" ? one.reason.code : "yes"))).toEqual(["STORE_SYNC_FAILED", "STORE_SYNC_FAILED"]);
  const again = await openLedger((await open()).log, RULES_OF_NOW);
  expect(yes(await again.submit(birth(), OPERATOR, "k"))).toMatchObject({ repeated: true, seq: 1 });
  expect(again.state.id).toBe(SWARM);
});
