import { expect, test } from "vitest";
import { check, submit } from "./kit.ts";

const rows = (count: number): string => Array.from({ length: count }, (_, n) => `row ${n}\n`).join("");

test("[checks.size] a change above the limit is returned with the way to split it, one below is noted or passes", async () => {
  const { change } = await submit({ "src/large.txt": rows(30), "src/small.txt": rows(4) });
  const stopped = await check(change, "size", { lines: 33, note: 10 });
  expect(stopped.findings).toMatchObject([{ blocks: true, file: "src/large.txt", message: expect.stringContaining("34 changed lines") }]);
  expect(stopped.findings[0]?.fix).toContain("task_propose");
  expect((await check(change, "size", { lines: 34, note: 10 })).findings).toMatchObject([{ blocks: false }]);
  expect((await check(change, "size", { lines: 34, note: 34 })).findings).toEqual([]);
  expect((await check(change, "size", { lines: null, note: null })).findings).toEqual([]);
});

test("[checks.size.generated] lock files, vendored files and what the base calls generated do not count", async () => {
  const { repo, change } = await submit(
    { ".gitattributes": "gen/* linguist-generated\n" },
    { "package-lock.json": rows(50), "vendor/x/a.go": rows(50), "gen/api.ts": rows(50), "src/own.txt": rows(9) },
  );
  const based = { ...change, base: repo.git("rev-parse", "HEAD~1") };
  expect((await check(based, "size", { lines: 9 })).findings).toEqual([]);
  expect((await check(based, "size", { lines: 8 })).findings).toHaveLength(1);
  expect((await check(based, "size", { lines: 8, ignore: ["src/own.txt"] })).findings).toEqual([]);
  // What a submission says of its own files counts for nothing.
  expect((await check(change, "size", { lines: 20 })).findings).toMatchObject([{ blocks: true, file: "gen/api.ts" }]);
});
