/** The log as its rule says it must be read, written a second time and without the product's reader: the judge is no party. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Event } from "../../src/domain/events.ts";

export interface Line {
  readonly seq: number;
  readonly id: string;
  readonly at: number;
  readonly by: string;
  readonly command: string;
  readonly key?: string;
  readonly events: readonly Event[];
}

/** In file order the first line with the next number counts; what is no JSON was torn. */
export function readLines(folder: string | null): readonly Line[] {
  const file = folder === null ? "" : path.join(folder, "events.jsonl");
  if (!existsSync(file)) return [];
  const lines: Line[] = [];
  const whole = readFileSync(file, "utf8").split("\n").slice(0, -1);
  for (const text of whole) {
    const line = parsed(text);
    if (line?.seq === lines.length + 1) lines.push(line);
  }
  return lines;
}

function parsed(text: string): Line | null {
  try {
    return JSON.parse(text) as Line | null;
  } catch {
    return null; // a writer died within this line
  }
}

export const eventsOf = (lines: readonly Line[]): readonly Event[] => lines.flatMap(({ events }) => events);

/** How it ended, and whether everything was put away. */
export function ending(lines: readonly Line[]): { readonly status: string | null; readonly closed: boolean } {
  const events = eventsOf(lines);
  const end = events.find((event) => event.type === "swarm_ended");
  return { status: end?.type === "swarm_ended" ? end.status : null, closed: events.some(({ type }) => type === "swarm_closed") };
}
