/** `skep doctor` and the entries of MCP clients: what is started, what it answers, and what is never started. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { builtMain } from "../support/build.ts";
import { makeRepo, type TestRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { ALL, init } from "./setup/support.ts";
import { skep } from "./support/skep.ts";

interface Look {
  readonly what: string;
  readonly mark: string;
  readonly code?: string;
  readonly found: string;
}

const program = (file: string, text: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!${process.execPath}\n${text}`);
  chmodSync(file, 0o755);
};

/** A machine whose npx is `text`, a program of Node's. */
function machine(text: string, ...before: string[]): { PATH: string; HOME: string } {
  const [bin, HOME] = [tempDir("bin"), tempDir("home")];
  program(path.join(bin, "npx"), text);
  return { PATH: [...before, bin, "/usr/bin", "/bin"].join(":"), HOME };
}

async function looks(repo: TestRepo, env: Record<string, string>): Promise<readonly Look[]> {
  const { stdout } = await skep(["doctor", "--json"], { cwd: repo.root, env });
  return (JSON.parse(stdout) as { looks: Look[] }).looks.filter(({ what }) => what === "clients");
}

test("[doctor.clients] every client's entry, as init writes it, is started once for all, outside of the repository and offline, and answers", async () => {
  const repo = makeRepo();
  await init(repo, "--client", ALL, "--yes");
  const told = path.join(tempDir("told"), "starts");
  const npx = `
    const { appendFileSync } = require("node:fs");
    const { env, argv } = process;
    appendFileSync(${JSON.stringify(told)}, JSON.stringify([argv.slice(2), process.cwd(), env.npm_config_offline, env.SKEP_PROJECT]) + "\\n");
    process.argv = [argv[0], ${JSON.stringify(builtMain())}, "mcp"];
    import(process.argv[1]);`;
  const env = machine(npx);
  const found = await looks(repo, env);
  expect(found.map(({ found: line }) => line.split(":")[0])).toEqual([
    "Claude Code, .mcp.json",
    "Codex, .codex/config.toml",
    "Cursor, .cursor/mcp.json",
    "Gemini CLI, .gemini/settings.json",
    "OpenCode, opencode.json",
    "VS Code, .vscode/mcp.json",
  ]);
  for (const look of found) expect(look).toMatchObject({ mark: "ok", found: expect.stringMatching(/: answers as skep \S+ in \d+\.\d s$/) });
  expect(
    readFileSync(told, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([[["-y", "skep", "mcp"], env.HOME, "true", repo.root]]);
});

test("[doctor.clients] without an entry there is one line, and an entry that names this very program is tried as it is", async () => {
  const repo = makeRepo();
  expect(await looks(repo, machine(""))).toEqual([expect.objectContaining({ mark: "ok", found: expect.stringContaining("skep init") })]);
  await init(repo, "--client", "claude", "--local", "--yes");
  expect(await looks(repo, machine(""))).toEqual([
    expect.objectContaining({ mark: "ok", found: expect.stringContaining("answers as skep") }),
  ]);
});

const ANSWER = (name: string): string => `
  process.stdin.once("data", (line) => {
    const { id } = JSON.parse(line);
    const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: ${JSON.stringify(name)}, version: "1" } };
    console.log("a greeting");
    console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  });`;

test.each([
  ["client-wrong-server", "fail", ANSWER("other"), /a server "other" answered, which is not skep/],
  [
    "client-exited",
    "fail",
    'console.error("first\\nlast words"); process.exit(7)',
    /ended with exit code 7 before it answered: "last words"/,
  ],
  ["client-silent", "fail", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)", /no answer in 1\.0 s, when the client gives up/],
  ["client-not-fetched", "warn", 'console.error("npm error code ENOTCACHED\\nnpm error x"); process.exit(1)', /downloads nothing/],
] as const)("[doctor.clients] %s: what a start comes to is named, and nothing is left running", async (code, mark, npx, found) => {
  const repo = makeRepo();
  repo.write({ ".codex/config.toml": '[mcp_servers.skep]\ncommand = "npx"\nargs = ["-y", "skep", "mcp"]\nstartup_timeout_sec = 1\n' });
  expect(await looks(repo, machine(npx))).toEqual([expect.objectContaining({ code, mark, found: expect.stringMatching(found) })]);
});

/** Clients whose entries have one form. */
const SAME_FORM = [
  { file: ".mcp.json", under: "mcpServers" },
  { file: ".cursor/mcp.json", under: "mcpServers" },
  { file: ".gemini/settings.json", under: "mcpServers" },
  { file: ".vscode/mcp.json", under: "servers" },
] as const;

test("[doctor.clients.foreign] nothing a repository names is started but skep", async () => {
  const repo = makeRepo();
  const proof = path.join(tempDir("proof"), "started");
  const evil = `require("node:fs").appendFileSync(${JSON.stringify(proof)}, process.argv.join(" ") + "\\n");`;
  program(path.join(repo.root, "node_modules/.bin/npx"), evil);
  program(path.join(repo.root, "node_modules/.bin/skep"), evil);
  program(path.join(repo.root, "tool.cjs"), evil);
  const outside = path.join(tempDir("outside"), "npx");
  program(outside, evil);
  symlinkSync(path.join(repo.root, "tool.cjs"), path.join(repo.root, "link"));
  const npx = ["-y", "skep", "mcp"];
  const entries = [
    { command: process.execPath, args: [path.join(repo.root, "tool.cjs"), "mcp"] },
    { command: process.execPath, args: ["--require", path.join(repo.root, "tool.cjs"), builtMain(), "mcp"] },
    { command: path.join(repo.root, "node_modules/.bin/npx"), args: npx },
    { command: "./link", args: ["mcp"] },
    { command: outside, args: npx },
    { command: "npx", args: ["-y", "skep@1.0.0", "mcp"] },
    { command: "npx", args: [...npx, "--project", "/"] },
    { command: "npx", args: npx, env: { NODE_OPTIONS: `--require ${path.join(repo.root, "tool.cjs")}` } },
    { command: "npx", args: npx, cwd: repo.root },
    { command: "skep", args: ["mcp"] },
    { url: "http://127.0.0.1:1/mcp" },
  ];
  const env = machine(evil, path.join(repo.root, "node_modules/.bin"));
  for (let first = 0; first < entries.length; first += SAME_FORM.length) {
    const some = entries.slice(first, first + SAME_FORM.length);
    const files = some.map((skep, n) => [SAME_FORM[n]?.file, JSON.stringify({ [SAME_FORM[n]?.under ?? ""]: { skep } })]);
    repo.write({ ...Object.fromEntries(SAME_FORM.map(({ file }) => [file, ""])), ...Object.fromEntries(files) });
    const codes = (await looks(repo, env)).map(({ code }) => code);
    expect({ some, codes }).toEqual({ some, codes: some.map(() => "client-entry-unverified") });
  }
  expect(existsSync(proof)).toBe(false);
  // The counterpart: what init writes is started, from the machine's own folder and not from the repository's.
  repo.write({ ".mcp.json": JSON.stringify({ mcpServers: { skep: { command: "npx", args: npx } } }) });
  expect((await looks(repo, env))[0]?.code).toBe("client-exited");
  expect(readFileSync(proof, "utf8")).toContain(`${env.PATH.split(":")[1]}/npx -y skep mcp`);
}, 120_000);

test("[doctor.codes] settings that cannot be read and a program that is not there have their codes, in text as in JSON", async () => {
  const repo = makeRepo();
  repo.write({
    ".mcp.json": '{"mcpServers": {',
    ".cursor/mcp.json": JSON.stringify({ mcpServers: { skep: { command: "/nowhere/node", args: ["mcp"] } } }),
  });
  const env = machine("");
  expect((await looks(repo, env)).map(({ code }) => code)).toEqual(["client-settings-unreadable", "client-program-missing"]);
  const { stdout, stderr, code } = await skep(["doctor"], { cwd: repo.root, env });
  expect(stdout).toMatch(/^! clients .*\.mcp\.json: line 1.*\[client-settings-unreadable\]$/m);
  expect(stdout).toMatch(/^✗ clients .*no program "\/nowhere\/node".*\[client-program-missing\]$/m);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("docs/troubleshooting.md") });
});
