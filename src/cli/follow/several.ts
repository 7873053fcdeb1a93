/** Several live swarms at a glance, those that wait for you first. */
import { inline } from "../../domain/foreign.ts";
import type { Screen, Terminal } from "../shell/terminal.ts";
import { cutTo } from "../watch/words.ts";
import { cost } from "./ending.ts";
import { nextLine, type Standing, waitsForHuman } from "./standing.ts";

const waitingFirst = (all: readonly Standing[]): readonly Standing[] =>
  [...all].sort((a, b) => Number(waitsForHuman(b)) - Number(waitsForHuman(a)) || b.view.startedAt - a.view.startedAt);

export function liveFacts(all: readonly Standing[]): Readonly<Record<string, unknown>> {
  const swarms = waitingFirst(all).map((standing) => {
    const { swarm, title, status, tasks, gates, spent } = standing.view;
    const next = nextLine(standing).replace(/^Next: /, "");
    return { swarm, title, status, tasks, spent, gates: gates.map(({ gate, title: asks }) => ({ gate, title: asks })), next };
  });
  return { swarms };
}

/** @param size null: everything, as wide as it is */
export function liveText(all: readonly Standing[], { paint }: Pick<Terminal, "paint">, size: Screen | null): string {
  const cut = (line: string): string => (size === null ? line : cutTo(line, size.columns));
  const sorted = waitingFirst(all);
  const blocks = sorted.map((standing) => {
    const { swarm, title, status, tasks, spent } = standing.view;
    const total = Object.entries(tasks).reduce((sum, [name, count]) => (name === "cancelled" ? sum : sum + count), 0);
    const progress = total === 0 ? "no plan yet" : `${tasks.merged ?? 0} of ${total} merged`;
    const head = cut(`${swarm} ${status}, ${progress}, ${cost(spent)}: ${inline(title, 200)}`).replace(swarm, paint("bold", swarm));
    const gates = standing.gates.map(({ gate, title: asks }) => paint("yellow", cut(`  ${gate} waits for you: ${inline(asks, 200)}`)));
    return [head, ...gates];
  });
  const [first] = sorted;
  const next = first === undefined ? "" : `Next: skep status ${first.view.swarm}`;
  // Its own first line, the last one, and the prompt.
  const lines = within(blocks, size === null ? Number.POSITIVE_INFINITY : size.rows - 3);
  return [`${all.length} swarms are live`, ...lines, next].join("\n");
}

/** Whole swarms as long as there is room, and how many are not shown. */
function within(blocks: readonly (readonly string[])[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const rest = blocks.length - index - 1;
    if (lines.length + block.length > room - (rest > 0 ? 1 : 0)) return [...lines, `and ${rest + 1} more: skep status --all`];
    lines.push(...block);
  }
  return lines;
}
