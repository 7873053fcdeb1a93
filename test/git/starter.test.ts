/** Git started by a process of its own, as a host has it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createLogger } from "../../src/base/logger.ts";
import { git } from "../../src/git/git.ts";
import { inBackground, startGitBy } from "../../src/git/starter.ts";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";

const MAIN = path.resolve(import.meta.dirname, "../../src/main.ts");
const ends: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0)) end();
});

function startedApart(): void {
  ends.push(startGitBy([process.execPath, "--import", "tsx", MAIN, "git-starter"], createLogger("test", "silent")));
}

/** A git of ours; `body` is JavaScript. */
function fakeGit(body: string): string {
  const bin = tempDir();
  vi.stubEnv("PATH", bin);
  writeFileSync(path.join(bin, "git"), `#!${process.execPath}\n${body}`, { mode: 0o755 });
  return bin;
}

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);

test("[git.starter] answers, refusals, input and what is called off are as without it", async () => {
  const repo = makeRepo();
  startedApart();
  expect(await git(repo.root, ["rev-parse", "--verify", "--quiet", "refs/heads/no"], { ok: [0, 1] })).toEqual({
    code: 1,
    out: "",
    err: "",
  });
  expect((await git(repo.root, ["hash-object", "--stdin"], { input: "b\n" })).out.trim()).toBe(repo.git("rev-parse", "HEAD:src/b.txt"));
  await expect(git(repo.root, ["cat-file", "-t", "no\nsuch"])).rejects.toMatchObject({ code: "GIT_FAILED" });
  await expect(git("/no/such/folder", ["version"])).rejects.toMatchObject({ code: "GIT_FAILED" });
  const bin = fakeGit(`require("fs").writeFileSync(process.cwd() + "/pid", String(process.pid)); setInterval(() => {}, 1000)`);
  await expect(git(bin, ["version"], { quietMs: 300 })).rejects.toMatchObject({ code: "GIT_TIMEOUT", retryable: true });
  const stop = new AbortController();
  const call = git(bin, ["version"], { signal: stop.signal });
  stop.abort(new Error("no longer wanted"));
  await expect(call).rejects.toThrow("no longer wanted");
});

test("[git.starter] git is no child of this process; a starter that is killed fails what it had begun, and git goes on without it", async () => {
  const bin = fakeGit(`const fs = require("fs");
    if (process.argv[2] === "hang") { fs.writeFileSync("hangs", String(process.pid)); setInterval(() => {}, 1000); }
    else console.log(process.ppid);`);
  startedApart();
  const starter = Number((await git(bin, ["version"])).out);
  expect(starter).not.toBe(process.pid);
  const failed = expect(git(bin, ["hang"], { drivers: [], quietMs: 2_000 })).rejects.toMatchObject({ code: "GIT_FAILED", retryable: true });
  const hanging = await until(() => Number(existsSync(path.join(bin, "hangs")) && readFileSync(path.join(bin, "hangs"), "utf8")));
  process.kill(starter, "SIGKILL");
  await failed;
  expect(Number((await git(bin, ["version"])).out)).toBe(process.pid);
  process.kill(hanging, "SIGKILL");
  await until(() => !alive(hanging));
});

test("[git.starter] it ends with who started it", async () => {
  const bin = fakeGit("console.log(process.ppid)");
  startedApart();
  const starter = Number((await git(bin, ["version"])).out);
  expect(alive(starter)).toBe(true);
  for (const end of ends.splice(0)) end();
  await until(() => !alive(starter));
});

test("[git.starter.order] work nobody waits for has so many calls at a time, and others need not wait for it", async () => {
  const bin = fakeGit(`const fs = require("fs");
    if (process.argv[2] === "urgent") process.exit(0);
    fs.writeFileSync("begun-" + process.argv[3], "");
    const timer = setInterval(() => { if (fs.existsSync("go")) clearInterval(timer); }, 20);`);
  const begun = () => readdirSync(bin).filter((name) => name.startsWith("begun-")).length;
  startedApart();
  const calls = Array.from({ length: availableParallelism() + 1 }, (_, n) =>
    inBackground(() => git(bin, ["slow", String(n)], { drivers: [] })),
  );
  await until(() => begun() === availableParallelism());
  await git(bin, ["urgent"], { drivers: [] });
  expect(begun()).toBe(availableParallelism());
  writeFileSync(path.join(bin, "go"), "");
  await Promise.all(calls);
  expect(begun()).toBe(calls.length);
});
