/** What ended swarms may keep, by age and by room. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SwarmId } from "../../src/base/ids.ts";
import { planTidying } from "../../src/engine/gc.ts";
import { applyRetention, type Kept, planRetention, sizeOf } from "../../src/engine/retention.ts";
import { tempDir } from "../support/temp.ts";
import { engine, lease } from "./support/born.ts";
import { projectAt, repository, runGit } from "./support/repository.ts";

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const name = (n: number): SwarmId => `s-${n}` as SwarmId;

/** Swarm n: a log of 100 bytes and a transcript of `bytes`. */
function home(bytes: readonly number[]): string {
  const folder = tempDir("retention");
  for (const [n, size] of bytes.entries()) {
    const dir = path.join(folder, "swarms", name(n));
    mkdirSync(path.join(dir, "transcripts"), { recursive: true });
    writeFileSync(path.join(dir, "events.jsonl"), "x".repeat(100));
    if (size > 0) writeFileSync(path.join(dir, "transcripts", "q.jsonl"), "y".repeat(size));
  }
  return folder;
}

test("[retention.room] what is old goes, what is young goes only as far as the room asks, the oldest first, and logs of unlanded swarms stay", async () => {
  const swarm = fc.record({ bytes: fc.nat({ max: 400 }), days: fc.nat({ max: 120 }), landed: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(swarm, { maxLength: 6 }), fc.nat({ max: 2_000 }), async (swarms, diskBytes) => {
      const folder = home(swarms.map(({ bytes }) => bytes));
      const kept: Kept[] = swarms.map(({ days, landed }, n) => ({ swarm: name(n), endedAt: NOW - days * DAY, landed }));
      const plan = planRetention(folder, kept, { now: NOW, olderThanMs: 30 * DAY, archiveAfterMs: 90 * DAY, diskBytes });
      const packed = new Set(plan.archive.map((one) => one.swarm));
      for (const { swarm: id, landed, endedAt } of kept) expect(packed.has(id)).toBe(landed && NOW - endedAt >= 90 * DAY);
      const cut = new Set(plan.transcripts.map((one) => one.swarm));
      const [spared, young] = [
        kept.filter((one) => !cut.has(one.swarm) && !packed.has(one.swarm)),
        plan.transcripts.filter(({ why }) => why !== "old"),
      ];
      for (const one of spared) {
        if (swarms[kept.indexOf(one)]?.bytes === 0) continue;
        expect(NOW - one.endedAt).toBeLessThan(30 * DAY);
        for (const other of young) expect(other.endedAt).toBeLessThanOrEqual(one.endedAt);
      }
      const left = plan.bytes - [...plan.archive, ...plan.transcripts].reduce((all, { bytes }) => all + bytes, 0);
      if (spared.some((one) => (swarms[kept.indexOf(one)]?.bytes ?? 0) > 0)) expect(left).toBeLessThanOrEqual(diskBytes);
      const last = young.at(-1);
      if (last) expect(left + last.bytes).toBeGreaterThan(diskBytes);
      await applyRetention(folder, { ...plan, archive: [] });
      expect(sizeOf(path.join(folder, "swarms"))).toBe(plan.bytes - plan.transcripts.reduce((all, { bytes }) => all + bytes, 0));
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
