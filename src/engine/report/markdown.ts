/** A report as Markdown. Whatever agents wrote is escaped: it makes no markup, no cell, no link and no HTML. */
import { visible } from "../../domain/foreign.ts";
import type { Block, Document, Line, Span } from "./document.ts";

export function markdown({ title, lead, sections, foot }: Document): string {
  const parts = [
    `# ${plain(title)}`,
    ...blockTexts(lead),
    ...sections.flatMap(({ title, blocks }) => [`## ${title}`, ...blockTexts(blocks)]),
    `*${plain(foot)}*`,
  ];
  return `${parts.join("\n\n")}\n`;
}

const blockTexts = (blocks: readonly Block[]): readonly string[] => blocks.flatMap((block) => blockText(block) ?? []);

function blockText(block: Block): string | null {
  switch (block.kind) {
    case "text":
      return lineText(block.line);
    case "list":
      return block.items
        .map(({ line, below }) => [`- ${lineText(line)}`, ...below.map((one) => `  - ${lineText(one)}`)].join("\n"))
        .join("\n");
    case "table": {
      const { head, rows, right } = block;
      const rule = head.map((_, column) => (column >= head.length - right ? "--:" : "---"));
      return [head, rule, ...rows.map((row) => row.map(lineText))].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
    }
    case "bars":
      return null; // the attempts below say it in words
    default: {
      const never: never = block;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

const lineText = (line: Line): string => line.map(spanText).join("");

function spanText(span: Span): string {
  if (typeof span === "string") return plain(span);
  return "bold" in span ? `**${plain(span.bold)}**` : code(span.code);
}

/** One line of text that reads as itself: signs of Markdown are escaped, also those that count only where a line begins. */
export function plain(text: string): string {
  return visible(text)
    .replace(/[\r\n\t\v\f\u0085\u2028\u2029]+/g, " ")
    .replace(/[\\`*[\]<>|~]|&(?=[#\w])/g, "\\$&")
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\_")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/www(?=\.)/gi, "$&\\")
    .replace(/^(\s*)([-+=#])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/, "$1\\$2");
}

/** A bar would end the cell of a table, escaped or not as readers differ: then it is ordinary text. */
function code(text: string): string {
  if (text.includes("|")) return plain(text);
  const line = visible(text).replace(/\s+/g, " ");
  const fence = "`".repeat(1 + Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)));
  return fence.length === 1 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}
