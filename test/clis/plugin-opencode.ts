/** Driver: OpenCode has no plugin of this kind and needs none: it makes commands of the prompts of the server it is given. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { CLIENTS } from "../../src/cli/setup/clients/index.ts";
import { PUBLISHED } from "../../src/cli/setup/program.ts";
import { findOpencode } from "../../src/harness/opencode-binary.ts";
import { finish } from "./namespace.ts";
import { KEY, makePlace, told } from "./plugin-kit.ts";

const [bin = "", root = ""] = process.argv.slice(2);
const { repo, model, client } = await makePlace(findOpencode({ PATH: bin })[0] ?? "", root, (url) => {
  const models = { m1: { name: "m1", limit: { context: 200_000, output: 8_000 } } };
  const options = { baseURL: `${url}/v1`, apiKey: "{env:SCRIPTED_KEY}" };
  const provider = { fake: { npm: "@ai-sdk/openai-compatible", name: "Fake", options, models } };
  // Without a registry that refuses at once it waits for one.
  const offline = { npm_config_registry: "http://127.0.0.1:1/", npm_config_fetch_retries: "0" };
  return { OPENCODE_CONFIG_CONTENT: JSON.stringify({ provider }), SCRIPTED_KEY: KEY, ...offline };
});
const { file, entry } = CLIENTS.opencode;
writeFileSync(path.join(repo, file), JSON.stringify({ mcp: { skep: entry([...PUBLISHED, "mcp"]) } }));

async function command(name: string, ...words: readonly string[]): Promise<ReturnType<typeof told>> {
  await client("run", "--format", "json", "-m", "fake/m1", "--command", `skep:${name}`, ...words);
  return told(model);
}

try {
  const goal = await command("run-goal", "Add a json flag");
  const standup = await command("standup");
  finish({ goal, standup, faults: model.faults });
} finally {
  await model.close();
}
