/** Telling one run of a process from a later one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { expect, test } from "vitest";
import { identify, isAlive, isSame, parseStat, thisProcess } from "../../src/proc/identity.ts";
import { until } from "../support/until.ts";

const linux = process.platform === "linux";

test("[proc.identity] a process keeps one identity, another has another, and a dead one has none", async () => {
  const me = thisProcess();
  expect(thisProcess()).toEqual(me);
  expect(me).toMatchObject({ pid: process.pid, start: identify(process.pid) });
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  const start = identify(pid) ?? "";
  expect(start).not.toBe("");
  expect(isAlive({ ...me, pid, start })).toBe("yes");
  expect(isSame(pid, `${start}0`)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(identify(pid)).toBeNull();
  expect(isAlive({ ...me, pid, start })).toBe("no");
  for (const none of [0, -1, 1.5, Number.NaN, 2 ** 31]) expect(identify(none)).toBeNull();
});

test.skipIf(!linux)("[proc.identity.zombie] a zombie is dead, though the kernel still lists it", async () => {
  // The shell's child ends once the shell has turned into sleep, which never collects it.
  const parent = spawn("/bin/sh", ["-c", '(read -r line <&3) & echo "$!"; exec sleep 30'], { stdio: ["ignore", "pipe", "ignore", "pipe"] });
  const [line] = (await once(parent.stdout as Readable, "data")) as [Buffer];
  const pid = Number(line.toString());
  await until(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8") === "sleep\n", { what: "the shell was sleep" });
  (parent.stdio[3] as Writable).end();
  await until(() => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z "), { what: "the child was a zombie" });
  expect(identify(pid)).toBeNull();
  parent.kill("SIGKILL");
  await once(parent, "exit");
});

test("[proc.identity.names] a process name with spaces and parentheses does not shift the fields", () => {
  const rest = `S ${Array.from({ length: 18 }, (_, n) => n).join(" ")} 424242 0 0`;
  expect(parseStat(`7 (a) Z (b c) ${rest}`)).toBe("424242");
  expect(parseStat(`7 (node) ${rest}`)).toBe("424242");
  expect(parseStat(`7 (node) ${rest.replace("S", "Z")}`)).toBeNull();
});
