/** What an operator's client is offered beside the tools, as it is told to the client. */
import { toolsFor } from "../../src/tools/index.ts";
import { toolEntry } from "../../src/tools/json-schema.ts";
import { PROMPTS } from "../../src/tools/prompts/index.ts";
import { RESOURCES } from "../../src/tools/resources/index.ts";
import { TOOLSETS, toolsIn } from "../../src/tools/toolset.ts";
import { code, table } from "./table.ts";

export function resourcesTable(): string {
  const rows = RESOURCES.map(({ template, mimeType, description }) => [code(template), mimeType, description]);
  return table(["resource", "as", "what it shows"], rows);
}

export function promptsTable(): string {
  const rows = PROMPTS.map(({ name, arguments: args, description, tools }) => [
    code(name),
    args.map((one) => `${code(one.name)}${one.required ? "" : " (optional)"}: ${one.description}`).join("; "),
    description,
    tools.map(code).join(" "),
  ]);
  return table(["prompt", "arguments", "what it does", "uses"], rows);
}

/** What each set costs as the whole of tools/list, in tokens of four bytes. */
export function toolsetsTable(): string {
  const rows = TOOLSETS.map((set) => {
    const tools = toolsFor({ kind: "operator" }, toolsIn(set)).map((tool) => toolEntry(tool, "operator"));
    const names = set === "full" ? `all ${tools.length} of the operator's` : tools.map(({ name }) => code(name)).join(" ");
    return [code(set), names, String(Math.ceil(Buffer.byteLength(JSON.stringify({ tools })) / 4))];
  });
  return table(["toolset", "tools", "tokens"], rows);
}
