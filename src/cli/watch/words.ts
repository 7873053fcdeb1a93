/** Numbers as people read them at a glance, and foreign text as lines that draw nothing of their own. Pure. */
import { visible } from "../../domain/foreign.ts";

/** `7 s`, `3 min`, `2 h 5 min`, `4 d`: never more than nine columns. */
export function age(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
}

export const money = (usd: number): string => `$${usd.toFixed(2)}`;

export function amount(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  return tokens < 1_000_000 ? `${(tokens / 1_000).toFixed(tokens < 10_000 ? 1 : 0)}k` : `${(tokens / 1_000_000).toFixed(1)}M`;
}

export const clockTime = (at: number): string => new Date(at).toISOString().slice(11, 19);

/** Text as lines of at most `width` columns, broken between words; tabs are spaces, controls are shown and never sent. */
export const linesWithin = (text: string, width: number): readonly string[] =>
  text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).flatMap((line) => broken(visible(line.replaceAll("\t", "  ")), Math.max(8, width)));

/** At most `width` columns of one line; an ellipsis says that there was more. */
export function cutTo(line: string, width: number): string {
  const text = visible(line);
  return fitting(text, 0, width) >= text.length ? text : `${text.slice(0, fitting(text, 0, width - 1)).trimEnd()}…`;
}

/** What goes on in the next line stays marked as an agent's words when it is. The line is walked once, however long it is. */
function broken(line: string, width: number): readonly string[] {
  const lead = line.startsWith("| ") ? "| " : "  ";
  const parts: string[] = [];
  for (let from = 0; ; ) {
    const head = parts.length === 0 ? "" : lead;
    const end = fitting(line, from, width - head.length);
    if (end >= line.length) return [...parts, `${head}${line.slice(from)}`];
    const space = line.slice(from, end + 1).lastIndexOf(" ");
    // Long words are cut; so is what has a space only in its margin.
    const cut = space > (end - from) / 2 ? from + space : end;
    parts.push(`${head}${line.slice(from, cut)}`);
    from = cut;
    while (line[from] === " ") from += 1;
  }
}

/** Where the part of a line that begins at `from` ends, within `width` columns. */
function fitting(line: string, from: number, width: number): number {
  let end = from;
  for (let used = 0; end < line.length; ) {
    const sign = line.codePointAt(end) ?? 0;
    used += columnsOf(sign);
    if (used > width) break;
    end += sign > 0xffff ? 2 : 1;
  }
  return end;
}

/** At most what a terminal takes for it: signs that may be wide count as wide, so that nothing is lost at the edge. */
const columnsOf = (sign: number): number => (sign >= 0x1100 ? 2 : 1);
