/** The tools as models see them: rows for the docs, and one schema file per tool, so that a change of either is a visible diff. */
import { AGENTS, type Audience, EVERYONE, type ToolSpec } from "../../src/tools/define-tool.ts";
import { TOOLS } from "../../src/tools/index.ts";
import { toolEntry } from "../../src/tools/json-schema.ts";
import { code, table } from "./table.ts";

export const SCHEMA_FOLDER = "test/tools/schemas";

export function toolsTable(): string {
  const rows = TOOLS.map((tool) => [code(tool.name), whose(tool), tool.kind, tool.description]);
  return table(["tool", "for", "kind", "what it does"], rows);
}

/** One line per tool, for a page that only introduces them. */
export function toolsBriefTable(): string {
  const rows = TOOLS.map((tool) => [code(tool.name), whose(tool), tool.title]);
  return table(["tool", "for", "what it does"], rows);
}

function whose({ audience }: ToolSpec): string {
  return EVERYONE.every((one) => audience.includes(one)) ? "everyone" : EVERYONE.filter((one) => audience.includes(one)).join(", ");
}

/** Path → text of every schema file: the entry of `tools/list` as the operator and as agents get it. */
export function toolSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(TOOLS.map((tool) => [`${SCHEMA_FOLDER}/${tool.name}.json`, `${JSON.stringify(viewsOf(tool), null, 2)}\n`]));
}

function viewsOf(tool: ToolSpec): unknown {
  const agents = AGENTS.filter((one) => tool.audience.includes(one));
  const entry = (audience: Audience | undefined) => audience && toolEntry(tool, audience);
  return { agents, agent: entry(agents[0]), operator: tool.audience.includes("operator") ? entry("operator") : undefined };
}
