/** What ended swarms may keep, by age and by room. */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SwarmId } from "../../src/base/ids.ts";
import { planTidying } from "../../src/engine/gc.ts";
import { applyRetention, type Kept, keptBytes, planRetention, sizeOf } from "../../src/engine/retention.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { engine, lease } from "./support/born.ts";
import { projectAt, repository, runGit } from "./support/repository.ts";

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const name = (n: number): SwarmId => `s-${n}` as SwarmId;

/** Swarm n: a log of 100 bytes, a report of 10 and a transcript of `bytes`; archive n: one of `packed`, each later than the one before. */
function home(bytes: readonly number[], packed: readonly number[]): string {
  const folder = tempDir("retention");
  for (const [n, size] of bytes.entries()) {
    const dir = path.join(folder, "swarms", name(n));
    mkdirSync(path.join(dir, "transcripts"), { recursive: true });
    writeFileSync(path.join(dir, "events.jsonl"), "x".repeat(100));
    writeFileSync(path.join(dir, "report.md"), "r".repeat(10));
    if (size > 0) writeFileSync(path.join(dir, "transcripts", "q.jsonl"), "y".repeat(size));
  }
  mkdirSync(path.join(folder, "archive"));
  for (const [n, size] of packed.entries()) {
    const file = path.join(folder, "archive", `p-${n}.tar.gz`);
    writeFileSync(file, "z".repeat(size));
    utimesSync(file, n + 1, n + 1);
  }
  return folder;
}

const sum = (items: readonly { readonly bytes: number }[]): number => items.reduce((all, { bytes }) => all + bytes, 0);

test("[retention.room] what is old goes; what is young only as far as the room asks, the oldest first: transcripts, landed logs, archives; unlanded logs stay", async () => {
  const swarm = fc.record({ bytes: fc.nat({ max: 400 }), days: fc.nat({ max: 120 }), landed: fc.boolean() });
  const packed = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(swarm, { maxLength: 6 }), packed, fc.nat({ max: 2_000 }), async (swarms, archived, diskBytes) => {
      const folder = home(
        swarms.map(({ bytes }) => bytes),
        archived,
      );
      const kept: Kept[] = swarms.map(({ days, landed }, n) => ({ swarm: name(n), endedAt: NOW - days * DAY, landed }));
      const plan = planRetention(folder, kept, { now: NOW, olderThanMs: 30 * DAY, archiveAfterMs: 90 * DAY, diskBytes });
      const isLong = ({ landed, endedAt }: Kept): boolean => landed && NOW - endedAt >= 90 * DAY;
      const isYoung = ({ why }: { why: string }): boolean => why.includes("room");
      const of = ({ swarm: id }: { swarm: SwarmId }): Kept => kept.find((one) => one.swarm === id) as Kept;
      // What each stage leaves, counted as the plan counts; each begins only when the one before has not made room enough.
      const long = plan.archive.filter((one) => !isYoung(one));
      const stages = [
        { freed: (sum(long) * 3) / 4 + sum(plan.transcripts.filter((one) => !isYoung(one))), all: [] },
        { freed: sum(plan.transcripts.filter(isYoung)), all: plan.transcripts.filter(isYoung) },
        { freed: (sum(plan.archive.filter(isYoung)) * 3) / 4, all: plan.archive.filter(isYoung) },
        { freed: sum(plan.discard), all: plan.discard },
      ];
      expect(plan.bytes).toBe(sum(swarms) + 110 * swarms.length + archived.reduce((all, size) => all + size, 0));
      let left = plan.bytes;
      for (const { freed, all } of stages) {
        if (all.length > 0) expect(left).toBeGreaterThan(diskBytes);
        left -= freed;
      }
      expect(long.map(of)).toEqual([...kept].sort((a, b) => a.endedAt - b.endedAt).filter(isLong));
      for (const one of plan.archive) expect(of(one).landed).toBe(true);
      const touched = new Set([...plan.archive, ...plan.transcripts].map((one) => one.swarm));
      const spared = kept.filter((one) => !touched.has(one.swarm) && (swarms[kept.indexOf(one)]?.bytes ?? 0) > 0);
      for (const one of spared) {
        expect(NOW - one.endedAt).toBeLessThan(30 * DAY);
        for (const other of plan.transcripts.filter(isYoung)) expect(other.endedAt).toBeLessThanOrEqual(one.endedAt);
      }
      expect(plan.discard.map((one) => one.swarm)).toEqual(plan.discard.map((_, n) => `p-${n}`));
      const logs = kept.filter((one) => one.landed && !plan.archive.some((item) => item.swarm === one.swarm));
      if (spared.length + logs.length > 0 || plan.discard.length < archived.length) expect(left).toBeLessThanOrEqual(diskBytes);
      await applyRetention(folder, { ...plan, archive: [] });
      expect(keptBytes(folder)).toBe(plan.bytes - sum(plan.transcripts) - sum(plan.discard));
    }),
    { numRuns: 60 },
  );
});

test("[retention.refs] a swarm of which a ref stays is not packed away: without its log nobody would know whose it is", async () => {
  const root = repository();
  const project = await projectAt(root);
  const { handle } = await project.create({ goal: "Add a parser", team: "solo", flags: {} });
  const base = runGit(root, "rev-parse", "HEAD");
  await handle.submit({ type: "stop_swarm", why: "enough" }, { kind: "operator" });
  await handle.submit(lease(0), engine(0));
  await handle.submit({ type: "record_closed" }, engine(1));
  const work = runGit(root, "commit-tree", `${base}^{tree}`, "-p", base, "-m", "half");
  runGit(root, "branch", `skep-work/${handle.id}/t1/1`, work);
  const order = { now: NOW * 100, olderThanMs: 0, archiveAfterMs: 0, diskBytes: 1e12, unmerged: false };
  expect((await planTidying(project, order)).archive).toEqual([]);
  runGit(root, "branch", "-D", `skep-work/${handle.id}/t1/1`);
  expect((await planTidying(project, order)).archive).toMatchObject([{ swarm: handle.id }]);
});

test("[retention.size] a folder that goes while sizes are summed up counts nothing", async () => {
  const folder = tempDir("size");
  writeFileSync(path.join(folder, "log"), "12345");
  const lock = JSON.stringify(path.join(folder, "log.lock"));
  const locking = new Worker(`const fs = require("node:fs"); for (;;) { fs.mkdirSync(${lock}); fs.rmdirSync(${lock}); }`, { eval: true });
  try {
    await until(() => existsSync(path.join(folder, "log.lock")), { what: "the lock is taken again and again" });
    for (let looks = 0; looks < 3_000; looks++) expect(sizeOf(folder)).toBe(5);
  } finally {
    await locking.terminate();
  }
});
