/** Driver: the plugin in the real Claude Code, from the marketplace to an answer of skep's, beside other entries, and out again. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mintUuid, type SessionId, type SwarmId } from "../../src/base/ids.ts";
import { claude } from "../../src/harness/claude.ts";
import { findClaude } from "../../src/harness/claude-binary.ts";
import { run } from "../../src/proc/run.ts";
import { finish } from "./namespace.ts";
import { KEY, led, makePlace } from "./plugin-kit.ts";

const [bin = "", root = ""] = process.argv.slice(2);
const binary = findClaude({ PATH: bin }) ?? "";
const { repo, home, model, env, client } = await makePlace(binary, root, (url) => ({
  ...{ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: KEY, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
}));

interface Init {
  readonly mcp_servers: readonly { readonly name: string }[];
  readonly slash_commands: readonly string[];
}
/** A turn without a screen: how the session began, and its last words. */
async function turn(prompt: string, ...flags: readonly string[]) {
  const { stdout } = await client("-p", prompt, "--output-format", "stream-json", "--verbose", ...flags);
  const lines = stdout.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Record<string, unknown>] : []));
  const init = lines.find(({ subtype }) => subtype === "init") as unknown as Init | undefined;
  return {
    servers: (init?.mcp_servers ?? []).map(({ name }) => name).sort(),
    commands: (init?.slash_commands ?? []).filter((name) => name.startsWith("skep:")),
    said: String(lines.findLast(({ type }) => type === "result")?.result ?? ""),
  };
}

const ALLOWED = ["--allowedTools", "mcp__plugin_skep_skep"];
const entry = (command: string, ...args: string[]): void =>
  writeFileSync(path.join(repo, ".mcp.json"), JSON.stringify({ mcpServers: { skep: { command, args } } }));

/** As skep starts a worker: its own flags, with the tools of a host that is not there. */
async function asAgent(): Promise<void> {
  const { argv, env: own } = claude.launch({
    ...{ swarm: "s-test" as SwarmId, session: "x-test" as SessionId, seat: "dev-0", role: "developer", binary, cwd: repo, home },
    ...{ cliSession: mintUuid(), resume: false, rolePrompt: "ROLE TEXT", mcp: { url: "http://127.0.0.1:9/mcp", token: "t" } },
    ...{ preset: "full", commands: [], limits: { steps: 3, usd: null }, env, settings: {} },
  });
  const input = `${JSON.stringify({ type: "user", message: { role: "user", content: "hello" } })}\n`;
  await run(argv, { cwd: repo, env: { ...env, ...own, IS_SANDBOX: "1" }, timeoutMs: 60_000, input });
}

/** Which of these words the model was sent while it was asked. */
async function sent(words: readonly string[], asked: () => Promise<unknown>): Promise<readonly string[]> {
  const before = model.raw.length;
  await asked();
  return words.filter((word) => model.raw.slice(before).join("\n").includes(word));
}
const WORDS = ["ROLE TEXT", "skep:run", "skep:status", "plugin_skep"];

try {
  const codes: Record<string, number | null> = {};
  const step = async (name: string, ...args: string[]): Promise<void> => {
    codes[name] = (await client("plugin", ...args)).code;
  };
  await step("marketplace", "validate", "--strict", root);
  await step("plugin", "validate", "--strict", path.join(root, "plugins/skep"));
  await step("add", "marketplace", "add", root);
  await step("install", "install", "skep@skep");
  const status = await led(model, () => turn("/skep:status", ...ALLOWED));
  const goal = await led(model, () => turn("/skep:run Add a json flag & say so", ...ALLOWED));
  const prompt = await led(model, () => turn("/mcp__plugin_skep_skep__run-goal Add a json flag", ...ALLOWED));
  entry("npx", "-y", "skep", "mcp");
  const beside = (await turn("hello")).servers;
  entry(process.execPath, path.join(root, "dist/main.mjs"), "mcp");
  const local = (await turn("hello")).servers;
  rmSync(path.join(repo, ".mcp.json"));
  const own = await sent(WORDS, () => turn("hello"));
  const agent = await sent(WORDS, asAgent);
  await step("uninstall", "uninstall", "skep@skep");
  await step("remove", "marketplace", "remove", "skep");
  const left = readFileSync(path.join(home, ".claude/settings.json"), "utf8");
  finish({ codes, status, goal, prompt, beside, local, own, agent, left: left.includes("skep"), faults: model.faults });
} finally {
  await model.close();
}
