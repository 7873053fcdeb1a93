/** What is left of a start that fails at each of its steps: nothing. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HARNESSES } from "../../src/harness/index.ts";
import { identify } from "../../src/proc/identity.ts";
import { orderFor } from "./support/order.ts";
import { watch } from "./support/watch.ts";

describe("[engine.start.undone] a start that fails is undone: no process, none of its files; what was there before stays", () => {
  const { command } = HARNESSES;
  const order = () =>
    orderFor({ settings: { argv: [process.execPath, "{mcp_file}"], entry: ["-e", "setInterval(() => {}, 1000)", "--"] } });

  test("the program cannot be started", async () => {
    const fresh = order();
    await expect(watch(command, { ...fresh, binary: "/nowhere/node" })).rejects.toMatchObject({
      ...{ code: "SESSION_NOT_STARTED", next: expect.stringMatching(/\w/) },
    });
    expect(existsSync(fresh.home)).toBe(false);
    const resumed = order();
    writeFileSync(path.join(resumed.home, "its-own"), "kept");
    await expect(watch(command, { ...resumed, binary: "/nowhere/node" })).rejects.toThrow();
    expect(readdirSync(resumed.home)).toEqual(["its-own"]);
  });

  test("the program runs and cannot be spoken to", async () => {
    const fresh = order();
    let pid = 0;
    const wire = (program: { readonly exit: Promise<unknown>; readonly pid?: number }): never => {
      pid = program.pid ?? 0;
      throw new Error("no way to it");
    };
    await expect(watch({ ...command, wire: wire as never }, fresh)).rejects.toThrow("no way to it");
    expect(pid).toBeGreaterThan(0);
    expect([identify(pid), existsSync(fresh.home)]).toEqual([null, false]);
  });

  test("its files cannot be written whole", async () => {
    const fresh = order();
    const launch = (one: typeof fresh) => ({
      ...command.launch(one),
      files: [...(command.launch(one).files ?? []), { path: "../out", text: "x" }],
    });
    await expect(watch({ ...command, launch }, fresh)).rejects.toThrow("leaves the session's folder");
    expect(existsSync(fresh.home)).toBe(false);
  });
});
