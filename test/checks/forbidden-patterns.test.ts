import { describe, expect, test } from "vitest";
import { check, places, submit } from "./kit.ts";

const ONLY = { pattern: "\\.only\\(", paths: ["test/"], message: "a test runs alone", fix: "Remove .only." };

describe("[checks.forbidden] an added line that matches stops the submission", () => {
  test("where its path matches, with message and fix of the project", async () => {
    const { change } = await submit({ "test/a.ts": "fine\ntest.only(x)\n", "docs/a.md": "test.only(x)\n" });
    const result = await check(change, "forbidden-patterns", { patterns: [ONLY] });
    expect(places(result)).toEqual(["test/a.ts:2"]);
    expect(result.findings[0]).toMatchObject({ message: "a test runs alone", fix: "Remove .only.", blocks: true });
    expect((await check(change, "forbidden-patterns", { patterns: [{ ...ONLY, paths: undefined }] })).findings).toHaveLength(2);
    expect((await check(change, "forbidden-patterns", { patterns: [] })).findings).toEqual([]);
  });

  test("but not one that was there, or that a later commit took out", async () => {
    const { change } = await submit({ "test/a.ts": "test.only(x)\n" }, { "test/a.ts": "test(x)\n" });
    expect((await check(change, "forbidden-patterns", { patterns: [ONLY] })).findings).toEqual([]);
    const kept = await submit({ "src/b.txt": "b\nnew\n" });
    expect(
      (await check(kept.change, "forbidden-patterns", { patterns: [{ ...ONLY, paths: undefined, pattern: "^b$" }] })).findings,
    ).toEqual([]);
  });
});

test("[checks.forbidden.markers] conflict markers are found without any configuration, headings are not", async () => {
  const { change } = await submit({
    "a.ts": "<<<<<<< HEAD\na\n||||||| base\n=======\nb\n>>>>>>> x\n",
    "b.md": "Title\n=======\n<<<<<<<<< not\n",
  });
  expect(places(await check(change, "forbidden-patterns"))).toEqual(["a.ts:1", "a.ts:3", "a.ts:6"]);
});

test("[checks.forbidden.endless] an expression that does not end, or is none, blocks instead of hanging or passing", async () => {
  const { change } = await submit({ "a.ts": `${"a".repeat(60)}!\n` });
  const rules = [
    { pattern: "(a+)+$", message: "m", fix: "f" },
    { pattern: "(", message: "m", fix: "f" },
  ];
  const { findings } = await check(change, "forbidden-patterns", { patterns: rules });
  expect(findings.map((finding) => [finding.blocks, finding.message])).toEqual([
    [true, 'the forbidden pattern "(a+)+$" took too long'],
    [true, 'the forbidden pattern "(" cannot be used'],
  ]);
});
