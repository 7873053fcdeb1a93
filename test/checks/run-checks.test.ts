import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Check } from "../../src/checks/check.ts";
import { result } from "../../src/checks/finding.ts";
import { CHECKS } from "../../src/checks/index.ts";
import { runChecks } from "../../src/checks/run-checks.ts";
import { submit } from "./kit.ts";

const NOT_CHECKS = [
  "change-diff.ts",
  "check.ts",
  "dangerous-files.ts",
  "dangerous-lines.ts",
  "finding.ts",
  "index.ts",
  "packages",
  "program.ts",
  "run-checks.ts",
];
const SRC = path.resolve(import.meta.dirname, "../../src/checks");

test("[checks.registry] src/checks/index.ts lists exactly the checks of the folder, each under its own id", () => {
  const files = readdirSync(SRC).filter((file) => !NOT_CHECKS.includes(file));
  expect(
    Object.keys(CHECKS)
      .map((id) => `${id}.ts`)
      .sort(),
  ).toEqual(files.sort());
  for (const [id, check] of Object.entries(CHECKS)) expect(check.id).toBe(id);
});

const fake = (id: string, run: Check["run"], more: Partial<Check> = {}): Check => ({
  id,
  summary: id,
  options: { parse: (value) => value },
  run,
  ...more,
});

describe("[checks.run] checks run in turn and answer in order", () => {
  test("those that start programs last", async () => {
    const { change } = await submit({});
    const ran: string[] = [];
    const named = (id: string, more: Partial<Check> = {}) => {
      const noted: Check["run"] = async (now) => {
        ran.push(id);
        return result(id, now, {}, []);
      };
      return fake(id, noted, more);
    };
    const checks = { a: named("a", { runsPrograms: true }), b: named("b") };
    const results = await runChecks(
      change,
      [
        { check: "a", options: {} },
        { check: "b", options: {} },
      ],
      checks,
    );
    expect(ran).toEqual(["b", "a"]);
    expect(results.map((one) => one.check)).toEqual(["a", "b"]);
  });

  test("the same commits and options have the same input hash, others another", async () => {
    const { change } = await submit({ "x.txt": "x\n" });
    const hash = async (over: object, options: object) =>
      (await runChecks({ ...change, ...over }, [{ check: "secrets", options }]))[0]?.input;
    const first = await hash({}, {});
    expect(await hash({}, {})).toBe(first);
    expect(new Set([first, await hash({ sha: change.base }, {}), await hash({}, { allow: ["x"] })]).size).toBe(3);
  });
});

describe("[checks.run.closed] whatever goes wrong in a check blocks", () => {
  test.each([
    ["it throws", fake("x", () => Promise.reject(new Error("boom"))), 'it could not run: "boom"'],
    [
      "it throws at once",
      fake("x", () => {
        throw new Error("boom");
      }),
      'it could not run: "boom"',
    ],
    [
      "its options are refused",
      fake("x", async () => Promise.reject(new Error("ran")), {
        options: {
          parse: () => {
            throw new Error("bad");
          },
        },
      }),
      'it could not run: "bad"',
    ],
    [
      "it heeds the end of its time",
      fake("x", ({ signal }) => new Promise((_, no) => signal.addEventListener("abort", () => no(signal.reason))), { limitMs: () => 30 }),
      "it took too long",
    ],
  ])("%s", async (_name, check, why) => {
    const { change } = await submit({});
    const [answer] = await runChecks(change, [{ check: "x", options: {} }], { x: check });
    expect(answer?.findings).toMatchObject([{ check: "x", blocks: true, message: `CHECK_FAILED: ${why}` }]);
  });

  test("it never ends", { timeout: 30_000 }, async () => {
    const { change } = await submit({});
    const x = fake("x", () => new Promise(() => undefined), { limitMs: () => 10 });
    const [answer] = await runChecks(change, [{ check: "x", options: {} }], { x });
    expect(answer?.findings).toMatchObject([{ blocks: true, message: expect.stringContaining("CHECK_FAILED: it did not end") }]);
  });

  test("nobody knows it, or the commits are not there", async () => {
    const { change } = await submit({});
    const [unknown, broken] = await runChecks({ ...change, sha: "f".repeat(40) }, [
      { check: "nope", options: {} },
      { check: "secrets", options: {} },
    ]);
    expect(unknown?.findings).toMatchObject([{ blocks: true, message: 'CHECK_FAILED: there is no check "nope"' }]);
    expect(broken?.findings).toMatchObject([{ blocks: true, message: expect.stringContaining("CHECK_FAILED") }]);
  });
});

test("[checks.run.abort] a run that is cut short has no result to record", async () => {
  const { change } = await submit({});
  const stop = new AbortController();
  const x = fake("x", async (now) => {
    stop.abort(new Error("the host ends"));
    return result("x", now, {}, []);
  });
  await expect(runChecks({ ...change, signal: stop.signal }, [{ check: "x", options: {} }], { x })).rejects.toThrow("the host ends");
});
