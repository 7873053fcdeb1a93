/**
 * Writes what the code already knows into the docs: `npm run generate`. With `--check` it writes nothing and fails when a
 * file is not what it would write. A new table is one line in TABLES and a marked region in a Markdown file.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checksTable } from "./generated/checks.ts";
import { cliTable } from "./generated/cli.ts";
import { promptsTable, resourcesTable, toolsetsTable } from "./generated/client.ts";
import { clientBlocks } from "./generated/clients.ts";
import { commandPages } from "./generated/command-pages.ts";
import { configSections } from "./generated/config.ts";
import { doctorTable } from "./generated/doctor.ts";
import { errorsTable } from "./generated/errors.ts";
import { commandExitsTable, exitsTable } from "./generated/exits.ts";
import { failuresTable } from "./generated/field.ts";
import { harnessesTable } from "./generated/harnesses.ts";
import { jsonShapes } from "./generated/json-shapes.ts";
import { pipelinesTable } from "./generated/pipelines.ts";
import { reasonsTable } from "./generated/reasons.ts";
import { Refusals } from "./generated/refusals.ts";
import { fillRegions } from "./generated/regions.ts";
import { requirementsIndex } from "./generated/requirements.ts";
import { rolesTable, teamsTable } from "./generated/roles.ts";
import { rulesTable } from "./generated/rules.ts";
import { agentTools, operatorTools } from "./generated/tool-pages.ts";
import { SCHEMA_FOLDER, toolSchemas, toolsBriefTable, toolsTable } from "./generated/tools.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const REFUSALS = new Refusals(ROOT);

const TABLES: Readonly<Record<string, () => string | Promise<string>>> = {
  checks: checksTable,
  cli: cliTable,
  clients: clientBlocks,
  commands: commandPages,
  config: configSections,
  doctor: doctorTable,
  errors: () => errorsTable(ROOT),
  "command-exits": commandExitsTable,
  exits: exitsTable,
  failures: failuresTable,
  harnesses: harnessesTable,
  json: jsonShapes,
  pipelines: pipelinesTable,
  prompts: promptsTable,
  reasons: reasonsTable,
  resources: resourcesTable,
  roles: rolesTable,
  rules: rulesTable,
  teams: teamsTable,
  tools: toolsTable,
  "tools-agents": () => agentTools(REFUSALS),
  "tools-operator": () => operatorTools(REFUSALS),
  toolsets: toolsetsTable,
  "tools-brief": toolsBriefTable,
};

/** Whole files that are generated: path → text. */
const files = (): Readonly<Record<string, string>> => ({ "test/requirements.ts": requirementsIndex(ROOT), ...toolSchemas() });

/** Folders with nothing but generated files: what nobody writes any more is removed. */
const OWNED_FOLDERS = [SCHEMA_FOLDER];

interface Page {
  readonly file: string;
  readonly now: string | null;
  /** null: the file goes. */
  readonly wanted: string | null;
}

async function pages(): Promise<{ pages: Page[]; problems: string[] }> {
  const tables = new Map(await Promise.all(Object.entries(TABLES).map(async ([name, render]) => [name, await render()] as const)));
  const problems: string[] = [];
  const shown = new Set<string>();
  const made: Page[] = [];
  for (const file of markdownFiles()) {
    const now = readFileSync(path.join(ROOT, file), "utf8");
    const filled = fillRegions(now, (name) => tables.get(name) ?? null);
    for (const name of filled.names) shown.add(name);
    problems.push(...filled.problems.map((problem) => `${file}: ${problem}`));
    if (filled.names.length > 0) made.push({ file, now, wanted: filled.text });
  }
  const whole = files();
  for (const [file, wanted] of Object.entries(whole)) made.push({ file, now: read(file), wanted });
  for (const file of OWNED_FOLDERS.flatMap(filesIn)) if (!Object.hasOwn(whole, file)) made.push({ file, now: read(file), wanted: null });
  for (const name of tables.keys())
    if (!shown.has(name)) problems.push(`no page shows generated:${name}; give it a region in README.md or docs/`);
  return { pages: made, problems };
}

function markdownFiles(): string[] {
  return ["README.md", ...filesIn("docs")].filter((file) => file.endsWith(".md") && existsSync(path.join(ROOT, file)));
}

function filesIn(folder: string): string[] {
  if (!existsSync(path.join(ROOT, folder))) return [];
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`);
}

function read(file: string): string | null {
  return existsSync(path.join(ROOT, file)) ? readFileSync(path.join(ROOT, file), "utf8") : null;
}

async function main(check: boolean): Promise<number> {
  const { pages: all, problems } = await pages();
  const stale = all.filter((page) => page.now !== page.wanted);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  for (const { file, wanted } of stale) {
    if (check) process.stderr.write(`${file} is not what the code says; run: npm run generate\n`);
    else write(path.join(ROOT, file), wanted);
  }
  if (!check) process.stdout.write(`${stale.length} of ${all.length} generated file(s) changed\n`);
  return problems.length > 0 || (check && stale.length > 0) ? 1 : 0;
}

function write(file: string, text: string | null): void {
  if (text === null) rmSync(file);
  else {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

process.exitCode = await main(process.argv.includes("--check"));
