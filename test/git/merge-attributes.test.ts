import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { mergeTrees } from "../../src/git/merge-trees.ts";
import { checkoutState, makeRepo, type TestRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

/** Two commits that add another last line to the same file each. */
function bothAppend(repo: TestRepo, name: string, attributes: Readonly<Record<string, string>>): readonly [string, string] {
  repo.commit({ ...attributes, [name]: "first\n" });
  repo.git("checkout", "-q", "-b", "theirs");
  const theirs = repo.commit({ [name]: "first\ntheirs\n" });
  repo.git("checkout", "-q", "main");
  return [repo.commit({ [name]: "first\nours\n" }), theirs];
}

test("[git.merge.attributes] built-in merge drivers named in .gitattributes, also below, decide where there would be a conflict", async () => {
  const repo = makeRepo();
  const [ours, theirs] = bothAppend(repo, "docs/log.md", { "docs/.gitattributes": "*.md merge=union\n" });
  const before = checkoutState(repo);
  const { tree, conflict } = await mergeTrees(repo.commonDir, ours, theirs);
  expect(conflict).toEqual([]);
  expect(repo.git("show", `${tree}:docs/log.md`)).toBe("first\nours\ntheirs");
  expect(checkoutState(repo)).toEqual(before);
});

test("[git.merge.attributes] and so do those of info/attributes", async () => {
  const repo = makeRepo();
  const [ours, theirs] = bothAppend(repo, "log.md", {});
  expect((await mergeTrees(repo.commonDir, ours, theirs)).conflict).toEqual(["log.md"]);
  mkdirSync(path.join(repo.commonDir, "info"), { recursive: true });
  writeFileSync(path.join(repo.commonDir, "info", "attributes"), "*.md merge=union\n");
  expect((await mergeTrees(repo.commonDir, ours, theirs)).conflict).toEqual([]);
});

test.each([
  ["named by an attribute", { ".gitattributes": "*.md merge=evil\n" }, []],
  ["named by a macro", { ".gitattributes": "[attr]odd merge=evil\n*.md odd\n" }, []],
  ["set as the default", {}, ["merge.default", "evil"]],
])("[git.merge.attributes.programs] a driver that is a program does not run: %s", async (_name, attributes, config) => {
  const repo = makeRepo();
  const [ours, theirs] = bothAppend(repo, "log.md", attributes);
  const fired = path.join(tempDir(), "fired");
  repo.git("config", "merge.evil.driver", `touch '${fired}'`);
  if (config.length > 0) repo.git("config", ...config);
  expect((await mergeTrees(repo.commonDir, ours, theirs)).conflict).toEqual(["log.md"]);
  expect(existsSync(fired)).toBe(false);
});
