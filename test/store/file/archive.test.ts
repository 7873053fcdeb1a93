/** A swarm is packed whole or not at all. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { SwarmId } from "../../../src/base/ids.ts";
import { archiveOf, archiveSwarm } from "../../../src/store/file/archive.ts";
import { storeLayout } from "../../../src/store/file/layout.ts";
import { tempDir } from "../../support/temp.ts";
import { until } from "../../support/until.ts";

const SWARM = "s-old" as SwarmId;

test("[retention.written] a swarm that is written to while it is packed stays where it is, with what was written", async () => {
  const home = path.join(tempDir("archive"), "it's a home");
  const { log, dir, artifacts } = storeLayout(home).swarm(SWARM);
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(log, "one\n");
  writeFileSync(path.join(artifacts, "large"), Buffer.alloc(4_000_000, "x"));
  const packing = archiveSwarm(home, SWARM);
  await until(() => existsSync(storeLayout(home).archive), { what: "the packing to begin" });
  appendFileSync(log, "two\n");
  await expect(packing).rejects.toMatchObject({ code: "ARCHIVE_FAILED" });
  expect([existsSync(dir), existsSync(archiveOf(home, SWARM))]).toEqual([true, false]);
  await archiveSwarm(home, SWARM);
  expect([existsSync(dir), existsSync(archiveOf(home, SWARM))]).toEqual([false, true]);
});

test("[retention.killed] what a killed packing of a swarm left goes with the next one; a draft that is being written stays, and those of others", async () => {
  const home = tempDir("archive");
  const { archive, swarm } = storeLayout(home);
  mkdirSync(swarm(SWARM).dir, { recursive: true });
  writeFileSync(swarm(SWARM).log, "one\n");
  mkdirSync(archive);
  for (const [name, at] of [
    ["s-old.killed.part", 1],
    ["s-old.written.part", null],
    ["s-older.killed.part", 1],
  ] as const) {
    writeFileSync(path.join(archive, name), "half");
    if (at !== null) utimesSync(path.join(archive, name), at, at);
  }
  await archiveSwarm(home, SWARM);
  expect(readdirSync(archive).sort()).toEqual(["s-old.tar.gz", "s-old.written.part", "s-older.killed.part"]);
});
