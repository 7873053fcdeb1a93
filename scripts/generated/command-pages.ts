/** Every command whole: what its `--help` says, and which exit codes it knows beside those all have. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { COMMANDS, type Entry } from "../../src/cli/index.ts";
import { HELP as MCP_HELP } from "../../src/cli/mcp.ts";
import type { Run } from "../../src/cli/shell/command.ts";
import { code, plain, table } from "./table.ts";

export async function commandPages(root: string): Promise<string> {
  const shown = COMMANDS.filter(({ hidden }) => !hidden);
  const pages = await Promise.all(shown.map(async (entry) => page(entry, ((await entry.load()) as { run: Partial<Run> }).run, root)));
  return pages.join("\n\n");
}

function page({ name, summary }: Entry, { args = [], options = [], examples, about }: Partial<Run>, root: string): string {
  const head = `## skep ${name}`;
  if (!examples) return [head, sentence(summary), fence("text", name === "mcp" ? MCP_HELP.trimEnd() : "")].join("\n\n");
  const usage = ["skep", name, ...args.map(([syntax]) => syntax), ...(options.length > 0 ? ["[options]"] : [])].join(" ");
  const rows = [...args, ...options].map(([syntax, text, many]) => [code(syntax), many ? `${text}; may be given again` : text]);
  return [
    head,
    plain(about ?? sentence(summary)),
    fence("text", usage),
    ...(rows.length > 0 ? [table(["argument, option", ""], rows)] : []),
    fence("sh", examples.join("\n")),
    ...(asksPeople(name, root) ? ["It can end with 3: a gate is open."] : []),
  ].join("\n\n");
}

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Whether a command can end with the code for an open gate: by itself, or because it goes on as `skep run`. */
function asksPeople(name: string, root: string): boolean {
  const file = path.join(root, "src/cli", `${name}.ts`);
  return /EXIT\.human|from "\.\/run\.ts"/.test(readFileSync(file, "utf8"));
}
