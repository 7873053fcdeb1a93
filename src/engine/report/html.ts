/** A report as one HTML page: no script, nothing from elsewhere, light or dark as the reader has it, and fit to be printed. */
import { visible } from "../../domain/foreign.ts";
import type { Block, Document, Line, Span } from "./document.ts";
import { STYLE } from "./style.ts";

/** Were anything to slip through, the page may load and run nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function html({ title, lead, sections, foot }: Document): string {
  const body = [
    `<header><h1>${plain(title)}</h1>`,
    ...lead.map(blockText),
    "</header>",
    ...sections.map((section) => `<section><h2>${plain(section.title)}</h2>\n${section.blocks.map(blockText).join("\n")}\n</section>`),
    `<footer>${plain(foot)}</footer>`,
  ];
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${plain(title)}</title>`,
    `<style>\n${STYLE}</style>`,
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.join("\n")}\n</head>\n<body>\n<main>\n${body.join("\n")}\n</main>\n</body>\n</html>\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "text":
      return `<p>${lineText(block.line)}</p>`;
    case "list":
      return `<ul>\n${block.items.map(({ line, below }) => `<li>${lineText(line)}${sublist(below)}</li>`).join("\n")}\n</ul>`;
    case "table":
      return tableText(block);
    case "bars":
      return `<div class="bars">\n${block.rows.map(barRow).join("\n")}\n</div>`;
    default: {
      const never: never = block;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

const sublist = (lines: readonly Line[]): string =>
  lines.length === 0 ? "" : `<ul>${lines.map((line) => `<li>${lineText(line)}</li>`).join("")}</ul>`;

function tableText({ head, rows, right }: Extract<Block, { kind: "table" }>): string {
  const kind = (column: number): string => (column >= head.length - right ? ' class="n"' : "");
  const titles = head.map((title, column) => `<th scope="col"${kind(column)}>${plain(title)}</th>`).join("");
  const lines = rows.map((row) => `<tr>${row.map((cell, column) => `<td${kind(column)}>${lineText(cell)}</td>`).join("")}</tr>`);
  return `<div class="wide"><table>\n<thead><tr>${titles}</tr></thead>\n<tbody>\n${lines.join("\n")}\n</tbody>\n</table></div>`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

function barRow({ label, bars }: Extract<Block, { kind: "bars" }>["rows"][number]): string {
  const marks = bars.map(
    ({ from, to, tone, about }) =>
      `<i class="${tone}" style="left:${percent(from)};width:${percent(to - from)}" title="${plain(about)}"></i>`,
  );
  return `<div><b>${plain(label)}</b><span>${marks.join("")}</span></div>`;
}

const lineText = (line: Line): string => line.map(spanText).join("");

function spanText(span: Span): string {
  if (typeof span === "string") return plain(span);
  return "bold" in span ? `<strong>${plain(span.bold)}</strong>` : `<code>${plain(span.code)}</code>`;
}

const SIGNS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text that stays text, in an element as in a quoted attribute. */
export const plain = (text: string): string => visible(text).replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
