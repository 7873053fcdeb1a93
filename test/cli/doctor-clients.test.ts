/** `skep doctor` and the entries of MCP clients: the usual ones answer, and what is wrong has its code. More of it in test/long. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { builtMain } from "../support/build.ts";
import { makeRepo } from "../support/repo.ts";
import { tempDir } from "../support/temp.ts";
import { ALL, init } from "./setup/support.ts";
import { clientLooks, machine, program } from "./support/doctor-clients.ts";
import { skep } from "./support/skep.ts";

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
  const found = await clientLooks(repo, env);
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

test("[doctor.clients.foreign] a program of the repository is not started, by whatever name; the npx of the machine is", async () => {
  const repo = makeRepo();
  const proof = path.join(tempDir("proof"), "started");
  const tell = `require("node:fs").appendFileSync(${JSON.stringify(proof)}, process.argv[1] + "\\n");`;
  const own = path.join(repo.root, "node_modules/.bin/npx");
  program(own, tell);
  const npx = { command: "npx", args: ["-y", "skep", "mcp"] };
  const servers = (skep: object): string => JSON.stringify({ mcpServers: { skep } });
  repo.write({
    ".mcp.json": servers({ ...npx, command: own }),
    ".cursor/mcp.json": servers({ ...npx, env: { NODE_OPTIONS: `--require ${own}` } }),
    ".gemini/settings.json": servers(npx),
  });
  const env = machine(tell, path.dirname(own));
  expect((await clientLooks(repo, env)).map(({ code }) => code)).toEqual([
    "client-entry-unverified",
    "client-entry-unverified",
    "client-exited",
  ]);
  expect(readFileSync(proof, "utf8")).toBe(`${env.PATH.split(":")[1]}/npx\n`);
});

test("[doctor.codes] settings that cannot be read and a program that is not there have their codes, in text as in JSON", async () => {
  const repo = makeRepo();
  repo.write({
    ".mcp.json": '{"mcpServers": {',
    ".cursor/mcp.json": JSON.stringify({ mcpServers: { skep: { command: "/nowhere/node", args: ["mcp"] } } }),
  });
  const env = machine("");
  expect((await clientLooks(repo, env)).map(({ code }) => code)).toEqual(["client-settings-unreadable", "client-program-missing"]);
  const { stdout, stderr, code } = await skep(["doctor"], { cwd: repo.root, env });
  expect(stdout).toMatch(/^! clients .*\.mcp\.json: line 1.*\[client-settings-unreadable\]$/m);
  expect(stdout).toMatch(/^✗ clients .*no program "\/nowhere\/node".*\[client-program-missing\]$/m);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("docs/troubleshooting.md") });
});
