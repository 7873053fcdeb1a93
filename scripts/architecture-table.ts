/** The shape of `src/` as data. This is the one place to change it. */

/** Layer 2: side by side, each for one outside thing. They do not know each other but for the exceptions in MAY_IMPORT. */
const LAYER_2 = ["harness", "checks", "catalog", "store", "git", "proc", "config"];
const BELOW_ENGINE = [...LAYER_2, "domain", "base"];

/** Folder of `src/` → the folders it may import; `main` is the file src/main.ts. Type-only imports count too. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ["cli", "base"],
  cli: ["mcp", "tools", "engine", "agent", ...BELOW_ENGINE],
  mcp: ["tools", "engine", ...BELOW_ENGINE],
  tools: ["engine", ...BELOW_ENGINE],
  engine: BELOW_ENGINE,
  // The scripted agent is a program of its own: a client of the server, not a part of it.
  agent: ["proc", "domain", "base"],
  harness: ["proc", "domain", "base"],
  checks: ["proc", "git", "domain", "base"],
  git: ["proc", "domain", "base"],
  store: ["proc", "domain", "base"],
  catalog: ["domain", "base"],
  config: ["domain", "base"],
  proc: ["domain", "base"],
  domain: ["base"],
  base: [],
};

/** Packages with an owner: replacing one touches one folder. `node:child_process` is the raw door that execa stands for. */
export const OWNERS: Readonly<Record<string, readonly string[]>> = {
  "@modelcontextprotocol/sdk": ["mcp", "agent"],
  "@modelcontextprotocol/server": ["mcp"],
  execa: ["proc"],
  "simple-git": ["git"],
  "proper-lockfile": ["store"],
  chokidar: ["store"],
  pino: ["base"],
  hono: ["mcp"],
  "@hono/node-server": ["mcp"],
  commander: ["cli"],
  ink: ["cli"],
  react: ["cli"],
  "smol-toml": ["checks", "cli"],
  "jsonc-parser": ["cli"],
  liquidjs: ["catalog"],
  "@secretlint/core": ["checks"],
  "@secretlint/profiler": ["checks"],
  "@secretlint/secretlint-rule-preset-recommend": ["checks"],
};

/** What `domain/` may take from outside `src/`: it is pure. */
export const DOMAIN_PACKAGES: readonly string[] = ["zod"];

/** Lines per file in src, test, scripts and bench. */
export const MAX_LINES = 300;
