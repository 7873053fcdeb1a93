/** The real clients that can be asked without a model: what `skep init` wrote is what they read. */
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { ClientId } from "../../src/cli/setup/clients/index.ts";
import { init, ready } from "../cli/setup/support.ts";
import { start } from "../cli/support/skep.ts";
import { builtMain } from "../support/build.ts";
import { writeFiles } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { installCli, type PINS, programOf } from "./install.ts";

/** What the list of each says of a server it takes; Claude Code and Codex do not start it for that. */
const SAYS: Readonly<Record<keyof typeof PINS & ClientId, RegExp>> = {
  claude: /^skep: .* mcp - .*Pending approval/m,
  codex: /^skep .* mcp .* enabled/m,
  gemini: /skep: .* mcp \(stdio\) - Connected/,
  opencode: /skep.*connected/,
};

test.each(Object.keys(SAYS) as (keyof typeof SAYS)[])("[setup.entry] the real %s reads its entry", { timeout: 400_000 }, async (id) => {
  const repo = ready({});
  await init(repo, "--client", id, "--local", "--yes");
  const home = tempDir("home");
  // Of a folder that nobody trusts these two read no settings.
  writeFiles(home, { ".codex/config.toml": `[projects.${JSON.stringify(repo.root)}]\ntrust_level = "trusted"\n` });
  const env = {
    HOME: home,
    PATH: `${await installCli(id)}${path.delimiter}${process.env.PATH}`,
    GEMINI_CLI_TRUST_WORKSPACE: "true",
  };
  const { stdout, stderr } = await start([programOf(id, env), "mcp", "list"], { cwd: repo.root, env, input: "" }).ended;
  expect(stripVTControlCharacters(`${stdout}${stderr}`)).toMatch(SAYS[id]);
  expect(`${stdout}${stderr}`).toContain(builtMain());
});
