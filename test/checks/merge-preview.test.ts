import { expect, test } from "vitest";
import { check, submit } from "./kit.ts";

test("[checks.merge-preview] a submission that would not merge now is told with its files, and returned only when asked for", async () => {
  const { repo, change } = await submit({ "src/b.txt": "mine\n", "src/new.txt": "x\n" });
  repo.git("checkout", "-q", "-b", "tip", repo.base);
  const tip = repo.commit({ "src/b.txt": "theirs\n" });
  const met = { ...change, tip };
  const noted = await check(met, "merge-preview");
  expect(noted.findings).toMatchObject([{ blocks: false, file: "src/b.txt", message: expect.stringContaining(tip.slice(0, 12)) }]);
  expect((await check(met, "merge-preview", { on: "block" })).findings).toMatchObject([{ blocks: true }]);
  const clean = { ...change, tip: repo.commit({ "src/b.txt": "b\n", "src/other.txt": "y\n" }) };
  const passed = await check(clean, "merge-preview");
  expect(passed.findings).toEqual([]);
  expect(passed.input).not.toBe(noted.input);
});
