/** What every adapter of the log promises. */
import { describe, expect, test } from "vitest";
import type { Draft } from "../../../src/store/ports.ts";
import { until } from "../../support/until.ts";
import { ADAPTERS, twoViews } from "../support/adapters.ts";
import { nothingKnown, submit } from "../support/writer-loop.ts";

const draft = (n: number): Draft => ({ at: n, by: "a", command: "go", events: [{ n }] });

describe.each(ADAPTERS)("log over $name", (adapter) => {
  test("[store.log.order] commits are read back whole, in order, from any point, by every process", async () => {
    const [one, two] = await twoViews(adapter);
    expect(await two.log.read(0)).toEqual([]);
    for (let n = 1; n <= 3; n++) {
      const answer = await (n === 2 ? two : one).log.append(n - 1, { ...draft(n), key: `k${n}` });
      expect(answer).toMatchObject({
        outcome: "won",
        commit: { v: 1, seq: n, at: n, by: "a", command: "go", key: `k${n}`, events: [{ n }] },
      });
    }
    await one.log.sync();
    for (const { log } of [one, two]) {
      expect((await log.read(0)).map((commit) => commit.seq)).toEqual([1, 2, 3]);
      expect((await log.read(1)).map((commit) => commit.seq)).toEqual([2, 3]);
      expect(await log.read(3)).toEqual([]);
    }
  });

  test("[store.log.first-wins] of two lines for one number the first counts, also when both say the same", async () => {
    const [one, two] = await twoViews(adapter);
    const [a, b] = await Promise.all([one.log.append(0, draft(1)), two.log.append(0, draft(1))]);
    expect([a.outcome, b.outcome].sort()).toEqual(["lost", "won"]);
    expect(await two.log.append(1, draft(1))).toMatchObject({ outcome: "won", commit: { seq: 2 } });
    expect((await one.log.read(0)).map((commit) => commit.id)).toHaveLength(2);
    expect(new Set((await one.log.read(0)).map((commit) => commit.id)).size).toBe(2);
  });

  test("[store.log.first-wins] a number beyond the next one is never written", async () => {
    const [one, two] = await twoViews(adapter);
    expect(await one.log.append(1, draft(2))).toEqual({ outcome: "lost" });
    expect(await two.log.read(0)).toEqual([]);
  });

  test("[store.log.redecide] a writer that lost decides again on what won: one claim, the others refused", async () => {
    const [one, two] = await twoViews(adapter);
    const claim = (log: typeof one.log, by: string) =>
      submit(log, nothingKnown(), undefined, (known) => (known.seq === 0 ? [{ claimed: by }] : null), by);
    const answers = await Promise.all([claim(one.log, "a"), claim(two.log, "b"), claim(one.log, "c"), claim(two.log, "d")]);
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    expect(await one.log.read(0)).toHaveLength(1);
  });

  test("[store.log.key] one key asked from two processes and again later is one commit and one answer", async () => {
    const [one, two] = await twoViews(adapter);
    const ask = (log: typeof one.log) => submit(log, nothingKnown(), "key-1", () => [{ done: true }]);
    const answers = [...(await Promise.all([ask(one.log), ask(two.log), ask(one.log)])), await ask(two.log)];
    expect(new Set(answers.map((answer) => answer?.id)).size).toBe(1);
    expect(await one.log.read(0)).toHaveLength(1);
  });

  test("[store.log.limit] a commit over 64 KiB is refused and leaves the log as it was", async () => {
    const [one] = await twoViews(adapter);
    const big = { ...draft(1), events: [{ text: "é".repeat(33_000) }] };
    await expect(one.log.append(0, big)).rejects.toMatchObject({ code: "TOO_LARGE" });
    expect((await one.log.append(0, { ...draft(1), events: [{ text: "x".repeat(65_000) }] })).outcome).toBe("won");
    expect(await one.log.read(0)).toHaveLength(1);
  });

  test("[store.log.own-copy] what one reader does to a commit no other reader sees", async () => {
    const [one] = await twoViews(adapter);
    const answer = await one.log.append(0, draft(1));
    if (answer.outcome === "won") (answer.commit.events[0] as { n: number }).n = 99;
    ((await one.log.read(0))[0]?.events[0] as { n: number }).n = 98;
    expect((await one.log.read(0))[0]?.events).toEqual([{ n: 1 }]);
  });

  test("[store.log.turns] turns of one process never overlap; a failing one hands on", async () => {
    const [one] = await twoViews(adapter);
    let inside = 0;
    const work = async (n: number) => {
      expect(++inside).toBe(1);
      await one.log.read(0);
      inside--;
      if (n === 3) throw new Error("no");
      return n;
    };
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => one.log.turn(() => work(n))));
    expect(results.map((result) => (result.status === "fulfilled" ? result.value : result.status))).toEqual([1, 2, "rejected", 4, 5]);
  });

  test("[store.log.beat] a beat of anybody changes what everybody reads", async () => {
    const [one, two] = await twoViews(adapter);
    const seen = new Set([await two.log.lastBeat()]);
    for (const { log } of [one, two, one, one]) {
      await log.beat();
      seen.add(await two.log.lastBeat());
      expect(await one.log.lastBeat()).toBe(await two.log.lastBeat());
    }
    expect(seen.size).toBe(5);
  });

  test("[store.log.closed] a closed log answers nothing, and closing twice is fine", async () => {
    const [one, two] = await twoViews(adapter);
    await one.log.close();
    await one.log.close();
    await expect(one.log.read(0)).rejects.toMatchObject({ code: "LOG_CLOSED" });
    await expect(one.log.append(0, draft(1))).rejects.toMatchObject({ code: "LOG_CLOSED" });
    expect((await two.log.append(0, draft(1))).outcome).toBe("won");
  });

  test("[store.log.changes] a change by another process is noticed, and the signal ends the waiting", async () => {
    const [one, two] = await twoViews(adapter);
    const stop = new AbortController();
    let seen = -1;
    const listening = (async () => {
      for await (const _ of one.log.changes(stop.signal)) seen = (await one.log.read(0)).length;
    })();
    await until(() => seen === 0, { what: "the first tick came at once" });
    await two.log.append(0, draft(1));
    await until(() => seen === 1, { what: "the commit was noticed", timeoutMs: 2_000 });
    stop.abort();
    await listening;
    for await (const _ of one.log.changes(stop.signal)) expect.fail("an aborted signal gives no tick");
  });
});
