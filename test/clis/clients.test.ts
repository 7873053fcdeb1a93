/** The real clients that can be asked without a model: what `skep init` wrote is what they read. */
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { ClientId } from "../../src/cli/setup/clients/index.ts";
import { findClaude } from "../../src/harness/claude-binary.ts";
import { findCodex } from "../../src/harness/codex-binary.ts";
import { findProgram } from "../../src/harness/find-program.ts";
import type { Env } from "../../src/harness/harness.ts";
import { findOpencode } from "../../src/harness/opencode-binary.ts";
import { init, ready } from "../cli/setup/support.ts";
import { start } from "../cli/support/skep.ts";
import { builtMain } from "../support/build.ts";
import { writeFiles } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { installCli, type PINS } from "./install.ts";

/** How each program is found, and what its list says of a server it takes; Claude Code and Codex do not start it for that. */
const ASKED: Readonly<Record<keyof typeof PINS & ClientId, { find(env: Env): string | null | undefined; says: RegExp }>> = {
  claude: { find: findClaude, says: /^skep: .* mcp - .*Pending approval/m },
  codex: { find: findCodex, says: /^skep .* mcp .* enabled/m },
  gemini: { find: (env) => findProgram("gemini", env), says: /skep: .* mcp \(stdio\) - Connected/ },
  opencode: { find: (env) => findOpencode(env)[0], says: /skep.*connected/ },
};

test.each(Object.entries(ASKED))("[setup.entry] the real %s reads its entry", { timeout: 400_000 }, async (id, { find, says }) => {
  const repo = ready({});
  await init(repo, "--client", id, "--local", "--yes");
  const home = tempDir("home");
  // Of a folder that nobody trusts these two read no settings.
  writeFiles(home, { ".codex/config.toml": `[projects.${JSON.stringify(repo.root)}]\ntrust_level = "trusted"\n` });
  const env = {
    HOME: home,
    PATH: `${await installCli(id as keyof typeof PINS)}${path.delimiter}${process.env.PATH}`,
    GEMINI_CLI_TRUST_WORKSPACE: "true",
  };
  const { stdout, stderr } = await start([find(env) ?? "", "mcp", "list"], { cwd: repo.root, env, input: "" }).ended;
  expect(stripVTControlCharacters(`${stdout}${stderr}`)).toMatch(says);
  expect(`${stdout}${stderr}`).toContain(builtMain());
});
