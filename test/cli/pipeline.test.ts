/** `skep pipeline` as a user types it; what starts swarms is in the long suite. */
import { expect, test } from "vitest";
import { makeRepo } from "../support/repo.ts";
import { skep } from "./support/skep.ts";

test("[pipeline.cli] list and preview print what there is and exit by it; wrong words are wrong usage", async () => {
  const cwd = makeRepo().root;
  const [list, json, tree, wrong, unknown, bare, mixed] = await Promise.all(
    [
      ["list"],
      ["list", "--json"],
      ["preview", "refactor", "Split the parser", "--harness", "scripted", "--var", "scope=src/a/,src/b/", "--set", "pin.pin.risk=high"],
      ["preview", "refactor", "Split", "--harness", "scripted", "--set", "pin.pin.metric=speed", "--var", "scop=x"],
      ["prevew", "refactor"],
      ["preview", "refactor", "--var", "scope"],
    ]
      .map((args) => skep(["pipeline", ...args], { cwd }))
      .concat(skep(["run", "--var", "a=b", "a goal"], { cwd })),
  );
  expect([list?.code, list?.stdout]).toEqual([0, expect.stringMatching(/^docs .*\n[\s\S]*--var goal \(string, needed\)/)]);
  expect(JSON.parse(json?.stdout ?? "")).toMatchObject({
    problems: [],
    pipelines: [{ name: "docs" }, { name: "refactor" }, {}, {}, {}, {}, {}],
  });
  expect(tree?.code).toBe(0);
  expect(tree?.stdout).toMatch(/wave 1\n {2}pin\.pin: Pin today's behaviour by tests\n {4}tester, risk high; proved by/);
  expect(tree?.stdout).toContain("files src/a/, src/b/\n");
  expect(wrong?.code).toBe(1);
  expect(wrong?.stderr).toContain("var scop is no variable of this pipeline, perhaps scope");
  expect([unknown?.code, bare?.code, mixed?.code]).toEqual([2, 2, 2]);
});
