/** Driver: the same plugin in the real Codex, by the same marketplace file, beside an entry of the project, and out again. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findCodex } from "../../src/harness/codex-binary.ts";
import { finish } from "./namespace.ts";
import { KEY, led, makePlace } from "./plugin-kit.ts";

const [bin = "", root = ""] = process.argv.slice(2);
const { repo, home, model, client } = await makePlace(findCodex({ PATH: bin }) ?? "", root, () => ({ SCRIPTED_KEY: KEY }));
const config = path.join(home, ".codex/config.toml");
mkdirSync(path.dirname(config));
writeFileSync(
  config,
  [
    ...['model = "a-model"', 'model_provider = "scripted"', "[model_providers.scripted]", 'name = "scripted"'],
    ...[`base_url = "${model.url}/v1"`, 'env_key = "SCRIPTED_KEY"', 'wire_api = "responses"'],
    ...[`[projects.${JSON.stringify(repo)}]`, 'trust_level = "trusted"', ""],
  ].join("\n"),
);

/** A turn without a screen, and its last words. */
const turn = (prompt: string) =>
  led(model, async () => {
    const { stdout } = await client("exec", "--json", "--dangerously-bypass-approvals-and-sandbox", prompt);
    const items = stdout
      .split("\n")
      .flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as { item?: { type: string; text?: string } }] : []));
    return { said: items.findLast(({ item }) => item?.type === "agent_message")?.item?.text ?? "" };
  });
const servers = async (): Promise<unknown> => JSON.parse((await client("mcp", "list", "--json")).stdout);

try {
  const codes: Record<string, number | null> = {};
  const step = async (name: string, ...args: string[]): Promise<void> => {
    codes[name] = (await client("plugin", ...args)).code;
  };
  const before = readFileSync(config, "utf8");
  await step("add", "marketplace", "add", root);
  await step("install", "add", "skep@skep");
  const alone = await servers();
  const status = await turn("$skep:status");
  const goal = await turn("$skep:run Add a json flag & say so");
  mkdirSync(path.join(repo, ".codex"));
  const own = { command: process.execPath, args: [path.join(root, "dist/main.mjs"), "mcp"] };
  writeFileSync(
    path.join(repo, ".codex/config.toml"),
    `[mcp_servers.skep]\ncommand = ${JSON.stringify(own.command)}\nargs = ${JSON.stringify(own.args)}\n`,
  );
  const beside = await servers();
  const called = (await turn("$skep:status")).called;
  await step("uninstall", "remove", "skep@skep");
  await step("remove", "marketplace", "remove", "skep");
  const left = readFileSync(config, "utf8").replace(before.trim(), "").trim();
  finish({ codes, alone, status, goal, own, beside, called, left, faults: model.faults });
} finally {
  await model.close();
}
