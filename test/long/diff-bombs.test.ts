/** A submission that is small on disk and enormous as a diff: bounded where it is read, a finding where it is judged. */
import { expect, test } from "vitest";
import { readDiff } from "../../src/git/diff.ts";
import { makeKit } from "../git/kit.ts";

const MIB = 1024 * 1024;

test("[security.bombs] lines of megabytes and files of thousands of lines become pages of a size; more than git may answer is refused", async () => {
  const kit = await makeKit();
  const seat = await kit.seat("dev-0");
  await seat.open("t1", 1, kit.base);
  seat.write({ "one-line.txt": "x".repeat(20 * MIB), "short-lines.txt": "x\n".repeat(400_000) });
  const large = await readDiff(kit.repo, kit.base, await seat.sha("t1", 1, kit.base));
  expect(large.files.map(({ path, additions }) => [path, additions])).toEqual([
    ["one-line.txt", 1],
    ["short-lines.txt", 400_000],
  ]);
  expect(large.pages.length).toBeGreaterThan(10);
  for (const page of large.pages) expect(Buffer.byteLength(page)).toBeLessThanOrEqual(20_000);
  await seat.open("t2", 1, kit.base);
  seat.write({ "zeros.txt": `${"0".repeat(1023)}\n`.repeat(80 * 1024) });
  const huge = await seat.sha("t2", 1, kit.base);
  const before = process.memoryUsage().rss;
  await expect(readDiff(kit.repo, kit.base, huge)).rejects.toMatchObject({ name: "SkepError", next: expect.stringMatching(/\w/) });
  expect(process.memoryUsage().rss - before).toBeLessThan(600 * MIB);
}, 60_000);
