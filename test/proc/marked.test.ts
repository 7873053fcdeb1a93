/** What is ended by the mark it inherited, and what is not touched. Real processes, in one folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { cleanEnv } from "../../src/proc/env.ts";
import { spawnGroup } from "../../src/proc/group.ts";
import { identify } from "../../src/proc/identity.ts";
import { marked } from "../../src/proc/marked.ts";
import { groupLives, killTree } from "../../src/proc/tree.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

const strangers: ChildProcess[] = [];
afterEach(() => {
  for (const one of strangers.splice(0)) one.kill("SIGKILL");
});

/** A program of somebody else, leader of a group of its own. */
async function stranger(cwd: string, env: Readonly<Record<string, string>> = {}): Promise<number> {
  const all = { ...cleanEnv(process.env), ...env };
  const child = spawn(process.execPath, ["-e", "console.log('up'); setInterval(() => {}, 1000)"], { cwd, env: all, detached: true });
  strangers.push(child);
  let up = false;
  child.stdout?.once("data", () => {
    up = true;
  });
  await until(() => up, { what: "the stranger was up" });
  return child.pid ?? 0;
}

const DEAF =
  "process.on('SIGTERM', () => {}); require('fs').writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)";
/** Starts a program in a session of its own whose parent ends at once; its pid comes into the file. */
const leaves = (file: string): string =>
  `const { spawn } = require("node:child_process");
   const inner = ${JSON.stringify(`require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(DEAF)}, ${JSON.stringify(file)}], { detached: true, stdio: "ignore" }).unref()`)};
   spawn(process.execPath, ["-e", inner], { stdio: "ignore" });`;

test.each(["is stopped", "was killed"])(
  "[proc.group.strays] what left its group and lost its parent is ended with a session that %s; strangers in its folder are not",
  async (how) => {
    const cwd = tempDir("seat");
    const file = path.join(cwd, "stray.pid");
    const others = await Promise.all([
      stranger(cwd),
      stranger(cwd, { SKEP_SESSION: "s-1/x10" }),
      stranger(cwd, { MY_SKEP_SESSION: "s-1/x1" }),
    ]);
    const env = { ...cleanEnv(process.env), SKEP_SESSION: "s-1/x1" };
    const script = `${leaves(file)} setInterval(() => {}, 1000)`;
    const group = await spawnGroup([process.execPath, "-e", script], { cwd, env, mark: "SKEP_SESSION" });
    if (!group.started) throw new Error(group.problem);
    const stray = Number(await until(() => existsSync(file) && readFileSync(file, "utf8"), { what: "the stray was up" }));
    await until(() => marked([{ name: "SKEP_SESSION", is: (value) => value === "s-1/x1" }]).size === 2, { what: "its parent was gone" });
    if (how === "was killed") {
      process.kill(group.pid, "SIGKILL");
      await group.exit;
    }
    await group.end(50);
    expect(identify(stray)).toBeNull();
    expect(groupLives(group.pid)).toBe(false);
    expect(others.map((pid) => identify(pid))).not.toContain(null);
  },
);

test("[proc.group.recycled] a group whose number was given to somebody else by now is left alone", async () => {
  const pid = await stranger(tempDir());
  await killTree(pid, 50, "1");
  expect(identify(pid)).not.toBeNull();
  await killTree(pid, 50, identify(pid));
  await until(() => identify(pid) === null, { what: "its own name ends it" });
});
