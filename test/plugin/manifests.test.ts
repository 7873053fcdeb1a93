/** The files by which clients and catalogs find skep: they agree with the package, with `skep init`, and with the tools. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { skillTexts } from "../../scripts/prompts.ts";
import type { Argv } from "../../src/cli/setup/clients/client.ts";
import { CLIENTS } from "../../src/cli/setup/clients/index.ts";
import { PUBLISHED } from "../../src/cli/setup/program.ts";
import { TOOLS } from "../../src/tools/index.ts";
import { RUN_STEPS } from "../../src/tools/prompts/run-goal.ts";
import { TELLING } from "../../src/tools/prompts/standup.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));

const ARGV: Argv = [...PUBLISHED, "mcp"];

const named = z.strictObject({ name: z.string() });
const marketplace = z
  .strictObject({
    $schema: z.literal("https://json.schemastore.org/claude-code-marketplace.json"),
    name: z.literal("skep"),
    description: z.string(),
    owner: named,
    plugins: z.tuple([z.strictObject({ name: z.string(), source: z.string(), description: z.string(), category: z.string() })]),
  })
  .parse(read(".claude-plugin/marketplace.json"));
const [listed] = marketplace.plugins;
const plugin = z
  .strictObject({
    name: z.literal("skep"),
    version: z.string(),
    description: z.string(),
    author: named,
    license: z.string(),
    keywords: z.array(z.string()),
  })
  .parse(read(path.join(listed.source, ".claude-plugin/plugin.json")));
const pack = z.object({ name: z.string(), version: z.string(), license: z.string(), mcpName: z.string() }).parse(read("package.json"));

/** What the registry's schema of 2025-12-11 and its rules for npm packages ask of the fields used here. */
const short = z.string().min(1).max(100);
const version = z
  .string()
  .max(255)
  .regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/, "one version, no range and no tag");
const server = z.strictObject({
  $schema: z.literal("https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: short,
  description: short,
  version,
  packages: z.tuple([
    z.strictObject({
      registryType: z.literal("npm"),
      identifier: z.string().min(1),
      version,
      runtimeHint: z.literal("npx"),
      transport: z.strictObject({ type: z.literal("stdio") }),
      packageArguments: z.array(z.strictObject({ type: z.literal("positional"), value: z.string() })),
      environmentVariables: z.array(
        z.strictObject({ name: z.string(), description: z.string(), format: z.enum(["string", "number", "boolean", "filepath"]) }),
      ),
    }),
  ]),
});

test("[plugin.version] plugin, registry entry and package are of one version, and the marketplace names none", () => {
  const entry = server.parse(read("server.json"));
  expect([plugin.version, entry.version, entry.packages[0].version]).toEqual([pack.version, pack.version, pack.version]);
  expect(listed).toMatchObject({ name: plugin.name, description: plugin.description });
  expect(plugin.license).toBe(pack.license);
});

test("[plugin.registry] the registry's entry keeps to the schema, starts skep mcp, and has the name the package carries", () => {
  const entry = server.parse(read("server.json"));
  const [{ identifier, packageArguments }] = entry.packages;
  expect(entry.name).toBe(pack.mcpName);
  expect(identifier).toBe(pack.name);
  expect(["npx", "-y", identifier, ...packageArguments.map(({ value }) => value)]).toEqual(ARGV);
});

test("[plugin.entry] the plugin's entry is the one that skep init writes for Claude Code, with Codex's limits", () => {
  const { mcpServers } = read(path.join(listed.source, ".mcp.json")) as { mcpServers: Record<string, object> };
  expect(mcpServers).toEqual({ skep: CLIENTS.codex.entry(ARGV) });
  expect(mcpServers.skep).toMatchObject(CLIENTS.claude.entry(ARGV));
});

test("[plugin.skills] the skills name tools of the operator, and say what the prompts of the server say", () => {
  const [run, status] = skillTexts();
  const tools = (text = ""): string[] => TOOLS.filter(({ name }) => text.includes(name)).map(({ name }) => name);
  expect(tools(run?.body).sort()).toEqual(["gate_answer", "swarm_create", "swarm_land", "swarm_wait"]);
  expect(tools(status?.body).sort()).toEqual(["gate_answer", "swarm_list", "swarm_status", "swarm_wait"]);
  for (const name of [...tools(run?.body), ...tools(status?.body)])
    expect(TOOLS.find((tool) => tool.name === name)?.audience).toContain("operator");
  expect(run?.body).toContain(RUN_STEPS.trim());
  expect(status?.body).toContain(TELLING);
});
