import { expect, test } from "vitest";
import { check, submit } from "./kit.ts";

const node = (script: string, expected: "pass" | "fail", minutes = 1) => ({
  ...{ argv: [process.execPath, "-e", script], expect: expected, minutes },
});
const run = (change: Parameters<typeof check>[0], ...checks: object[]) => check(change, "task-checks", { checks });
const READS = "process.exit(require('fs').readFileSync('x.txt', 'utf8') === 'right' ? 0 : 3)";

test("[checks.task] a program of the task's own passes by its exit, and blocks with its last words", async () => {
  const { change } = await submit({ "x.txt": "right" });
  expect((await run(change, node(READS, "pass"))).findings).toEqual([]);
  const failed = await run(change, node("console.error('1 of 9 failed'); process.exit(3)", "pass"));
  expect(failed.findings).toMatchObject([
    { blocks: true, message: expect.stringMatching(/failed with exit code 3; its last line: "1 of 9 failed"$/) },
  ]);
});

test("[checks.task.fails] one that has to fail passes while it fails, and blocks when it succeeds", async () => {
  const { change } = await submit({ "x.txt": "wrong" });
  const shows = await run(change, node(READS, "fail"));
  expect(shows).toMatchObject({ findings: [], output: expect.stringContaining("failed with exit code 3") });
  const { findings } = await run(change, node("", "fail"));
  expect(findings).toMatchObject([{ blocks: true, message: expect.stringContaining("the plan wants it to run and fail") }]);
});

test("[checks.task.proves] what could not be started or did not end proves nothing, though it was to fail", async () => {
  const { change } = await submit({});
  const missing = { argv: ["no-such-program"], expect: "fail", minutes: 1 };
  const { findings } = await run(change, missing, node("setInterval(() => {}, 1000)", "fail", 0.005));
  expect(findings.map(({ blocks, message }) => [blocks, /could not be started|did not end within/.exec(message)?.[0]])).toEqual([
    [true, "could not be started"],
    [true, "did not end within"],
  ]);
});
