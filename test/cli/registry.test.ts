/** One file per command, one line per file, and nothing promised that is not there. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/index.ts";
import { refusePlatform } from "../../src/cli/shell/platform.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../src/cli");

test("[cli.registry] every file of the folder is one command of the list, in order of name, and loads", async () => {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .map((name) => name.replace(/\.ts$/, ""));
  expect(COMMANDS.map(({ name }) => name)).toEqual(files.sort());
  for (const { load } of COMMANDS) expect((await load()).run).toBeTypeOf("function");
});

test("[cli.platform] Windows is refused naming WSL, an old Node naming the one that is needed", () => {
  expect(refusePlatform({ platform: "win32", node: "22.0.0" })).toMatch(/^NO_WINDOWS: .*\. Next: .*WSL/);
  expect(refusePlatform({ platform: "linux", node: "20.18.3" })).toMatch(/^NODE_TOO_OLD: .*20\.18\.3.*20\.19/);
  expect(refusePlatform({ platform: "linux", node: "18.20.0" })).toMatch(/^NODE_TOO_OLD/);
  for (const node of ["20.19.0", "22.1.0", "24.0.0"]) expect(refusePlatform({ platform: "linux", node })).toBeNull();
  expect(refusePlatform({ platform: "darwin", node: "20.19.0" })).toBeNull();
});
