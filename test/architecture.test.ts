/** The shape of the tree, and proof that each rule about it refuses what it should. */
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readTree, violations } from "../scripts/architecture.ts";
import { MAY_IMPORT } from "../scripts/architecture-table.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

test("[ground.architecture] the tree keeps its own rules", () => {
  expect(violations(readTree(ROOT))).toEqual([]);
}, 60_000);

test("[ground.architecture.table] every folder named in the import table is a row of it, and no import goes up", () => {
  const rank = (folder: string): number => Object.keys(MAY_IMPORT).indexOf(folder);
  for (const [folder, targets] of Object.entries(MAY_IMPORT)) {
    for (const target of targets) {
      expect(rank(target), `${folder} → ${target}`).toBeGreaterThanOrEqual(0);
      expect(MAY_IMPORT[target], `${folder} and ${target} import each other`).not.toContain(folder);
    }
  }
});

/** [rule, file, text, a part of the message]; `null`: allowed. */
const CASES: readonly (readonly [string, string, string, string | null])[] = [
  ["upward import", "src/domain/x.ts", 'import { a } from "../engine/engine.ts";', "domain may not import engine"],
  ["type-only upward import", "src/store/x.ts", 'import type { T } from "../tools/index.ts";', "store may not import tools"],
  ["re-export", "src/git/x.ts", 'export { a } from "../checks/index.ts";', "git may not import checks"],
  ["dynamic import", "src/config/x.ts", 'const a = await import("../catalog/roles.ts");', "config may not import catalog"],
  ["sideways in layer 2", "src/harness/x.ts", 'import { a } from "../git/run.ts";', "harness may not import git"],
  ["written exception", "src/checks/x.ts", 'import { a } from "../git/run.ts";', null],
  ["own folder", "src/domain/x.ts", 'import { a } from "./model.ts";', null],
  ["unknown folder", "src/helpers/x.ts", "export {};", "folder helpers is in no layer"],
  ["out of src", "src/base/x.ts", 'import { a } from "../../test/support/until.ts";', "src imports nothing outside src"],
  ["main to engine", "src/main.ts", 'import { a } from "./engine/engine.ts";', "main may not import engine"],
  ["owned package", "src/engine/x.ts", 'import { execa } from "execa";', "only proc may import execa"],
  [
    "owned sub-path",
    "src/tools/x.ts",
    'import type { S } from "@modelcontextprotocol/sdk/types.js";',
    "only mcp and agent may import @modelcontextprotocol/sdk",
  ],
  ["owner itself", "src/agent/x.ts", 'import { C } from "@modelcontextprotocol/sdk/client/index.js";', null],
  ["a package with an owner's prefix", "src/cli/x.ts", 'import x from "pino-pretty";', null],
  ["node in domain", "src/domain/x.ts", 'import { join } from "node:path";', "domain is pure and may not import node:path"],
  ["zod in domain", "src/domain/x.ts", 'import { z } from "zod";', null],
  ["clock in domain", "src/domain/x.ts", 'import { systemClock } from "../base/clock.ts";', "domain is pure: systemClock"],
  ["randomness in domain", "src/domain/x.ts", 'import { isId, mintId } from "../base/ids.ts";', "domain is pure: mintId"],
  ["types of base in domain", "src/domain/x.ts", 'import { isId, type SwarmId } from "../base/ids.ts";', null],
  ["Date.now", "src/engine/x.ts", "const a = Date.now();", "src/engine/x.ts:1: Date.now() outside src/base"],
  ["new Date()", "src/cli/x.ts", "const a = new Date();", "new Date() outside src/base"],
  ["new Date(at)", "src/cli/x.ts", "const a = new Date(at);", null],
  ["Date.now in base", "src/base/x.ts", "const a = Date.now();", null],
  ["Date.now in a comment", "src/engine/x.ts", "// Date.now() would be wrong\nexport {};", null],
  ["a sleep in a test", "test/x.test.ts", "await new Promise((r) => setTimeout(r, 500));", "setTimeout() outside src/base"],
  ["timers/promises", "test/x.test.ts", 'import { setTimeout } from "node:timers/promises";', "node:timers/promises outside src/base"],
  ["Math.random", "src/store/x.ts", "const a = Math.random();", "Math.random() outside src/base"],
  ["raw uuid", "src/mcp/x.ts", 'import { randomUUID as u } from "node:crypto";', "randomUUID outside src/base"],
  ["hashing", "src/mcp/x.ts", 'import { createHash } from "node:crypto";', null],
  ["console", "src/cli/x.ts", 'console.log("hi");', "console.log in src"],
  ["shell option", "test/x.test.ts", 'spawn("a", { shell: true });', "shell: true"],
  ["exec", "src/proc/x.ts", 'import { execSync } from "node:child_process";', "execSync runs a shell"],
  ["execFile", "scripts/x.ts", 'import { execFile } from "node:child_process";', null],
  ["RegExp exec", "src/proc/x.ts", "/a/.exec(text);", null],
  ["empty catch", "scripts/x.ts", "try { a(); } catch {}", "an empty catch without its reason"],
  ["empty catch callback", "src/git/x.ts", "void a().catch(() => {});", "an empty catch without its reason"],
  ["explained catch", "src/git/x.ts", "try { a(); } catch {\n  // gone already\n}", null],
  ["long file", "test/x.test.ts", "a();\n".repeat(301), "301 lines, at most 300"],
  ["longest file", "test/x.test.ts", "a();\n".repeat(300), null],
];

describe("[ground.architecture.rules] each rule refuses what it should and nothing else", () => {
  test.each(CASES)("%s", (_rule, file, text, message) => {
    const found = violations({ [file]: text });
    if (message === null) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringContaining(message)]);
  });
});
