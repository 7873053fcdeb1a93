/** Repositories with settings in them, and init and uninstall as a person starts them. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { clientIds } from "../../../src/cli/setup/clients/index.ts";
import { makeRepo, type TestRepo } from "../../support/repo.ts";
import { skep } from "../support/skep.ts";

export const ALL = clientIds.join(",");

/** Settings as people have them: comments, CRLF, a byte order mark, a trailing comma, other servers, an empty file. */
export const HOSTILE = {
  ".mcp.json": '\ufeff{\r\n\t// ours\r\n\t"mcpServers": {\r\n\t\t"db": { "command": "db", }, // keep\r\n\t},\r\n}\r\n',
  ".cursor/mcp.json": '{"mcpServers":{}}',
  ".vscode/mcp.json": "",
  ".codex/config.toml": '# mine\nmodel = "x" # why\n\n[mcp_servers.db]\ncommand = "db"',
  ".gemini/settings.json": '{\n  /* theme */ "theme": "dark" // last\n}',
  "package.json": '{"scripts": {"test": "vitest", "build": "tsdown"}}\n',
};

/** Every file of the checkout and of git's folder that may tell what was here: texts by name, and modes and links beside them. */
export function everything(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, file);
    if (/^\.git\/(objects|logs|index|COMMIT_EDITMSG)/.test(name)) continue;
    if (entry.isFile()) found[name] = readFileSync(file, "latin1");
    found[`${name} is`] = entry.isSymbolicLink() ? `a link to ${readlinkSync(file)}` : lstatSync(file).mode.toString(8);
  }
  return found;
}

export function ready(files: Readonly<Record<string, string>> = HOSTILE): TestRepo {
  const repo = makeRepo();
  repo.write(files);
  return repo;
}
export const init = (repo: TestRepo, ...args: string[]) => skep(["init", ...args], { cwd: repo.root });
export const uninstall = (repo: TestRepo, ...args: string[]) => skep(["uninstall", ...args], { cwd: repo.root });
