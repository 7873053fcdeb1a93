/** How often git is started for the work every task needs: each start is a process, and all agents share the cores. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { changedFiles } from "../../src/git/changes.ts";
import { treeOf } from "../../src/git/refs.ts";
import { inTurn } from "../../src/git/turns.ts";
import { tempDir } from "../support/temp.ts";
import { makeKit } from "./kit.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/**
 * From now on every start of git is written down, but for questions about its configuration: those stop by themselves when the
 * files have been at rest for a while, which those of a new repository have not. Answers how many there were since the last look. */
function countStarts(): () => number {
  const [bin, real] = [tempDir(), execFileSync("which", ["git"], { encoding: "utf8" }).trim()];
  const log = path.join(bin, "log");
  writeFileSync(log, "");
  writeFileSync(path.join(bin, "git"), `#!/bin/sh\n[ "$1" = config ] || printf x >> '${log}'\nexec '${real}' "$@"\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
  return () => {
    const { length } = readFileSync(log, "utf8");
    writeFileSync(log, "");
    return length;
  };
}

const MOST = 8;

test("[load.git] the third submission of a seat starts git as rarely as the first, and its reader not at all", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  // Known in a swarm: its tips are commits skep made.
  await treeOf(repo.commonDir, base);
  const starts = countStarts();
  for (const task of ["t1", "t2", "t3"]) {
    await dev.open(task, 1, base);
    dev.write({ [`${task}.txt`]: "x\n" });
    starts();
    const done = await dev.commit(task, 1, base);
    const counted = starts();
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThanOrEqual(MOST);
    if (done.kind !== "committed") throw new Error(`expected a commit, got ${done.kind}`);
    expect(await changedFiles(repo.commonDir, base, done.sha)).toEqual(done.files);
    expect(starts()).toBe(0);
  }
});

test("[load.git.free] a submission is committed while other work has the refs", async () => {
  const { repo, base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write({ "new.txt": "n\n" });
  let finish = (): void => undefined;
  const other = inTurn(repo, () => new Promise<void>((resolve) => (finish = resolve)));
  expect(await dev.commit("t1", 1, base)).toMatchObject({ kind: "committed" });
  finish();
  await other;
});
