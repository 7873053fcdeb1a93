/** The recipes of the docs, played as they stand there; their pages are left alone. The demo has a file of its own. */
import path from "node:path";
import { expect, test } from "vitest";
import { start } from "../cli/support/skep.ts";
import { builtMain } from "../support/build.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

test.each(["pipeline", "client", "swarm", "providers"])("[docs.recipes] %s", async (name) => {
  builtMain();
  const tsx = path.join(ROOT, "node_modules/.bin/tsx");
  const { code, stderr } = await start([tsx, "scripts/recipes/main.ts", "--check", name], { cwd: ROOT }).ended;
  expect(stderr).toBe("");
  expect(code).toBe(0);
});
