/** Repositories with settings in them, and init and uninstall as a person starts them. */
import { readdirSync, readFileSync } from "node:fs";
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

/** Every file of the checkout and of git's folder that may tell what was here, links and modes too. */
export function everything(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const names = entries.map((entry) => [path.relative(root, path.join(entry.parentPath, entry.name)), entry] as const);
  return Object.fromEntries(
    names
      .filter(([name]) => !/^\.git\/(objects|logs|index|COMMIT_EDITMSG)/.test(name))
      .map(([name, entry]) => [name, entry.isFile() ? readFileSync(path.join(root, name), "latin1") : "(no file)"])
      .sort(),
  );
}

export function ready(files: Readonly<Record<string, string>> = HOSTILE): TestRepo {
  const repo = makeRepo();
  repo.write(files);
  return repo;
}
export const init = (repo: TestRepo, ...args: string[]) => skep(["init", ...args], { cwd: repo.root });
export const uninstall = (repo: TestRepo, ...args: string[]) => skep(["uninstall", ...args], { cwd: repo.root });
