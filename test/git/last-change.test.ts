import { rmSync, utimesSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { lastChange } from "../../src/git/last-change.ts";
import { makeKit } from "./kit.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));

test("[supervision.evidence] the newest changed, new or deleted file tells when somebody worked; ignored ones do not", async () => {
  const { base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  const touch = (file: string, minute: number): void => utimesSync(path.join(dev.worktree.path, file), at(minute), at(minute));
  utimesSync(path.join(dev.worktree.gitDir, "logs", "HEAD"), at(1), at(1));
  expect(await lastChange(dev.worktree)).toEqual({ seen: true, changed: at(1).getTime() });
  dev.write({ "src/new.ts": "new\n", ".gitignore": "*.log\n", "build.log": "much\n" });
  touch("src/new.ts", 5);
  touch(".gitignore", 2);
  touch("build.log", 9);
  expect(await lastChange(dev.worktree)).toEqual({ seen: true, changed: at(5).getTime() });
  await dev.commit("t1", 1, base);
  utimesSync(path.join(dev.worktree.gitDir, "logs", "HEAD"), at(6), at(6));
  expect(await lastChange(dev.worktree)).toEqual({ seen: true, changed: at(6).getTime() });
  rmSync(path.join(dev.worktree.path, "src/new.ts"));
  touch("src", 7);
  expect(await lastChange(dev.worktree)).toEqual({ seen: true, changed: at(7).getTime() });
});

test("[supervision.unknown] of more files than are looked at nobody can say that none changes", async () => {
  const { base, seat } = await makeKit();
  const dev = await seat("dev-0");
  await dev.open("t1", 1, base);
  dev.write(Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`out/${n}.txt`, ""])));
  expect(await lastChange(dev.worktree)).toMatchObject({ seen: false });
});
