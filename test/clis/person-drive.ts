/**
 * Driver: a person in a real client, in a fresh HOME. `skep init` writes the entry, the client is started as they would start it
 * and told the goal; its model is scripted, the swarm's agents are, and between them stands what is installed.
 */
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { endKept } from "../../src/engine/host/end.ts";
import { run } from "../../src/proc/run.ts";
import { TWO_TASKS } from "../e2e/support/two-tasks.ts";
import { startModelServer } from "../model/server.ts";
import { makeRepo } from "../support/repo.ts";
import { finish, requireLoopbackOnly } from "./namespace.ts";
import { operate } from "./person.ts";

const [client = "", bin = "", program = "", build = ""] = process.argv.slice(2);
requireLoopbackOnly();
const place = process.cwd();
const [home, skep] = [path.join(place, "home"), path.join(place, "skep")];
mkdirSync(home);
for (const part of ["dist", "roles", "rules", "templates", "package.json"])
  cpSync(path.join(build, part), path.join(skep, part), { recursive: true });

const GOAL = "Write two files";
const model = await startModelServer(operate(GOAL));
const playbook = path.join(place, "playbook.yaml");
// Whatever was not merged stays where it is, after uninstall as well; here everything is.
writeFileSync(playbook, TWO_TASKS.replace("    1:\n", "    9:\n"));
const repo = makeRepo();
const scripted = { playbook, state: path.join(place, "agents") };
mkdirSync(scripted.state);
const head = repo.commit({
  ".skep/config.yaml": JSON.stringify({
    worktree: { root: path.join(place, "worktrees") },
    team: "minimal",
    harness: { default: "scripted", adapters: { scripted: { settings: scripted } } },
  }),
});

/** How a person starts each, with what points it at a model; what they would click at the first start stands in options. */
const STARTS: Readonly<
  Record<string, { argv: readonly string[]; env?: Readonly<Record<string, string>>; home?: readonly [string, string] }>
> = {
  claude: {
    argv: ["-p", GOAL, "--allowedTools", "mcp__skep", "--settings", '{"enabledMcpjsonServers":["skep"]}'],
    env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "made-up-key", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" },
  },
  codex: {
    argv: ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", GOAL],
    env: { SCRIPTED_KEY: "made-up-key" },
    home: [
      ".codex/config.toml",
      [
        'model = "a-model"',
        'model_provider = "scripted"',
        "[model_providers.scripted]",
        'name = "scripted"',
        `base_url = "${model.url}/v1"`,
        'env_key = "SCRIPTED_KEY"',
        'wire_api = "responses"',
        `[projects.${JSON.stringify(repo.root)}]`,
        'trust_level = "trusted"',
        "",
      ].join("\n"),
    ],
  },
  gemini: {
    argv: ["--approval-mode", "yolo", "-m", "gemini-2.5-flash", "-p", GOAL],
    env: { GOOGLE_GEMINI_BASE_URL: model.url, GEMINI_API_KEY: "made-up-key", GEMINI_CLI_TRUST_WORKSPACE: "true" },
    home: [".gemini/settings.json", '{"security":{"auth":{"selectedType":"gemini-api-key"}}}'],
  },
  opencode: {
    argv: ["run", GOAL],
    env: {
      SCRIPTED_KEY: "made-up-key",
      ...{ npm_config_registry: "http://127.0.0.1:1/", npm_config_fetch_retries: "0" },
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        model: "scripted/m1",
        provider: {
          scripted: {
            npm: "@ai-sdk/openai-compatible",
            name: "Scripted",
            options: { baseURL: `${model.url}/v1`, apiKey: "{env:SCRIPTED_KEY}" },
            models: { m1: { name: "m1", limit: { context: 200_000, output: 8_000 } } },
          },
        },
      }),
    },
  },
};
const start = STARTS[client];
if (!start) throw new Error(`no person is known at ${client}`);
if (start.home) {
  mkdirSync(path.dirname(path.join(home, start.home[0])), { recursive: true });
  writeFileSync(path.join(home, start.home[0]), start.home[1]);
}
const env = { PATH: `${bin}:${process.env.PATH}`, HOME: home, LANG: "C.UTF-8", ...start.env };
const command = (...argv: readonly string[]) => run(argv, { cwd: repo.root, env, timeoutMs: 240_000 });
const ours = (...args: readonly string[]) => command(process.execPath, path.join(skep, "dist/main.mjs"), ...args);

try {
  const init = await ours("init", "--client", client, "--local", "--yes");
  const begun = systemClock.monotonic();
  const said = await command(program, ...start.argv);
  const seconds = Math.round((systemClock.monotonic() - begun) / 100) / 10;
  const status = await ours("status");
  const gone = await ours("uninstall", "--yes");
  const calls = model.requests.at(-1)?.items.flatMap((item) => (item.kind === "model" ? item.calls.map(({ name }) => name) : []));
  finish({
    init: { code: init.code, said: init.stdout },
    client: { code: said.code, said: said.stdout.slice(-3_000), stderr: said.stderr.slice(-3_000), seconds, calls },
    status: { code: status.code, said: status.stdout },
    uninstall: { code: gone.code, said: gone.stdout },
    git: {
      log: repo.git("log", "--format=%s", `${head}..HEAD`).split("\n"),
      files: repo.git("ls-files", "out").split("\n"),
      status: repo.git("status", "--porcelain"),
      branches: repo.git("for-each-ref", "--format=%(refname)").split("\n"),
    },
    left: existsSync(path.join(repo.commonDir, "skep")),
  });
} finally {
  await endKept(path.join(repo.commonDir, "skep"), systemClock);
  await model.close();
}
