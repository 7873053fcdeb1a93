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

/** What goes on in the next line stays marked as an agent's words when it is. */
function broken(line: string, width: number): readonly string[] {
  const lead = line.startsWith("| ") ? "| " : "  ";
  const parts: string[] = [];
  let rest = line;
  for (let end = fitting(rest, width); end < rest.length; end = fitting(rest, width)) {
    const space = rest.lastIndexOf(" ", end);
    // Long words are cut; so is what has a space only in its margin.
    const cut = space > end / 2 ? space : end;
    parts.push(rest.slice(0, cut));
    rest = `${lead}${rest.slice(cut).trimStart()}`;
  }
  return [...parts, rest];
}

/** Where the part of a line ends that fits into `width` columns. */
function fitting(line: string, width: number): number {
  let used = 0;
  let end = 0;
  for (const sign of line) {
    used += columnsOf(sign);
    if (used > width) return end;
    end += sign.length;
  }
  return end;
}

/** At most what a terminal takes for it: signs that may be wide count as wide, so that nothing is lost at the edge. */
const columnsOf = (sign: string): number => ((sign.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1);
