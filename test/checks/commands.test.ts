import { existsSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { check, submit } from "./kit.ts";

const node = (script: string, more: object = {}) => ({ name: "test", argv: [process.execPath, "-e", script], minutes: 1, ...more });
const run = (change: Parameters<typeof check>[0], ...commands: object[]) => check(change, "commands", { commands });

describe("[checks.commands] the project's own programs decide", () => {
  test("exit 0 passes, anything else blocks with the program's last words and its output", async () => {
    const { change } = await submit({ "x.txt": "x\n" });
    const passed = await run(change, node("console.log('all good', require('fs').readFileSync('x.txt', 'utf8'))"));
    expect(passed).toMatchObject({ findings: [], output: expect.stringMatching(/^\$ .* \(succeeded in \d+\.\d s\)\nall good x/) });
    const failed = await run(change, node("console.error('1 of 9 failed'); process.exit(3)"));
    expect(failed.findings).toMatchObject([
      { blocks: true, message: expect.stringMatching(/^test: .* failed with exit code 3; its last line: "1 of 9 failed"$/) },
    ]);
    expect(failed.output).toContain("1 of 9 failed");
  });

  test("all of them run, in their folders", async () => {
    const { change } = await submit({ "packages/a/x.txt": "x\n" });
    const here = "console.log(process.cwd())";
    const result = await run(change, node("process.exit(1)"), node(here, { cwd: "packages/a" }), node(here, { cwd: null }));
    expect(result.findings).toHaveLength(1);
    expect(result.output).toContain(path.join(change.worktree, "packages/a\n"));
  });

  test("with the allow-listed environment and no input", async () => {
    const { change } = await submit({});
    const script = "process.stdin.on('data', () => {}).on('end', () => console.log(Object.keys(process.env).join(' ')))";
    expect((await run({ ...change, env: { ONLY: "1" } }, node(script))).output).toMatch(/\nONLY\n/);
  });
});

test("[checks.commands.bounded] a command that does not end is ended and blocks, a flood keeps its tail", async () => {
  const { change } = await submit({});
  const slow = await run(change, node("setInterval(() => {}, 1000)", { minutes: 0.005 }));
  expect(slow.findings).toMatchObject([{ blocks: true, message: expect.stringContaining("did not end within") }]);
  const flood = await run(change, node("for (let i = 0; i < 50000; i++) console.log('line', i)"));
  expect(Buffer.byteLength(flood.output)).toBeLessThanOrEqual(16 * 1024);
  expect(flood.output).toMatch(/earlier output cut[\s\S]*line 49999\n$/);
});

describe("[checks.commands.missing] what cannot be run blocks", () => {
  test("a program that is not there", async () => {
    const { change } = await submit({});
    const { findings } = await run(change, { name: "lint", argv: ["no-such-linter"], minutes: 1 });
    expect(findings).toMatchObject([
      { blocks: true, message: expect.stringContaining("could not be started"), fix: expect.stringContaining("worktree.setup") },
    ]);
  });

  test("a folder that is not there or leads out of the worktree", async () => {
    const { change } = await submit({ "x.txt": "x\n" });
    symlinkSync("/tmp", path.join(change.worktree, "out"));
    for (const cwd of ["gone", "x.txt", "out", "../.."]) {
      expect((await run(change, node("", { cwd }))).findings, cwd).toMatchObject([
        { blocks: true, message: expect.stringContaining("not in the submitted files") },
      ]);
    }
  });
});

test("[checks.commands.argv] no shell reads a command", async () => {
  const { change } = await submit({});
  await run(change, { name: "x", argv: ["echo", "$(touch pwned)", "; touch pwned"], minutes: 1 });
  expect(existsSync(path.join(change.worktree, "pwned"))).toBe(false);
});
