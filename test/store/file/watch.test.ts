/** Noticing: the watcher may drop events, fail or never speak; the tick finds what it did not say. */
import { EventEmitter } from "node:events";
import { cpSync, renameSync } from "node:fs";
import path from "node:path";
import { type FSWatcher, watch } from "chokidar";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import type { SeatId } from "../../../src/base/ids.ts";
import type { Logger } from "../../../src/base/logger.ts";
import type { WatchFiles } from "../../../src/store/file/hints.ts";
import type { FileStoreOptions } from "../../../src/store/file/store.ts";
import type { SwarmStore } from "../../../src/store/ports.ts";
import { until } from "../../support/until.ts";
import { fileSwarm, quiet } from "../support/adapters.ts";

const DEV = "dev-0" as SeatId;
const commit = (swarm: SwarmStore, seq: number) => swarm.log.append(seq, { at: 1, by: "a", command: "go", events: [] });
const silentWatcher = () => Object.assign(new EventEmitter(), { close: async () => {} }) as unknown as FSWatcher;

/** What a listener knows, and when it last learned something. */
function follow(changes: (signal: AbortSignal) => AsyncIterable<void>, look: () => Promise<number | string>) {
  const stop = new AbortController();
  const seen: { value: number | string; at: number; ticks: number } = { value: "", at: 0, ticks: 0 };
  const done = (async () => {
    for await (const _ of changes(stop.signal)) {
      const value = await look().catch((error: { code: string }) => error.code);
      seen.ticks++;
      if (value !== seen.value) Object.assign(seen, { value, at: systemClock.monotonic() });
    }
  })();
  return {
    seen,
    end: async () => {
      stop.abort();
      return done;
    },
  };
}

async function watched(options: Partial<FileStoreOptions> = {}) {
  const made = await fileSwarm({ watch: true, ...options });
  const other = await made.open();
  const log = follow(
    (signal) => made.swarm.log.changes(signal),
    async () => (await made.swarm.log.read(0)).length,
  );
  return { ...made, other, log };
}

test("[store.watch.trailing] a second append within 50 ms of the first is noticed as well", async () => {
  const { other, log } = await watched();
  for (let round = 0; round < 3; round++) {
    await until(() => log.seen.value === round * 2);
    const before = systemClock.monotonic() + 80;
    await until(() => systemClock.monotonic() >= before, { what: "the watcher was quiet for a while" });
    await commit(other, round * 2);
    const start = systemClock.monotonic();
    await until(() => systemClock.monotonic() >= start + 20);
    await commit(other, round * 2 + 1);
    await until(() => log.seen.value === round * 2 + 2, { timeoutMs: 1_200, what: "the second append was noticed" });
  }
  await log.end();
});

test("[store.watch.soon] the host notices a commit and a letter within 150 ms, also in a new inbox", async () => {
  const { swarm, other, log } = await watched();
  const mail = follow(
    (signal) => swarm.mail.changes(signal),
    async () => (await swarm.mail.list(DEV, ["stored"])).length,
  );
  await until(() => log.seen.ticks >= 3 && mail.seen.ticks >= 3, { what: "both watchers were ready" });
  const delays: number[] = [];
  for (let n = 0; n < 8; n++) {
    const start = systemClock.monotonic();
    await commit(other, n);
    await other.mail.send({ from: "dev-1", to: DEV, kind: "note", subject: "s", body: "b" });
    await until(() => log.seen.value === n + 1 && mail.seen.value === n + 1, { timeoutMs: 1_500 });
    delays.push(Math.max(log.seen.at, mail.seen.at) - start);
  }
  delays.sort((a, b) => a - b);
  expect(delays[4]).toBeLessThan(150);
  await Promise.all([log.end(), mail.end()]);
});

test("[store.watch.few] unread letters take no watch each, and a new one among them is noticed", async () => {
  const watchers: FSWatcher[] = [];
  const watchFiles: WatchFiles = (paths, options) => {
    const watcher = watch(paths, options);
    watchers.push(watcher);
    return watcher;
  };
  const { swarm, open } = await fileSwarm({ watch: true, watchFiles });
  const letter = { from: "dev-1", to: DEV, kind: "note", subject: "s", body: "b" } as const;
  await Promise.all(Array.from({ length: 100 }, () => swarm.mail.send(letter)));
  const mail = follow(
    (signal) => swarm.mail.changes(signal),
    async () => (await swarm.mail.list(DEV, ["stored"])).length,
  );
  await until(() => mail.seen.ticks >= 3, { what: "the watcher was ready" });
  const watched = Object.values(watchers[0]?.getWatched() ?? {}).flat();
  expect(watched).toContain("bell");
  expect(watched.length).toBeLessThan(4);
  const delays: number[] = [];
  for (let n = 0; n < 6; n++) {
    const start = systemClock.monotonic();
    await (await open({ watch: false })).mail.send(letter);
    await until(() => mail.seen.value === 101 + n, { timeoutMs: 1_500 });
    delays.push(mail.seen.at - start);
  }
  expect(delays.sort((a, b) => a - b)[3]).toBeLessThan(150);
  await mail.end();
});

test.each([
  ["file", "events.jsonl"],
  ["folder", "."],
])("[store.watch.replaced] a log whose %s was moved and made anew is noticed by the tick", async (_what, place) => {
  const { root, log, open } = await watched();
  await until(() => log.seen.value === 0);
  const target = path.join(root, "swarms/s-test", place);
  renameSync(target, `${root}/aside`);
  cpSync(`${root}/aside`, target, { recursive: true });
  await commit(await open(), 0);
  await until(() => log.seen.value === "LOG_REPLACED", { timeoutMs: 1_300 });
  await log.end();
});

test("[store.watch.deaf] a watcher that never speaks costs a second, not the change", async () => {
  const { other, log } = await watched({ watchFiles: silentWatcher });
  await until(() => log.seen.value === 0);
  await commit(other, 0);
  await until(() => log.seen.value === 1, { timeoutMs: 1_300 });
  await log.end();
});

test.each(["EMFILE", "ENOSPC"])("[store.watch.fails] without inotify (%s) the store looks often instead, and says so", async (code) => {
  const warnings: unknown[] = [];
  const logger = { ...quiet, debug: () => {}, warn: (...said: unknown[]) => warnings.push(said) } as unknown as Logger;
  const error = Object.assign(new Error("no more watches"), { code });
  const failing = silentWatcher();
  const { other, log } = await watched({
    logger,
    watchFiles: () => {
      if (code === "EMFILE") throw error;
      return failing;
    },
  });
  if (code === "ENOSPC") {
    await until(() => failing.listenerCount("error") > 0);
    failing.emit("error", error);
    failing.emit("error", error);
  }
  await until(() => warnings.length > 0);
  expect(JSON.stringify(warnings)).toContain("looking every 250 ms");
  for (let n = 0; n < 3; n++) {
    await commit(other, n);
    await until(() => log.seen.value === n + 1, { timeoutMs: 600 });
  }
  expect(warnings).toHaveLength(1);
  await log.end();
});
