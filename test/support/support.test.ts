/** The test tools themselves: a guard nobody tried is no guard. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { liveChildren, MARK, refuseLeaks } from "./leaks.ts";
import { tempDir } from "./temp.ts";
import { until } from "./until.ts";

const IDLE = ["-e", "process.stdin.resume()"];

describe("until", () => {
  test("answers the first truthy value", async () => {
    let looks = 0;
    expect(await until(() => (++looks === 3 ? "there" : null))).toBe("there");
  });

  test("names what it waited for and the last error", async () => {
    const never = until(
      () => {
        throw new Error("no file yet");
      },
      { timeoutMs: 20, what: "the file appeared" },
    );
    await expect(never).rejects.toThrow("gave up after 20 ms waiting until the file appeared; last error: no file yet");
  });
});

describe.skipIf(!existsSync("/proc/self/environ"))("leaks", () => {
  test("a child with the mark of the run is ended and named", async () => {
    const id = mintUuid();
    const child = spawn(process.execPath, IDLE, { env: { [MARK]: id }, stdio: ["pipe", "ignore", "ignore"] });
    await until(() => liveChildren(id, []).some((leak) => leak.pid === child.pid));
    const gone = new Promise((resolve) => child.once("exit", resolve));
    await expect(refuseLeaks(id, [], 30)).rejects.toThrow(new RegExp(`left 1 process.*\\n.*${child.pid} .*resume`));
    await gone;
    await expect(refuseLeaks(id, [])).resolves.toBeUndefined();
  });

  test("a child without the mark is found by the temp folder it works in", async () => {
    const dir = tempDir();
    const child = spawn(process.execPath, IDLE, { cwd: dir, env: {}, stdio: ["pipe", "ignore", "ignore"] });
    await until(() => liveChildren("no-run", [dir]).length === 1);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.stdin.end();
    await gone;
    expect(liveChildren("no-run", [dir])).toEqual([]);
  });
});
