/** Mail as files: crashes between any two steps, many processes, what lies about in an inbox. */
import { existsSync, linkSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import type { SeatId } from "../../../src/base/ids.ts";
import { type FileIo, fileIo } from "../../../src/store/file/io.ts";
import { isLetterId, LetterIds } from "../../../src/store/letter.ts";
import type { Mail, NewLetter } from "../../../src/store/ports.ts";
import { fileSwarm, SWARM } from "../support/adapters.ts";
import { outputOf, startScript } from "../support/child.ts";

const DEV = "dev-0" as SeatId;
const ALL = ["stored", "offered", "seen"] as const;
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
const inboxOf = (root: string) => path.join(root, "swarms/s-test/mail", DEV);

/** A process that stops for good at the n-th of the steps that make a letter: what comes after does not happen. */
function stopsAt(step: number): FileIo {
  let done = 0;
  const next = () => {
    if (done++ >= step) throw new Error("the process is gone");
  };
  return {
    ...fileIo,
    write: (fd, bytes) => {
      next();
      return fileIo.write(fd, bytes);
    },
    fsync: async (fd) => {
      next();
      return fileIo.fsync(fd);
    },
    link: (from, to) => {
      next();
      return fileIo.link(from, to);
    },
    rename: (from, to) => {
      next();
      return fileIo.rename(from, to);
    },
  };
}

describe("[store.mail.crash] a sender that dies at any step and repeats by key leaves one letter", () => {
  test.each([0, 1, 2, 3, 4, 5])("died at step %i", async (step) => {
    const { open, swarm } = await fileSwarm();
    await swarm.mail.send(note("before"));
    for (const moved of [false, true]) {
      const letter = note(`body ${moved}`, { key: `k${moved}` });
      const before = (await swarm.mail.list(DEV, ALL)).length;
      await expect((await open({ io: stopsAt(step) })).mail.send(letter)).rejects.toThrow();
      const left = (await swarm.mail.list(DEV, ["stored"])).slice(before);
      for (const id of moved ? left : [])
        expect([await swarm.mail.offer(DEV, id, TO), await swarm.mail.see(DEV, id, BY)]).toEqual([true, true]);
      const { id, repeated } = await (await open()).mail.send(letter);
      expect(await swarm.mail.send(letter)).toEqual({ id, repeated: true });
      expect(repeated).toBe(step >= 3);
      const everywhere = (await Promise.all(ALL.map((state) => swarm.mail.list(DEV, [state])))).flat();
      expect(everywhere.filter((one) => one === id)).toHaveLength(1);
      expect(everywhere).toHaveLength(before + 1);
      expect(await swarm.mail.read(DEV, [id])).toMatchObject([{ body: letter.body }]);
    }
  });
});

test("[store.mail.whole] a full disk leaves no part of a letter in the inbox, and a letter in the making is not seen", async () => {
  let room = 10;
  const io: FileIo = { ...fileIo, write: (fd, bytes) => fileIo.write(fd, bytes.subarray(0, room)) };
  const { root, swarm } = await fileSwarm({ io });
  await expect(swarm.mail.send(note("a", { key: "k" }))).rejects.toMatchObject({ code: "STORE_FULL", retryable: true });
  expect(readdirSync(inboxOf(root)).flatMap((folder) => readdirSync(path.join(inboxOf(root), folder)))).toEqual([]);
  room = 1e9;
  const { id } = await swarm.mail.send(note("a", { key: "k" }));
  expect(await swarm.mail.list(DEV, ALL)).toEqual([id]);
});

test("[store.mail.late] a letter with an older id that arrives later is still offered", async () => {
  let go: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let slow = false;
  const io: FileIo = {
    ...fileIo,
    async fsync(fd) {
      if (slow) await gate;
      await fileIo.fsync(fd);
    },
  };
  const { swarm, open } = await fileSwarm({ io, clock: clockBehind(1_000) });
  await swarm.mail.send(note("first"));
  slow = true;
  const sending = swarm.mail.send(note("older"));
  const quick = await open();
  const { id: newer } = await quick.mail.send(note("newer"));
  for (const id of await quick.mail.list(DEV, ["stored"])) await quick.mail.offer(DEV, id, TO);
  go();
  const { id: older } = await sending;
  expect(older < newer).toBe(true);
  expect(await quick.mail.list(DEV, ["stored"])).toEqual([older]);
});

test("[store.mail.swept] a draft swept away during a send is no yes; old drafts go, but not one whose key is taken", async () => {
  const { root, swarm, open } = await fileSwarm();
  await swarm.mail.send(note("a"));
  const tmp = path.join(inboxOf(root), "tmp");
  const sweeping: FileIo = {
    ...fileIo,
    fsync(fd) {
      for (const name of readdirSync(tmp)) rmSync(path.join(tmp, name));
      return fileIo.fsync(fd);
    },
  };
  for (const key of [undefined, "k"]) {
    const send = (await open({ io: sweeping })).mail.send(note("b", key ? { key } : {}));
    await expect(send).rejects.toMatchObject({ code: "STORE_FAILED", retryable: true });
  }
  expect(await swarm.mail.list(DEV, ALL)).toHaveLength(1);
  const ids = new LetterIds(systemClock);
  const [old, fresh, keyed] = [ids.mint(), ids.mint(), ids.mint()].map((id) => path.join(tmp, `${id}.dev-1.json`)) as [
    string,
    string,
    string,
  ];
  for (const file of [old, fresh, keyed, path.join(tmp, "notes.txt")]) writeFileSync(file, "{}");
  linkSync(keyed, path.join(inboxOf(root), "key", "0".repeat(64)));
  const twoHoursAgo = systemClock.now() / 1_000 - 7_200;
  for (const file of [old, keyed, path.join(tmp, "notes.txt")]) utimesSync(file, twoHoursAgo, twoHoursAgo);
  await (await open()).mail.send(note("c"));
  expect([old, fresh, keyed, path.join(tmp, "notes.txt")].map((file) => existsSync(file))).toEqual([false, true, true, true]);
});

test("[store.mail.noise] foreign files are no letters, and one that cannot be read does not hold up the rest", async () => {
  const { root, swarm } = await fileSwarm();
  const { id } = await swarm.mail.send(note("a"));
  const folder = path.join(inboxOf(root), "new");
  const bad = new LetterIds(systemClock).mint();
  writeFileSync(path.join(folder, `${bad}.dev-1.json`), "{");
  for (const name of ["x.json", ".hidden", `${id}.json`, `${id}.dev-1.json.tmp`]) writeFileSync(path.join(folder, name), "{}");
  const listed = await swarm.mail.list(DEV, ["stored"]);
  expect(listed).toEqual([id, bad].sort());
  expect((await swarm.mail.read(DEV, listed)).map((letter) => letter.id)).toEqual([id]);
  const [name = ""] = readdirSync(folder).filter((file) => file.startsWith(id) && file.endsWith(".queen-0.json"));
  expect(JSON.parse(readFileSync(path.join(folder, name), "utf8"))).toMatchObject({ id, body: "a", from: "queen-0" });
});

test("[store.mail.movers] of several processes one moves each letter, and a moving letter is always somewhere", async () => {
  const { root, swarm } = await fileSwarm();
  const other = "dev-1" as SeatId;
  const send = (to: SeatId) => Promise.all(Array.from({ length: 400 }, (_, n) => swarm.mail.send(note(String(n), { to, from: "dev-2" }))));
  const [seen, back] = [await send(DEV), await send(other)];
  const jobs: [SeatId, string][] = [
    [DEV, "see"],
    [DEV, "see"],
    [other, "withdraw"],
  ];
  let over = false;
  const work = Promise.all(jobs.map(([inbox, then]) => outputOf(startScript("mover.ts", [root, SWARM, inbox, then]))));
  void work.finally(() => {
    over = true;
  });
  for (let n = 0; !over; n++) {
    for (const [inbox, sent] of [
      [DEV, seen],
      [other, back],
    ] as const) {
      const id = sent[n % sent.length]?.id ?? "";
      if ((await swarm.mail.state(inbox, id)) === null) expect.fail(`letter ${n} of ${inbox} was nowhere`);
    }
    if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const [a = [], b = [], c = []] = (await work).map((out) => JSON.parse(out) as string[]);
  expect([...a, ...b].sort()).toEqual(seen.map(({ id }) => id).sort());
  expect(await swarm.mail.list(DEV, ["seen"])).toHaveLength(400);
  expect(c).toHaveLength(400);
  expect(await swarm.mail.list(other, ["stored"])).toHaveLength(400);
});

describe("[store.mail.ids] ids of letters", () => {
  const clockAt = (now: () => number): Clock => ({ ...systemClock, now });

  test("rise through a full counter, a standing clock and one set back", () => {
    let now = 1_000;
    const ids = new LetterIds(clockAt(() => now));
    let last = ids.mint();
    for (let n = 0; n < 20_000; n++) {
      if (n === 10_000) now = 0;
      const next = ids.mint();
      if (!(next > last && isLetterId(next))) expect.fail(`${next} after ${last}`);
      last = next;
    }
    ids.seen(`${"0".repeat(8)}z8zzzz${"0".repeat(8)}`);
    expect(ids.mint().slice(0, 14)).toBe(`${"0".repeat(8)}z90000`);
  });

  test("follow what was read, but not a clock that is more than 5 s ahead", () => {
    const near = new LetterIds(clockAt(() => 104_000)).mint();
    const far = new LetterIds(clockAt(() => 106_000)).mint();
    const ids = new LetterIds(clockAt(() => 100_000));
    ids.seen(far);
    ids.seen("junk");
    expect(ids.mint() < near).toBe(true);
    ids.seen(near);
    const mine = ids.mint();
    expect(mine > near && mine < far).toBe(true);
  });
});

test("[store.mail.order-many] order holds over processes for one who reads before writing", async () => {
  const { swarm, open } = await fileSwarm();
  const mails: Mail[] = [swarm.mail, (await open()).mail, (await open({ clock: clockBehind(4_000) })).mail];
  const sent: string[] = [];
  for (let n = 0; n < 60; n++) {
    const mail = mails[n % 3] as Mail;
    const last = sent.at(-1);
    if (last) await mail.read(DEV, [last]);
    sent.push((await mail.send(note(String(n)))).id);
  }
  expect(await swarm.mail.list(DEV, ["stored"])).toEqual(sent);
});

function clockBehind(ms: number): Clock {
  return { ...systemClock, now: () => systemClock.now() - ms };
}
