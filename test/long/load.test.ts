/** Much at once, a long log, and nothing at all. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { hostPid, withHost } from "../../bench/host.ts";
import { processorOf } from "../../bench/memory.ts";
import { fillSwarm, RULES_OF_DOMAIN, workOne } from "../../bench/swarm.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { SeatId } from "../../src/base/ids.ts";
import { react } from "../../src/domain/react.ts";
import { openLedger } from "../../src/engine/ledger.ts";
import { fileSwarm, SWARM } from "../store/support/adapters.ts";
import { outputOf, startScript } from "../store/support/child.ts";
import { countingFiles } from "../store/support/counting-files.ts";
import { builtMain } from "../support/build.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

const WATCHED_MS = 10_000;
/** Of a core. What it is on a quiet machine is the bench's to say. */
const MOST_SHARE = 0.05;

test("[load.idle] a host whose swarm waits for a person does nothing: no commit, no turn, no early timer, hardly any processor time", async () => {
  const file = path.join(tempDir("timers"), "timers");
  const watch = pathToFileURL(path.resolve(import.meta.dirname, "../../bench/short-timers.mjs"));
  watch.search = String(new URLSearchParams({ to: file }));
  const fired = (): readonly string[] =>
    existsSync(file)
      ? readFileSync(file, "utf8")
          .split("\n")
          .filter((line) => line.startsWith("serve "))
      : [];
  await withHost(
    async (hosted) => {
      const { state } = hosted.swarm;
      // What followed the last turn is over once nothing was committed for a while.
      let [seq, since] = [-1, 0];
      await until(
        () => {
          if (state.seq !== seq) [seq, since] = [state.seq, systemClock.monotonic()];
          return systemClock.monotonic() - since > 3_000;
        },
        { timeoutMs: 60_000, what: "the swarm was quiet" },
      );
      const host = hostPid(hosted);
      const before = { early: fired().length, cpu: processorOf(host).own, at: systemClock.monotonic() };
      await until(() => systemClock.monotonic() - before.at >= WATCHED_MS, { timeoutMs: 2 * WATCHED_MS });
      const share = (processorOf(host).own - before.cpu) / (systemClock.monotonic() - before.at);
      expect(hostPid(hosted)).toBe(host);
      expect(await hosted.swarm.events(seq)).toEqual([]);
      // Without a timer on its way up nobody watched.
      expect(before.early).toBeGreaterThan(0);
      expect(fired().slice(before.early)).toEqual([]);
      expect(share).toBeLessThan(MOST_SHARE);
    },
    { program: [process.execPath, "--import", watch.href, builtMain()] },
  );
}, 180_000);

test("[load.senders] 16 processes sending to one inbox at once: every send is taken and its letter is there once", async () => {
  const { root, swarm } = await fileSwarm();
  const senders = Array.from({ length: 16 }, (_, n) => startScript("sender.ts", [root, SWARM, `p-${n}`, "150"]));
  const taken = (await Promise.all(senders.map(outputOf))).map((out) => JSON.parse(out) as string[]);
  const inbox = "inbox-0" as SeatId;
  const ids = await swarm.mail.list(inbox, ["stored"]);
  expect([...ids].sort()).toEqual(taken.flat().sort());
  expect(new Set(ids).size).toBe(16 * 150);
  const letters = await swarm.mail.read(inbox, ids);
  // Whole, and in the order in which each of them sent.
  for (const [n, own] of taken.entries()) {
    const from = letters.filter((letter) => letter.from === `p-${n}`);
    expect(from.map(({ id }) => id)).toEqual(own);
    expect(from.map(({ subject }) => subject)).toEqual(own.map((_, index) => String(index)));
  }
}, 180_000);

test("[load.commits] a command costs the disk as much in a log of 100,000 commits as in one of 100", async () => {
  const { swarm: many } = await fileSwarm();
  const { swarm: few } = await fileSwarm();
  const ROUNDS = 20;
  const costs = [];
  for (const [{ log }, commits] of [
    [many, 100_000],
    [few, 100],
  ] as const) {
    await fillSwarm(log, 100, 1, commits);
    const ledger = await openLedger(log, RULES_OF_DOMAIN);
    expect(ledger.state.seq).toBeGreaterThanOrEqual(commits);
    const work = async (rounds: number): Promise<void> => {
      for (let n = 0; n < rounds; n++) {
        expect(await workOne(ledger, 0)).not.toBeNull();
        react(ledger.state, systemClock.now());
      }
    };
    await work(2);
    costs.push(await countingFiles(() => work(ROUNDS)));
  }
  const [long, short] = costs as [Awaited<ReturnType<typeof countingFiles>>, Awaited<ReturnType<typeof countingFiles>>];
  expect(short.calls).toBeGreaterThanOrEqual(ROUNDS * 3);
  expect(short.read).toBeGreaterThan(0);
  // Numbers of commits have more digits in the long log; a lock may be looked at once more.
  for (const what of ["calls", "read", "written"] as const) expect(long[what], what).toBeLessThanOrEqual(short[what] * 1.1);
}, 300_000);
