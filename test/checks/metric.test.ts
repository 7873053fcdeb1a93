import { describe, expect, test } from "vitest";
import { check, submit } from "./kit.ts";

const node = (code: string): readonly string[] => [process.execPath, "-e", code];
const read = node("console.log('took ' + require('node:fs').readFileSync('src/b.txt', 'utf8').trim() + ' ms')");

describe("[checks.metric] the exit of a command decides", () => {
  test("one that must succeed, and one that must fail as a bug does", async () => {
    const { change } = await submit({ "src/b.txt": "x\n" });
    const passing = { name: "ok", argv: node("process.exit(0)"), minutes: 1 };
    const failing = { name: "bug", argv: node("console.log('it broke'); process.exit(3)"), minutes: 1 };
    expect((await check(change, "metric", { metrics: [passing, { ...failing, expect: "fail" }] })).findings).toEqual([]);
    const { findings } = await check(change, "metric", { metrics: [{ ...passing, expect: "fail" }, failing] });
    expect(findings.map(({ blocks, message }) => [blocks, message.split(":")[0]])).toEqual([
      [true, "ok"],
      [true, "bug"],
    ]);
    expect(findings[1]?.message).toContain('failed with exit code 3; its last line: "it broke"');
  });

  test("one that cannot run fails, also where it has to fail", async () => {
    const { change } = await submit({ "src/b.txt": "x\n" });
    const gone = { name: "gone", argv: ["no-such-program-skep"], minutes: 1, expect: "fail" };
    expect((await check(change, "metric", { metrics: [gone] })).findings).toMatchObject([{ blocks: true }]);
  });

  test("and it runs only for changes of its paths", async () => {
    const { change } = await submit({ "src/b.txt": "x\n" });
    const failing = { name: "bug", argv: node("process.exit(1)"), minutes: 1 };
    expect((await check(change, "metric", { metrics: [{ ...failing, paths: ["docs/"] }] })).findings).toEqual([]);
    expect((await check(change, "metric", { metrics: [{ ...failing, paths: ["src/"] }] })).findings).toHaveLength(1);
  });
});

describe("[checks.metric.number] a number in its output decides", () => {
  test("against fixed bounds, the last number or the one a pattern takes", async () => {
    const { change } = await submit({ "src/b.txt": "12.5\n" });
    const speed = { name: "speed", argv: read, minutes: 1 };
    const run = (number: object) => check(change, "metric", { metrics: [{ ...speed, number: { direction: "lower", ...number } }] });
    const good = await run({ atMost: 12.5, atLeast: 1 });
    expect(good.findings).toEqual([]);
    expect(good.measured).toEqual([{ name: "speed", value: 12.5, wanted: "at least 1 and at most 12.5" }]);
    const bad = await run({ atMost: 12, pattern: "took (\\S+)" });
    expect(bad.findings).toMatchObject([{ blocks: true, message: "speed: is 12.5, wanted at most 12" }]);
    expect(bad.measured).toHaveLength(1);
    expect(bad.output).toContain("took 12.5 ms");
  });

  test("no number is a failure, whatever the command exits with", async () => {
    const { change } = await submit({ "src/b.txt": "fast\n" });
    const speed = { name: "speed", argv: read, minutes: 1 };
    const run = async (number: object) =>
      (await check(change, "metric", { metrics: [{ ...speed, number: { direction: "lower", atMost: 9, ...number } }] })).findings[0]
        ?.message;
    expect(await run({})).toBe("speed: it printed no number");
    expect(await run({ pattern: "took (\\S+)" })).toBe('speed: what it printed is no number: "fast"');
    expect(await run({ pattern: "(" })).toContain("cannot be used");
  });
});

describe("[checks.metric.base] a number can have to be better than the same one at the base", () => {
  const number = { direction: "lower", betterThan: "base" };
  async function at(value: string, more: object = {}) {
    const made = await submit({ "src/b.txt": "20\n" }, { "src/b.txt": `${value}\n` });
    const change = { ...made.change, base: made.repo.git("rev-parse", "HEAD~1") };
    const metric = { name: "speed", argv: read, minutes: 1, number: { ...number, ...more } };
    return { ...made, change, result: await check(change, "metric", { metrics: [metric] }) };
  }

  test("measured there, with the worktree back at the submission afterwards", async () => {
    const { repo, change, result } = await at("15", { by: 5 });
    expect(result.findings).toEqual([]);
    expect(result.measured).toEqual([{ name: "speed", value: 15, wanted: "lower than the base's 20 by 5 or more" }]);
    expect(repo.git("rev-parse", "HEAD")).toBe(change.sha);
    expect(repo.git("status", "--porcelain")).toBe("");
  });

  test("a smaller gain, none at all, or a base without a number is a failure, and the worktree is back all the same", async () => {
    expect((await at("16", { by: 5 })).result.findings[0]?.message).toBe("speed: is 16, wanted lower than the base's 20 by 5 or more");
    expect((await at("20.0")).result.findings).toHaveLength(1);
    const made = await submit({ "bench.js": "console.log(5)\n" });
    const metric = { name: "new", argv: [process.execPath, "bench.js"], minutes: 1, number };
    const { findings } = await check(made.change, "metric", { metrics: [metric] });
    expect(findings[0]?.message).toContain("new: could not be measured at the base");
    expect(made.repo.git("rev-parse", "HEAD")).toBe(made.change.sha);
  });
});
