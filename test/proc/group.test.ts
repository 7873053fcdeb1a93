import { expect, test } from "vitest";
import { cleanEnv } from "../../src/proc/env.ts";
import { type Group, type GroupOptions, spawnGroup } from "../../src/proc/group.ts";
import { descendants, groupLives } from "../../src/proc/tree.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

async function start(script: string, more: Partial<GroupOptions> = {}): Promise<Group> {
  const group = await spawnGroup([process.execPath, "-e", script], { cwd: tempDir(), env: cleanEnv(process.env), ...more });
  if (!group.started) throw new Error(group.problem);
  return group;
}
async function all(group: Group): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of group.lines) lines.push(line);
  return lines;
}
const ECHO = "process.stdin.pipe(process.stdout)";

test("[proc.group] lines go out and come in until stdin is closed", async () => {
  const group = await start(ECHO);
  expect(group.write("one\ntw")).toBe(true);
  group.write("o\r\n\nthree ü");
  group.closeStdin();
  expect(await all(group)).toEqual(["one", "two", "", "three ü"]);
  expect(await group.exit).toEqual({ code: 0, signal: null });
  expect(group.write("late\n")).toBe(false);
});

test("[proc.group.not-started] a missing program is a result", async () => {
  const missing = await spawnGroup(["/no/such/program"], { cwd: tempDir(), env: {} });
  expect(missing).toMatchObject({ started: false, problem: expect.stringContaining("ENOENT") });
  expect(await spawnGroup([], { cwd: tempDir(), env: {} })).toMatchObject({ started: false });
});

test("[proc.group.long-line] a line over the limit is cut and marked, the lines around it are whole", async () => {
  const group = await start("console.log('a'); console.log('x'.repeat(300000)); console.log('b')", { maxLine: 100_000, stdin: false });
  const [before, long, after] = await all(group);
  expect([before, after]).toEqual(["a", "b"]);
  expect(long).toHaveLength(4096 + "… [line of 300000 bytes cut]".length);
  expect(long).toMatch(/^x+… \[line of 300000 bytes cut\]$/);
});

test("[proc.group.epipe] writing to a program that reads no more neither throws nor ends us", async () => {
  const group = await start("process.stdin.destroy(); setTimeout(() => {}, 20)");
  const text = "x".repeat(1 << 20);
  await until(() => !group.write(text));
  expect(await group.exit).toEqual({ code: 0, signal: null });
});

test("[proc.group.stderr] the tail of stderr is kept", async () => {
  const group = await start("process.stderr.write('x'.repeat(100000) + 'end')", { maxStderr: 1000, stdin: false });
  await all(group);
  await group.exit;
  await until(() => group.stderr().endsWith("end"));
  expect(group.stderr()).toHaveLength(1000);
});

test("[proc.group.end] an end takes the whole tree, also one that ignores SIGTERM, and may be repeated", async () => {
  const group =
    await start(`require("node:child_process").spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"],
    { stdio: "inherit" }); process.on("SIGTERM", () => {});`);
  const lines = group.lines[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("up");
  const [grandchild] = descendants(group.pid);
  const [exit] = await Promise.all([group.end(100), group.end(100)]);
  expect(exit).toEqual({ code: null, signal: "SIGKILL" });
  expect((await lines.next()).done).toBe(true);
  expect(groupLives(group.pid)).toBe(false);
  expect(groupLives(grandchild ?? 0)).toBe(false);
});

test("[proc.group.exit] the end is told though a child in another group holds stdout, and the lines end", async () => {
  const group = await start(`const c = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"],
    { stdio: ["ignore", "inherit", "ignore"], detached: true }); c.unref(); console.log(c.pid); process.exit(4)`);
  expect(await group.exit).toEqual({ code: 4, signal: null });
  const [pid] = await all(group);
  process.kill(Number(pid), "SIGKILL");
});

test("[proc.group.pace] a slow reader loses nothing of what a finished program wrote", async () => {
  const group = await start("for (let i = 0; i < 50000; i++) console.log(i)", { stdin: false });
  const lines: string[] = [];
  for await (const line of group.lines) {
    lines.push(line);
    if (lines.length === 1) await until(() => true);
  }
  expect(lines).toHaveLength(50_000);
  expect(lines.at(-1)).toBe("49999");
});
