/** What every adapter of the mail promises. */
import { describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import type { SeatId } from "../../../src/base/ids.ts";
import type { NewLetter } from "../../../src/store/ports.ts";
import { until } from "../../support/until.ts";
import { ADAPTERS, SWARM, twoViews } from "../support/adapters.ts";

const DEV = "dev-0" as SeatId;
const note = (body: string, more: Partial<NewLetter> = {}): NewLetter => ({
  from: "queen-0",
  to: DEV,
  kind: "note",
  subject: "s",
  body,
  ...more,
});

const TO = { session: "x1" };
const BY = { session: "x1", proof: "receipt" } as const;

const at = (now: () => number): Clock => ({ ...systemClock, now });

describe.each(ADAPTERS)("mail over $name", (adapter) => {
  test("[store.mail.kept] a letter is found by every process, as it was sent, the operator's too", async () => {
    const [one, two] = await twoViews(adapter);
    const letter = note("line\n\u0000 \u2028 ünï 🐝", { task: "t1", replyTo: "x", kind: "question", to: "operator", urgent: true });
    const { id, repeated } = await one.mail.send(letter);
    expect(repeated).toBe(false);
    expect(await two.mail.list("operator", ["stored"])).toEqual([id]);
    expect(await two.mail.read("operator", [id])).toEqual([{ ...letter, id, at: expect.any(Number) }]);
    expect(await two.mail.list(DEV, ["stored", "offered", "seen"])).toEqual([]);
  });

  test("[store.mail.states] a letter goes stored, offered, seen; only the first of two movers moves it", async () => {
    const [one, two] = await twoViews(adapter);
    const { id } = await one.mail.send(note("a"));
    expect([await one.mail.offer(DEV, id, TO), await two.mail.offer(DEV, id, TO)]).toEqual([true, false]);
    expect(await two.mail.state(DEV, id)).toBe("offered");
    expect([await two.mail.withdraw(DEV, id), await one.mail.withdraw(DEV, id)]).toEqual([true, false]);
    expect(await one.mail.state(DEV, id)).toBe("stored");
    await one.mail.offer(DEV, id, TO);
    expect([await one.mail.see(DEV, id, BY), await two.mail.see(DEV, id, BY), await two.mail.withdraw(DEV, id)]).toEqual([
      ...[true, false, false],
    ]);
    expect(await two.mail.state(DEV, id)).toBe("seen");
    expect(await two.mail.list(DEV, ["stored", "offered"])).toEqual([]);
    expect(await two.mail.list(DEV, ["seen"])).toEqual([id]);
    expect(await two.mail.read(DEV, [id])).toHaveLength(1);
    expect(await one.mail.state(DEV, "0".repeat(22))).toBeNull();
    expect(await one.mail.offer(DEV, "0".repeat(22), TO)).toBe(false);
  });

  test("[store.mail.proof] where a letter stands says to whom it was handed, who saw it, by what proof and when", async () => {
    let now = 1_800_000_000_000;
    const [one, two] = await twoViews(
      adapter,
      at(() => now),
    );
    const { id } = await one.mail.send(note("a"));
    expect(await two.mail.standing(DEV, id)).toEqual({ state: "stored" });
    now += 5;
    await one.mail.offer(DEV, id, { session: "x7" });
    expect(await two.mail.standing(DEV, id)).toEqual({ state: "offered", session: "x7", at: now });
    await one.mail.withdraw(DEV, id);
    expect(await two.mail.standing(DEV, id)).toEqual({ state: "stored" });
    await one.mail.offer(DEV, id, { session: "x8" });
    now += 5;
    await two.mail.see(DEV, id, { session: "x8", proof: "turn" });
    expect(await one.mail.standing(DEV, id)).toEqual({ state: "seen", session: "x8", at: now, proof: "turn" });
    expect(await one.mail.standing(DEV, "0".repeat(22))).toBeNull();
    expect((await one.mail.read(DEV, [id]))[0]?.body).toBe("a");
    await expect(one.mail.offer(DEV, id, { session: "../x" })).rejects.toMatchObject({ code: "BAD_ID" });
  });

  test("[store.mail.proof] a proof counts also for a letter that nobody offered, or that went back meanwhile", async () => {
    const [one, two] = await twoViews(adapter);
    const { id } = await one.mail.send(note("a", { to: "operator" }));
    expect(await two.mail.see("operator", id, { session: "operator", proof: "tool" })).toBe(true);
    expect(await one.mail.standing("operator", id)).toMatchObject({ state: "seen", session: "operator", proof: "tool" });
    expect(await one.mail.offer("operator", id, TO)).toBe(false);
  });

  test("[store.mail.later] a letter for later is not listed before its time, and says when that is", async () => {
    let now = 1_800_000_000_000;
    const [one, two] = await twoViews(
      adapter,
      at(() => now),
    );
    const late = await one.mail.send(note("late", { notBefore: now + 60_000, key: "k" }));
    const soon = await one.mail.send(note("soon", { notBefore: now + 10 }));
    const plain = await one.mail.send(note("plain"));
    expect(await one.mail.send(note("late", { notBefore: now + 60_000, key: "k" }))).toEqual({ id: late.id, repeated: true });
    expect(await two.mail.list(DEV, ["stored", "offered", "seen"])).toEqual([plain.id]);
    expect(await two.mail.later(DEV)).toEqual([
      { id: soon.id, notBefore: now + 10 },
      { id: late.id, notBefore: now + 60_000 },
    ]);
    expect(await two.mail.standing(DEV, soon.id)).toEqual({ state: "stored", notBefore: now + 10 });
    now += 10;
    expect(await two.mail.list(DEV, ["stored"])).toEqual([soon.id, plain.id]);
    expect(await two.mail.standing(DEV, soon.id)).toEqual({ state: "stored" });
    expect((await two.mail.read(DEV, [soon.id]))[0]).toMatchObject({ body: "soon", notBefore: now });
    now += 60_000;
    expect(await two.mail.later(DEV)).toEqual([]);
    await two.mail.offer(DEV, late.id, TO);
    await two.mail.withdraw(DEV, late.id);
    expect(await one.mail.list(DEV, ["stored"])).toHaveLength(3);
  });

  test("[store.mail.sent] a sender finds its newest letters in all inboxes, with where each stands", async () => {
    const [one, two] = await twoViews(adapter);
    const ids: string[] = [];
    for (const to of [DEV, "operator", "dev-1" as SeatId] as const) ids.push((await one.mail.send(note("a", { to }))).id);
    await one.mail.send(note("b", { from: "dev-1" }));
    await one.mail.see("operator", ids[1] ?? "", { session: "operator", proof: "tool" });
    expect(await two.mail.sent("queen-0", 2)).toEqual([
      { to: "dev-1", id: ids[2], standing: { state: "stored" } },
      { to: "operator", id: ids[1], standing: { state: "seen", session: "operator", at: expect.any(Number), proof: "tool" } },
    ]);
    expect(await two.mail.sent("queen-0", 9)).toHaveLength(3);
    expect(await two.mail.sent("nobody", 9)).toEqual([]);
  });

  test("[store.mail.key] one sender and key is one letter, also at once, from two processes and after it was seen", async () => {
    const [one, two] = await twoViews(adapter);
    const send = (mail: typeof one.mail) => mail.send(note("a", { key: "k" }));
    const answers = await Promise.all([send(one.mail), send(two.mail), send(one.mail)]);
    const [id] = await one.mail.list(DEV, ["stored"]);
    expect(answers.map((answer) => answer.id)).toEqual([id, id, id]);
    expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1);
    await one.mail.offer(DEV, id ?? "", TO);
    await one.mail.see(DEV, id ?? "", BY);
    expect(await two.mail.keyed({ to: DEV, from: "queen-0", key: "k" })).toBe(id);
    expect(await two.mail.keyed({ to: DEV, from: "dev-1", key: "k" })).toBeNull();
    expect(await two.mail.keyed({ to: "operator", from: "queen-0", key: "k" })).toBeNull();
    expect(await send(two.mail)).toEqual({ id, repeated: true });
    expect(await one.mail.list(DEV, ["stored", "offered", "seen"])).toEqual([id]);
    const other = await two.mail.send(note("a", { key: "k", from: "dev-1" }));
    expect(other).toMatchObject({ repeated: false });
    expect((await two.mail.send(note("a", { key: "k", to: "operator" }))).repeated).toBe(false);
  });

  test("[store.mail.order] letters stay in order while the clock stands and when it is set back", async () => {
    let now = 1_800_000_000_000;
    const [one] = await twoViews(
      adapter,
      at(() => now),
    );
    const sent: string[] = [];
    for (let n = 0; n < 40; n++) {
      if (n === 20) now -= 60_000;
      if (n === 30) now += 120_000;
      sent.push((await one.mail.send(note(String(n)))).id);
    }
    expect(await one.mail.list(DEV, ["stored"])).toEqual(sent);
    expect((await one.mail.read(DEV, sent)).map((letter) => letter.body)).toEqual(sent.map((_, n) => String(n)));
  });

  test("[store.mail.reply] a reply sorts after its question, though the asker's clock is ahead", async () => {
    const now = systemClock.now();
    const bench = await adapter.bench(at(() => now + 3_000));
    const asking = await bench.store.create(SWARM);
    const answering = await (await bench.again(at(() => now))).open(SWARM);
    for (let n = 0; n < 20; n++) {
      const question = await asking.mail.send(note("?"));
      await answering.mail.read(DEV, [question.id]);
      const reply = await answering.mail.send(note("!", { replyTo: question.id, to: "operator" }));
      expect(reply.id > question.id).toBe(true);
    }
  });

  test("[store.mail.quota] a sender with 1,000 unread letters is refused; skep and other senders are not", async () => {
    const [one, two] = await twoViews(adapter);
    const keyed = await one.mail.send(note("keyed", { key: "k" }));
    for (let n = 1; n < 1_000; n += 27) await Promise.all(Array.from({ length: 27 }, (_, k) => one.mail.send(note(`${n + k}`))));
    await expect(one.mail.send(note("more"))).rejects.toMatchObject({ code: "INBOX_FULL", retryable: true });
    await expect(two.mail.send(note("more"))).rejects.toMatchObject({ code: "INBOX_FULL" });
    expect(await two.mail.send(note("keyed", { key: "k" }))).toEqual({ id: keyed.id, repeated: true });
    expect((await two.mail.send(note("b", { from: "dev-1" }))).repeated).toBe(false);
    expect((await two.mail.send(note("c", { from: "queen-0", kind: "system" }))).repeated).toBe(false);
    expect(await two.mail.list(DEV, ["stored"])).toHaveLength(1_002);
  });

  test("[store.mail.limit] a message over 256 KiB is refused, one just below is kept", async () => {
    const [one] = await twoViews(adapter);
    await expect(one.mail.send(note("é".repeat(131_072)))).rejects.toMatchObject({ code: "TOO_LARGE" });
    const { id } = await one.mail.send(note("é".repeat(131_071)));
    expect((await one.mail.read(DEV, [id]))[0]?.body).toHaveLength(131_071);
    expect(await one.mail.list(DEV, ["stored"])).toEqual([id]);
  });

  test.each(["../dev-0", "", "Dev", "a/b", "a".repeat(41), "dev 0", "dev\n0"])(
    "[store.names] %j is no inbox and no sender",
    async (bad) => {
      const [one] = await twoViews(adapter);
      await expect(one.mail.send(note("a", { to: bad as SeatId }))).rejects.toMatchObject({ code: "BAD_ID" });
      await expect(one.mail.send(note("a", { from: bad }))).rejects.toMatchObject({ code: "BAD_ID" });
      await expect(one.mail.list(bad as SeatId, ["stored"])).rejects.toMatchObject({ code: "BAD_ID" });
      expect(await one.mail.read(DEV, [bad, "../../x"])).toEqual([]);
      expect(await one.mail.offer(DEV, bad, TO)).toBe(false);
    },
  );

  test("[store.mail.changes] a letter from another process is noticed", async () => {
    const [one, two] = await twoViews(adapter);
    const stop = new AbortController();
    let seen = -1;
    const listening = (async () => {
      for await (const _ of one.mail.changes(stop.signal)) seen = (await one.mail.list(DEV, ["stored"])).length;
    })();
    await until(() => seen === 0);
    await two.mail.send(note("a"));
    await until(() => seen === 1, { timeoutMs: 2_000 });
    stop.abort();
    await listening;
  });
});
