/** Looking at a swarm and waiting for it, while other processes write. */
import { truncateSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openSwarmHandle } from "../../src/engine/swarm-handle.ts";
import { ADAPTERS, fileSwarm, SWARM, twoViews } from "../store/support/adapters.ts";
import { birth, OPERATOR, RULES_OF_NOW } from "./support/born.ts";

describe.each(ADAPTERS)("over the $name store", (adapter) => {
  async function twoHandles() {
    const [one, two] = await twoViews(adapter);
    const first = await openSwarmHandle(one, RULES_OF_NOW);
    await first.submit(birth(), OPERATOR);
    return [first, await openSwarmHandle(two, RULES_OF_NOW)] as const;
  }

  test("[engine.handle.until] who waits is woken by a commit of another process, and by its own", async () => {
    const [mine, other] = await twoHandles();
    const paused = mine.until((state) => (state.status === "paused" ? state.seq : null), { timeoutMs: 10_000 });
    await other.submit({ type: "pause_swarm" }, OPERATOR);
    expect(await paused).toBe(2);
    const resumed = mine.until((state) => (state.status === "opening" ? state.seq : null), { timeoutMs: 10_000 });
    await mine.submit({ type: "resume_swarm" }, OPERATOR);
    expect(await resumed).toBe(3);
  });

  test("[engine.handle.until-ends] a wait ends with null at its time or when it is called off, and at once when it is over already", async () => {
    const [mine] = await twoHandles();
    expect(await mine.until(() => null, { timeoutMs: 30 })).toBeNull();
    const off = new AbortController();
    const waiting = mine.until(() => null, { timeoutMs: 60_000, signal: off.signal });
    off.abort();
    expect(await waiting).toBeNull();
    expect(await mine.until((state) => state.title, { timeoutMs: 60_000, signal: off.signal })).toBe("a goal");
  });

  test("[engine.handle.events] the feed gives each commit once from a cursor on, whoever wrote it", async () => {
    const [mine, other] = await twoHandles();
    await other.submit({ type: "pause_swarm" }, OPERATOR);
    const all = await mine.events(0);
    expect(all.map(({ seq, by, events }) => [seq, by, events[0]?.type])).toEqual([
      [1, "operator", "swarm_created"],
      [2, "operator", "swarm_paused"],
    ]);
    expect(await mine.events(1)).toEqual(all.slice(1));
    expect(await mine.events(2)).toEqual([]);
  });

  test("[engine.handle.prose] short text stays in the event, long text is kept once by content, and both read back whole", async () => {
    const [mine, other] = await twoHandles();
    const [short, long] = ["ä".repeat(100), "ä".repeat(101)];
    expect(await mine.keep(short)).toBe(short);
    const kept = await mine.keep(long);
    expect(kept).toMatchObject({ bytes: 202 });
    expect(await other.keep(long)).toEqual(kept);
    expect([await other.read(short), await other.read(kept)]).toEqual([short, long]);
  });
});

test("[engine.handle.broken] a log that is cut while somebody waits is an error for who waits, not a silent wait", async () => {
  const { root, swarm } = await fileSwarm();
  const handle = await openSwarmHandle(swarm, RULES_OF_NOW);
  await handle.submit(birth(), OPERATOR);
  const waiting = handle.until(() => null, { timeoutMs: 15_000 });
  truncateSync(path.join(root, "swarms", SWARM, "events.jsonl"), 20);
  await expect(waiting).rejects.toMatchObject({ code: "LOG_REPLACED" });
});
