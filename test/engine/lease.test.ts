/** Who may act for a swarm, and how the right moves on when its holder dies, stops or only seems to. */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { LiveSwarm } from "../../src/engine/host/context.ts";
import { takeLease } from "../../src/engine/lease.ts";
import { openSwarmHandle } from "../../src/engine/swarm-handle.ts";
import { thisProcess } from "../../src/proc/identity.ts";
import { openMemoryStore } from "../../src/store/memory/store.ts";
import type { Holder } from "../../src/store/ports.ts";
import { fileSwarm, SWARM } from "../store/support/adapters.ts";
import { until } from "../support/until.ts";
import { birth, engine, lease, OPERATOR, RULES_OF_NOW } from "./support/born.ts";
import { bundledMain, endAll, startMain } from "./support/process.ts";

beforeAll(bundledMain);
afterEach(endAll);

const holder = (id: string): Holder => ({ ...thisProcess(), id });

/** A swarm in memory whose holders are as alive as the test says. */
async function inMemory(alive: (who: Holder) => "yes" | "no" | "unknown"): Promise<LiveSwarm> {
  const store = openMemoryStore({ alive });
  const handle = await openSwarmHandle(await store.create(SWARM), RULES_OF_NOW);
  await handle.submit(birth(), OPERATOR);
  return handle;
}

const take = (swarm: LiveSwarm, more: Partial<Parameters<typeof takeLease>[0]> = {}) =>
  takeLease({
    swarm,
    self: holder("taker"),
    address: "http://127.0.0.1:2/mcp",
    clock: systemClock,
    staleMs: 200,
    beatMs: 20,
    signal: AbortSignal.timeout(10_000),
    onLost: () => undefined,
    ...more,
  });

describe("judging a holder", () => {
  test("[engine.lease.dead] a holder proven dead is followed at once, whatever the waiting time", async () => {
    const swarm = await inMemory(() => "no");
    await swarm.submit(lease(0, "old"), engine(0));
    const taken = await take(swarm, { staleMs: 60_000 });
    expect(taken?.epoch).toBe(2);
    expect(swarm.state.lease?.holder.id).toBe("taker");
    taken?.release();
  });

  test("[engine.lease.patient] a holder that beats keeps its lease, also when nobody can see its process", async () => {
    const swarm = await inMemory(() => "unknown");
    await swarm.submit(lease(0, "old"), engine(0));
    const gone = new AbortController();
    const taking = take(swarm, { signal: gone.signal, staleMs: 150 });
    const before = systemClock.monotonic();
    await until(async () => {
      await swarm.log.beat();
      return systemClock.monotonic() - before > 600;
    });
    expect(swarm.state.epoch).toBe(1);
    gone.abort();
    expect(await taking).toBeNull();
  });

  test("[engine.lease.silent] a holder that lives and gives no sign is followed after the waiting time, not before", async () => {
    const swarm = await inMemory(() => "yes");
    await swarm.submit(lease(0, "old"), engine(0));
    const before = systemClock.monotonic();
    const taken = await take(swarm, { staleMs: 300 });
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(290);
    expect(taken?.epoch).toBe(2);
    taken?.release();
  });

  test("[engine.lease.clock] a jump of the taker's own clocks is not the holder's death", async () => {
    const swarm = await inMemory(() => "unknown");
    await swarm.submit(lease(0, "old"), engine(0));
    let jump = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + jump, monotonic: () => systemClock.monotonic() + jump };
    const before = systemClock.monotonic();
    const taking = take(swarm, { staleMs: 800, clock });
    await until(() => systemClock.monotonic() - before > 150);
    jump = 3_600_000;
    await taking.then((taken) => taken?.release());
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(300);
  });

  test("[engine.lease.one] of eight takers at once exactly one holds the lease, and the log says who", async () => {
    const { swarm, open } = await fileSwarm();
    const first = await openSwarmHandle(swarm, RULES_OF_NOW);
    await first.submit(birth(), OPERATOR);
    const handles = await Promise.all(Array.from({ length: 8 }, async () => openSwarmHandle(await open(), RULES_OF_NOW)));
    const enough = new AbortController();
    const takers = handles.map((handle, index) =>
      take(handle, { self: holder(`h${index}`), signal: enough.signal, staleMs: 60_000 }).then((taken) => (taken ? index : null)),
    );
    const winner = await Promise.race(takers);
    await first.refresh();
    expect(first.state.lease?.holder.id).toBe(`h${winner}`);
    expect(first.state.epoch).toBe(1);
    enough.abort();
    expect((await Promise.all(takers)).filter((index) => index !== null)).toEqual([winner]);
  });

  test("[engine.lease.lost] a holder is told at once when another's lease is seen, and refused from then on", async () => {
    const swarm = await inMemory(() => "no");
    let lost = 0;
    const taken = await take(swarm, { onLost: () => lost++ });
    expect(taken?.epoch).toBe(1);
    await swarm.submit(lease(1, "other"), engine(1));
    expect(lost).toBe(1);
    expect(await swarm.submit({ type: "record_opened", tip: "x" }, engine(1))).toMatchObject({
      ok: false,
      refusal: { code: "LEASE_LOST" },
    });
  });
});

describe("between processes", () => {
  async function held() {
    const { root, swarm } = await fileSwarm();
    const handle = await openSwarmHandle(swarm, RULES_OF_NOW);
    await handle.submit(birth(), OPERATOR);
    const first = await startMain(["lease", root, SWARM]);
    await first.says("epoch 1");
    const second = await startMain(["lease", root, SWARM]);
    await second.says("waiting");
    return { first, second, handle };
  }

  test("[engine.lease.killed] a killed holder's lease is taken within two seconds", async () => {
    const { first, second } = await held();
    first.child.kill("SIGKILL");
    await first.ended;
    const before = systemClock.monotonic();
    await second.says("epoch 2");
    expect(systemClock.monotonic() - before).toBeLessThan(2_000);
  });

  test("[engine.lease.stopped] a stopped holder's lease is taken after the waiting time; back again it is refused at its first commit", async () => {
    const { first, second, handle } = await held();
    first.child.kill("SIGSTOP");
    const before = systemClock.monotonic();
    await second.says("epoch 2");
    expect(systemClock.monotonic() - before).toBeLessThan(2_500);
    first.tell("commit");
    first.child.kill("SIGCONT");
    expect(await first.says("answer")).toBe("answer LEASE_LOST");
    await first.says("lost");
    second.tell("commit");
    expect(await second.says("answer")).toBe("answer yes");
    await handle.refresh();
    expect(handle.state).toMatchObject({ epoch: 2, tip: "t2" });
  });
});
