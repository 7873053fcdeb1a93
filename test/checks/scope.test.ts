import { describe, expect, test } from "vitest";
import { matches } from "../../src/base/glob.ts";
import { outside } from "../../src/checks/scope.ts";
import { check, submit } from "./kit.ts";

test("[checks.scope] a change inside the task's files passes, one outside is a blocking finding per file", async () => {
  const { change } = await submit({ "docs/a/b.md": "x\n", "src/a.txt": "x\n" });
  expect(await check({ ...change, files: ["docs/", "src/*.txt"] }, "scope")).toMatchObject({ check: "scope", findings: [] });
  const { findings } = await check({ ...change, files: ["docs/"] }, "scope");
  expect(findings).toEqual([
    {
      check: "scope",
      file: "src/a.txt",
      line: null,
      message: `"src/a.txt" is not one of the task's files`,
      fix: expect.stringContaining("git checkout"),
      blocks: true,
    },
  ]);
});

describe("[checks.scope.patterns] patterns mean what people write", () => {
  test.each([
    ["a folder", "docs/", ["docs/a.md", "docs/a/b.md", "docs/.hidden"], ["docs.md", "a/docs/x.md"]],
    ["a folder without its slash", "src", ["src/a.ts", "src/a/b.ts"], ["src2/a.ts", "srcx"]],
    ["a file", "src/a.ts", ["src/a.ts"], ["src/a.tsx", "src/b.ts"]],
    ["leading ./ and /", "./src/", ["src/a.ts"], ["lib/a.ts"]],
    ["one level", "src/*.ts", ["src/a.ts"], ["src/x/a.ts", "src/a.js"]],
    ["any level", "**/*.test.ts", ["a.test.ts", "x/y/a.test.ts", ".x/a.test.ts"], ["a.ts"]],
    ["a glob for folders", "packages/*/src", ["packages/a/src/x/y.ts"], ["packages/a/lib/x.ts"]],
    ["braces", "src/{a,b}.ts", ["src/a.ts", "src/b.ts"], ["src/c.ts"]],
    ["brackets of a route", "app/[id]/page.tsx", ["app/[id]/page.tsx"], ["app/x/page.tsx"]],
    ["an unclosed bracket", "app/[id", ["app/[id", "app/[id/x"], ["app/i"]],
    ["everything", "**", ["a", ".github/x.yml"], []],
    ["everything by a dot", ".", ["a", "b/c"], []],
    ["no negation", "!src/", ["!src/a"], ["src/a", "lib/a"]],
    ["hostile names below a folder", "src/", ['src/"q"\n`x`.ts', "src/ü☃", "src/-rf"], []],
  ])("%s", (_name, pattern, inside, beyond) => {
    expect(outside(inside, [pattern])).toEqual([]);
    expect(outside(beyond, [pattern])).toEqual(beyond);
  });

  test("several patterns add up; none cover nothing", () => {
    expect(outside(["a.ts", "b.ts", "c.ts"], ["a.ts", "b.ts"])).toEqual(["c.ts"]);
    expect(outside(["a.ts"], [])).toEqual(["a.ts"]);
    expect(matches("test/a.ts", ["test/"])).toBe(true);
  });
});

test("[checks.scope.reserved] skep's and git's own folders belong to no task, whatever it claims", () => {
  const reserved = [".skep/config.yaml", ".skep", ".SKEP/roles/x.md", ".git/hooks/x", ".git"];
  expect(outside(reserved, ["**", ".skep/", ".skep/**", ".SKEP/"])).toEqual(reserved);
  expect(outside([".skepx", ".gitignore", "a/.skep/x"], ["**"])).toEqual([]);
});
