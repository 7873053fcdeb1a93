/** What a process of each kind loads: read from the built bundle, following its static imports. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { builtMain } from "../support/build.ts";

/** Packages and folders of ours in a chunk and everything it loads at once. */
function loads(chunk: string): ReadonlySet<string> {
  const dist = path.dirname(builtMain());
  const seen = new Set<string>();
  const found = new Set<string>();
  const open = [chunk];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const text = readFileSync(path.join(dist, name), "utf8");
    for (const [, region = ""] of text.matchAll(/^\/\/#region (?:\.\/)?(\S+)/gm)) {
      const parts = region.split("node_modules/").at(-1)?.split("/") ?? [];
      if (region.includes("node_modules/")) found.add(parts[0]?.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? ""));
      else found.add(region.split("/").slice(0, 2).join("/"));
    }
    for (const [, file = ""] of text.matchAll(/^(?:import|export)\b[^;]*?"\.\/([^"]+)"/gm)) open.push(file);
  }
  return found;
}

function chunkOf(command: string): string {
  const name = readdirSync(path.dirname(builtMain())).find((file) => {
    if (!file.startsWith(`${command}-`)) return false;
    return readFileSync(path.join(path.dirname(builtMain()), file), "utf8").includes(`//#region src/cli/${command}.ts`);
  });
  if (!name) throw new Error(`no chunk holds src/cli/${command}.ts`);
  return name;
}

test("[cli.lazy] the start alone brings no package along", () => {
  expect([...loads("main.mjs")].sort()).toEqual(["src/cli", "src/main.ts"]);
});

test("[cli.lazy] the keeper, which stays in memory, loads no package at all", () => {
  const loaded = [...loads(chunkOf("keeper"))];
  expect(loaded).toContain("src/engine");
  expect(loaded.filter((name) => !name.startsWith("src/"))).toEqual([]);
});

test("[cli.lazy] the process that starts git for a host loads the library that does it, and nothing of the engine", () => {
  const loaded = loads(chunkOf("git-starter"));
  expect(loaded).toContain("simple-git");
  for (const name of ["src/engine", "src/store", "src/tools", "@modelcontextprotocol/sdk", "execa", "pino"])
    expect(loaded).not.toContain(name);
});

test("[cli.lazy] the MCP server starts without commander, and without what only calls or hosts need", () => {
  const loaded = loads(chunkOf("mcp"));
  expect(loaded).toContain("@modelcontextprotocol/sdk");
  for (const name of [
    "commander",
    "hono",
    "@hono/node-server",
    "@secretlint/core",
    "simple-git",
    "execa",
    "chokidar",
    "liquidjs",
    "yaml",
    "jsonc-parser",
    "smol-toml",
    "pino",
    "proper-lockfile",
    "src/agent",
    "src/store",
    "src/git",
    "src/harness",
    "src/checks",
  ])
    expect(loaded).not.toContain(name);
});

test("[cli.lazy] a scripted agent loads nothing of engine, store and git", () => {
  const loaded = loads(chunkOf("agent"));
  expect(loaded).toContain("@modelcontextprotocol/sdk");
  for (const name of ["src/engine", "src/store", "src/git", "src/tools", "commander", "simple-git", "yaml"])
    expect(loaded).not.toContain(name);
});

test("[watch.lazy] what draws is loaded by watch alone, and there only when it draws", () => {
  const drawing = readdirSync(path.dirname(builtMain())).filter((file) =>
    readFileSync(path.join(path.dirname(builtMain()), file), "utf8").includes("node_modules/ink/"),
  );
  expect(drawing).toHaveLength(1);
  for (const name of ["watch", "status", "run", "mcp", "serve"]) {
    expect(loads(chunkOf(name))).not.toContain("ink");
    expect(loads(chunkOf(name))).not.toContain("react");
  }
});
