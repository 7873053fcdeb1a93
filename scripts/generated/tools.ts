/** The tools as models see them: rows for the docs, and one schema file per tool, so that a change of either is a visible diff. */
import { z } from "zod";
import { annotationsOf, EVERYONE, type ToolSpec } from "../../src/tools/define-tool.ts";
import { TOOLS } from "../../src/tools/index.ts";
import { code, table } from "./table.ts";

export const SCHEMA_FOLDER = "test/tools/schemas";

export function toolsTable(): string {
  const rows = TOOLS.map((tool) => [code(tool.name), whose(tool), tool.kind, tool.description]);
  return table(["tool", "for", "kind", "what it does"], rows);
}

function whose({ audience }: ToolSpec): string {
  return EVERYONE.every((one) => audience.includes(one)) ? "everyone" : EVERYONE.filter((one) => audience.includes(one)).join(", ");
}

/** Path → text of every schema file. */
export function toolSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(TOOLS.map((tool) => [`${SCHEMA_FOLDER}/${tool.name}.json`, `${JSON.stringify(schemaOf(tool), null, 2)}\n`]));
}

function schemaOf(tool: ToolSpec): unknown {
  const { name, title, description, audience, input, output } = tool;
  const schema = (type: z.ZodType, io: "input" | "output") => z.toJSONSchema(type, { io, target: "draft-7" });
  return {
    name,
    title,
    description,
    audience: EVERYONE.filter((one) => audience.includes(one)),
    annotations: annotationsOf(tool),
    inputSchema: schema(input, "input"),
    outputSchema: output && schema(output, "output"),
  };
}
