/** `skep doctor` and the entries of MCP clients: what a start comes to, and all that is never started. */
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { init } from "../cli/setup/support.ts";
import { clientLooks, machine, program } from "../cli/support/doctor-clients.ts";
import { builtMain } from "../support/build.ts";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";

test("[doctor.clients] without an entry there is one line, and an entry that names this very program is tried as it is", async () => {
  const repo = makeRepo();
  expect(await clientLooks(repo, machine(""))).toEqual([
    expect.objectContaining({ mark: "ok", found: expect.stringContaining("skep init") }),
  ]);
  await init(repo, "--client", "claude", "--local", "--yes");
  expect(await clientLooks(repo, machine(""))).toEqual([
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
  // The limit of one that stays silent is waited for; the others have all the time a busy machine may need.
  const limit = code === "client-silent" ? 1 : 60;
  repo.write({
    ".codex/config.toml": `[mcp_servers.skep]\ncommand = "npx"\nargs = ["-y", "skep", "mcp"]\nstartup_timeout_sec = ${limit}\n`,
  });
  expect(await clientLooks(repo, machine(npx))).toEqual([expect.objectContaining({ code, mark, found: expect.stringMatching(found) })]);
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
    const codes = (await clientLooks(repo, env)).map(({ code }) => code);
    expect({ some, codes }).toEqual({ some, codes: some.map(() => "client-entry-unverified") });
  }
  expect(existsSync(proof)).toBe(false);
  // The counterpart: what init writes is started, from the machine's own folder and not from the repository's.
  repo.write({ ".mcp.json": JSON.stringify({ mcpServers: { skep: { command: "npx", args: npx } } }) });
  expect((await clientLooks(repo, env))[0]?.code).toBe("client-exited");
  expect(readFileSync(proof, "utf8")).toContain(`${env.PATH.split(":")[1]}/npx -y skep mcp`);
}, 120_000);
