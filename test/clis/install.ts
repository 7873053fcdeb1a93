/**
 * The pinned real CLIs, installed outside node_modules and kept between runs: together they weigh about a gigabyte, and CI
 * never needs them. Install scripts stay off; what they would do is what the adapters do themselves.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findClaude } from "../../src/harness/claude-binary.ts";
import { findCodex } from "../../src/harness/codex-binary.ts";
import { findProgram } from "../../src/harness/find-program.ts";
import type { Env } from "../../src/harness/harness.ts";
import { findOpencode } from "../../src/harness/opencode-binary.ts";
import { run } from "../../src/proc/run.ts";

export const PINS = {
  claude: { name: "@anthropic-ai/claude-code", version: "2.1.329" },
  codex: { name: "@openai/codex", version: "0.169.0" },
  gemini: { name: "@google/gemini-cli", version: "0.61.0" },
  opencode: { name: "opencode-ai", version: "1.18.33" },
} as const;

/** @returns the folder that stands in PATH: `node_modules/.bin` of the installation. */
export async function installCli(cli: keyof typeof PINS): Promise<string> {
  const { name, version } = PINS[cli];
  const folder = path.join(process.env.SKEP_TEST_CLIS ?? path.join(tmpdir(), "skep-test-clis"), `${path.basename(name)}-${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{"private":true}\n');
  const argv = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--save-exact", `${name}@${version}`];
  const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "/" };
  const result = await run(argv, { cwd: folder, env, timeoutMs: 300_000 });
  if (result.code !== 0) throw new Error(`npm could not install ${name}@${version}: ${result.problem || result.output}`);
  return path.join(folder, "node_modules/.bin");
}

/** The program itself, where what stands in PATH is a script that wants to have been installed with scripts. */
export function programOf(cli: keyof typeof PINS, env: Env): string {
  const found = { claude: findClaude, codex: findCodex, gemini: (of: Env) => findProgram("gemini", of), opencode: first }[cli](env);
  if (!found) throw new Error(`${cli} is not where npm was told to put it`);
  return found;
}
const first = (env: Env): string | undefined => findOpencode(env)[0];
