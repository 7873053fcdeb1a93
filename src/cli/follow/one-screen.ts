/** A swarm within one screen: what waits for you comes whole, the rest as far as there is room, and says where there is more. */
import { inline, listed } from "../../domain/foreign.ts";
import type { Screen, Terminal } from "../shell/terminal.ts";
import { cutTo, linesWithin } from "../watch/words.ts";
import { gateText } from "./gates.ts";
import { nextLine, type Standing, sentence, standingRows } from "./standing.ts";

const LABEL = 10;
/** How many lines of a part stay, however little room there is; what is not named here keeps one. In the order in which they are cut. */
const KEPT: Readonly<Record<string, number>> = { unseen: 1, "to you": 2, failing: 1, agents: 2, why: 2, tasks: 4, plan: 2 };
const LEAST_GATE = 8;

export function standingScreen(standing: Standing, { paint }: Pick<Terminal, "paint">, { columns, rows }: Screen): string {
  const { view, gates } = standing;
  const head = cutTo(`${view.swarm} ${view.status}: ${inline(view.title, 400)}`, columns);
  const end = [...sentence(standing).map((line) => cutTo(line, columns)), ...wrapped(nextLine(standing), columns)];
  // The prompt takes the last line.
  const room = rows - 1 - 1 - end.length;
  const parts = partsOf(standing, columns);
  const least = parts.reduce((all, part) => all + Math.min(part.lines.length, part.keep), 0);
  const asked = gateLines(gates, columns, Math.max(LEAST_GATE, room - least));
  const shown = cutParts(parts, room - asked.length);
  const body = shown.flatMap(({ label, lines }) =>
    lines.map((line, index) => `  ${paint("dim", (index === 0 ? label : "").padEnd(LABEL - 2))}${cutTo(line, columns - LABEL)}`),
  );
  const painted = asked.map((line) => (line.startsWith("gate ") ? paint("yellow", line) : line));
  return [head.replace(view.swarm, paint("bold", view.swarm)), ...body, ...painted, ...end].join("\n");
}

interface Part {
  readonly label: string;
  readonly lines: readonly string[];
  readonly keep: number;
}

function partsOf(standing: Standing, columns: number): readonly Part[] {
  const parts: { label: string; lines: string[]; keep: number }[] = [];
  for (const [label, text] of standingRows(standing)) {
    const last = parts.at(-1);
    if (last && (label === "" || label === last.label)) last.lines.push(text);
    else parts.push({ label, lines: [text], keep: KEPT[label] ?? 1 });
  }
  return parts.map((part) => (part.label === "agents" ? { ...part, lines: packed(together(part.lines), columns - LABEL) } : part));
}

/** `dev-0: idle` and `dev-1: idle` are one line. */
function together(lines: readonly string[]): readonly string[] {
  const byDoing = new Map<string, string[]>();
  for (const line of lines) {
    const [agent = "", ...doing] = line.split(": ");
    const same = doing.join(": ");
    byDoing.set(same, [...(byDoing.get(same) ?? []), agent]);
  }
  return [...byDoing].map(([doing, agents]) => `${listed(agents, 8)}: ${doing}`);
}

/** As many on a line as fit. */
function packed(items: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const longer = `${lines.at(-1)} · ${item}`;
    if (lines.length > 0 && cutTo(longer, columns) === longer) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}

/** What is cut first stands first in KEPT; a part that is cut says how much is missing. */
function cutParts(parts: readonly Part[], room: number): readonly Part[] {
  const cut = new Map<Part, Part>();
  let over = parts.reduce((all, { lines }) => all + lines.length, 0) - room;
  const order = Object.keys(KEPT);
  for (const part of [...parts].sort((a, b) => order.indexOf(a.label) - order.indexOf(b.label))) {
    const { lines, keep } = part;
    if (over <= 0 || lines.length <= keep) continue;
    const left = Math.max(keep, lines.length - over);
    // Agents stand several on a line.
    const missing = part.label === "agents" ? "and more" : `and ${lines.length - left + 1} more`;
    cut.set(part, { ...part, lines: [...lines.slice(0, left - 1), `${missing}: skep status --all`] });
    over -= lines.length - left;
  }
  return parts.map((part) => cut.get(part) ?? part);
}

/** The oldest question with its words and all its options; the others by their titles. */
function gateLines([first, ...others]: Standing["gates"], columns: number, room: number): readonly string[] {
  if (!first) return [];
  const titles = others.map(({ gate, title }) => cutTo(`gate ${gate}: ${inline(title, 400)}`, columns));
  const more = titles.length > 2 ? [...titles.slice(0, 1), `and ${titles.length - 1} more gates: skep status --all`] : titles;
  const plain = { paint: (_: unknown, text: string) => text };
  const whole = wrapped(gateText(first, plain), columns);
  const bare = wrapped(gateText({ ...first, words: "", context: null }, plain), columns);
  const head = bare.slice(0, 1);
  const options = bare.slice(1).filter((line) => line !== "" && !line.startsWith("|"));
  const space = room - more.length;
  if (whole.length <= space) return [...whole, ...more];
  const words = wrapped(gateText({ ...first, context: null }, plain), columns).slice(1, -options.length || undefined);
  const kept = Math.max(2, space - head.length - options.length - 1);
  const said = words.length <= kept ? words : words.slice(0, kept);
  return [...head, ...said, `| … the whole question: skep status --all`, ...options, ...more];
}

const wrapped = (text: string, columns: number): readonly string[] => linesWithin(text, columns);
