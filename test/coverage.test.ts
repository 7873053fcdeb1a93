/** Every promise has a test, every cited promise exists; and the gate itself refuses what it should. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readTree } from "../scripts/architecture.ts";
import { citations, promiseProblems } from "../scripts/promises.ts";
import { PARTS } from "./requirements.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const SELF = "test/coverage.test.ts";

test("[ground.promises] every promise is shown by a test and every cited id is a promise", () => {
  expect(promiseProblems(PARTS, citations(readTree(ROOT, ["test"])))).toEqual([]);
}, 60_000);

test("[ground.promises.listed] test/requirements.ts lists exactly the files of test/requirements/", () => {
  const files = readdirSync(path.join(ROOT, "test/requirements")).filter((file) => file.endsWith(".ts"));
  expect(PARTS.map((part) => `${part.name}.ts`).sort()).toEqual(files.sort());
});

describe("[ground.promises.gate] the gate refuses", () => {
  const cite = (text: string) => citations({ "test/x.test.ts": text });
  const part = (promises: Record<string, string>) => [{ name: "x", promises }];

  test("a promise no test shows", () => {
    expect(promiseProblems(part({ "a.b": "It does." }), [])).toEqual([expect.stringContaining("a.b has no test")]);
  });

  test("an id nobody promised, with its place", () => {
    expect(promiseProblems([], cite('\ntest("[a.typo] works", () => {});'))).toEqual([
      expect.stringContaining("test/x.test.ts:2: [a.typo]"),
    ]);
  });

  test("an id promised in two parts", () => {
    const twice = [...part({ "a.b": "It does." }), { name: "y", promises: { "a.b": "It does." } }];
    expect(promiseProblems(twice, cite('test("[a.b] works", () => {});'))).toEqual(["y: a.b is promised twice, first in x"]);
  });

  test("an id of another form and an empty sentence", () => {
    expect(promiseProblems(part({ Bad_id: " " }), cite('test("[Bad_id] x", f)'))).toHaveLength(2);
  });

  test.each([
    ["plain", 'test("[a.b] x", f)', ["a.b"]],
    ["two ids", 'it("[a.b][c.d] x", f)', ["a.b", "c.d"]],
    ["each", 'test.each([1])("[a.b] %s", f)', ["a.b"]],
    ["each with a table", 'test.each`x`("[a.b] %s", f)', ["a.b"]],
    ["a suite", 'describe.sequential("[a.b] x", f)', ["a.b"]],
    ["a computed end", "test(`[a.b] of $" + "{name}`, f)", ["a.b"]],
    ["conditional", 'test.skipIf(mac)("[a.b] x", f)', ["a.b"]],
    ["skipped", 'test.skip("[a.b] x", f)', []],
    ["planned", 'test.todo("[a.b] x")', []],
    ["no test", 'log("[a.b] x")', []],
    ["in a comment", '// test("[a.b] x", f)', []],
    ["not at the beginning", 'test("x [a.b]", f)', []],
  ])("or reads the citation right: %s", (_name, text, ids) => {
    expect(cite(text).map((citation) => citation.id)).toEqual(ids);
  });
});

test("[ground.promises.self] the examples above are strings, not citations", () => {
  const own = citations(readTree(ROOT, ["test"])).filter((citation) => citation.file === SELF);
  expect(own.every((citation) => citation.id.startsWith("ground."))).toBe(true);
});
