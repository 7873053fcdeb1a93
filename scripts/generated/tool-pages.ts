/** Every tool whole, as its caller sees it: arguments with their limits, the answer, its own refusals, one call. */
import { type Audience, EVERYONE, type ToolSpec } from "../../src/tools/define-tool.ts";
import { TOOLS } from "../../src/tools/index.ts";
import { toolEntry } from "../../src/tools/json-schema.ts";
import type { Refusals } from "./refusals.ts";
import { fieldsOf, type Schema, typeOf } from "./schema-words.ts";
import { code, plain, table } from "./table.ts";
import { EXAMPLES } from "./tool-examples.ts";

/** What a call of any tool may be refused with; said once, above them. */
const ANY =
  /^(BAD_ID|BAD_INPUT|NO_PROJECT|NOT_ALLOWED|FOREIGN_SWARM|NO_SWARM|WHICH_SWARM|SESSION_ENDED|NO_GIT|WORKTREE_LINK|RECORD_DAMAGED|(STORE|GIT)_.*)$/;

export const operatorTools = (refusals: Refusals): string => pages(refusals, ({ audience }) => audience.includes("operator"), "operator");
export const agentTools = (refusals: Refusals): string =>
  pages(refusals, ({ audience }) => audience.some((one) => one !== "operator"), "worker");

function pages(refusals: Refusals, shown: (tool: ToolSpec) => boolean, as: Audience): string {
  return TOOLS.filter(shown)
    .map((tool) => page(tool, as, refusals))
    .join("\n\n");
}

function page(tool: ToolSpec, as: Audience, refusals: Refusals): string {
  const { name, title, description, inputSchema, outputSchema } = toolEntry(tool, as);
  const example = EXAMPLES[name as keyof typeof EXAMPLES];
  const { success, error } = tool.input.safeParse(example);
  if (!success) throw new Error(`the example of ${name} is none: ${error.message}`);
  const own = refusals.of(`src/tools/${name.replaceAll("_", "-")}.ts`).filter((one) => !ANY.test(one));
  const agents = EVERYONE.filter((one) => one !== "operator" && tool.audience.includes(one));
  const whose = as === "operator" ? "" : `; for ${agents.join(", ")}`;
  return [
    `## ${name}`,
    `**${title}** (${tool.kind}${whose}). ${plain(description)}`,
    args(inputSchema as Schema),
    `\`\`\`json\n${JSON.stringify({ name, arguments: example }, null, 2)}\n\`\`\``,
    outputSchema ? `Answers with:\n\n\`\`\`ts\n${typeOf(outputSchema as Schema)}\n\`\`\`` : "Answers with text.",
    ...(own.length > 0 ? [`Refused with ${own.map(code).join(", ")}.`] : []),
  ].join("\n\n");
}

function args(schema: Schema): string {
  const rows = fieldsOf(schema).map(({ name, type, needed, about }) => [code(name), needed ? type : `${type}; optional`, about]);
  return rows.length === 0 ? "It takes no arguments." : table(["argument", "value", ""], rows);
}
