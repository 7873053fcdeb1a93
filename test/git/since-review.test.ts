import { rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { changesSince } from "../../src/git/since-review.ts";
import { makeKit } from "./kit.ts";

test("[git.since] what changed between two submissions is told without what others merged meanwhile", async () => {
  const { repo, base, seat } = await makeKit();
  const lines = Array.from({ length: 40 }, (_, n) => `line ${n + 1}`);
  const [dev, other] = [await seat("dev-0"), await seat("dev-1")];
  await dev.open("t1", 1, base);
  dev.write({ "mine.txt": `${lines.join("\n")}\n`, "gone.txt": "x\n" });
  const first = await dev.sha("t1", 1, base);
  await other.open("t2", 1, base);
  other.write({ "theirs.txt": "theirs\n" });
  const merged = await other.merge("t2", 1, await other.sha("t2", 1, base), base);
  const tip = merged.kind === "merged" ? merged.sha : "";
  await dev.open("t1", 2, tip, first);
  const mended = lines.with(1, "mended").toSpliced(29, 1, "two", "for one");
  dev.write({ "mine.txt": `${mended.join("\n")}\n`, "new.txt": "new\n" });
  rmSync(path.join(dev.worktree.path, "gone.txt"));
  const second = await dev.sha("t1", 2, tip);
  expect(await changesSince(repo.commonDir, { sha: first, base }, { sha: second, base: tip })).toEqual([
    { path: "gone.txt", oldLine: 1, removed: 1, line: 0, added: 0 },
    { path: "mine.txt", oldLine: 2, removed: 1, line: 2, added: 1 },
    { path: "mine.txt", oldLine: 30, removed: 1, line: 30, added: 2 },
    { path: "new.txt", oldLine: 0, removed: 0, line: 1, added: 1 },
  ]);
  expect(await changesSince(repo.commonDir, { sha: second, base: tip }, { sha: second, base: tip })).toEqual([]);
});
