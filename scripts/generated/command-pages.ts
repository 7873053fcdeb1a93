/** Every command whole: what its `--help` says, and what its exit codes mean beside what they mean everywhere. */
import { COMMANDS, type Entry } from "../../src/cli/index.ts";
import { HELP as MCP_HELP } from "../../src/cli/mcp.ts";
import type { Exits, Run } from "../../src/cli/shell/command.ts";
import { EXIT } from "../../src/cli/shell/exit.ts";
import { code, plain, table } from "./table.ts";

export async function commandPages(): Promise<string> {
  const shown = COMMANDS.filter(({ hidden }) => !hidden);
  const pages = await Promise.all(shown.map(async (entry) => page(entry, ((await entry.load()) as { run: Partial<Run> }).run)));
  return pages.join("\n\n");
}

function page({ name, summary }: Entry, { args = [], options = [], examples, about, exits = {} }: Partial<Run>): string {
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
    ...exitLines(exits),
  ].join("\n\n");
}

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function exitLines(exits: Exits): readonly string[] {
  const said = Object.entries(exits).map(([name, text]) => `${code(String(EXIT[name as keyof Exits]))} ${text}`);
  return said.length === 0 ? [] : [`Exit codes: ${said.join(" · ")}.`];
}
