/** What happened in a swarm as lines worth telling, oldest first. */
import { eventLine } from "../domain/feed.ts";
import type { SwarmHandle } from "../engine/api.ts";

export async function linesAfter(swarm: SwarmHandle, after: number): Promise<readonly { readonly seq: number; readonly line: string }[]> {
  const commits = await swarm.events(after);
  return commits
    .flatMap(({ seq, events }) => events.flatMap((event) => ({ seq, line: eventLine(event) ?? "" })))
    .filter(({ line }) => line !== "");
}

/** The last so many of them as one text. */
export async function feedOf(swarm: SwarmHandle, most: number): Promise<string> {
  const lines = (await linesAfter(swarm, 0)).map(({ line }) => line);
  const shown = lines.slice(-most);
  const cut = lines.length > most ? [`[${lines.length - most} earlier lines left out; \`skep logs\` in a terminal shows all]`] : [];
  return `${[...cut, ...shown].join("\n")}\n`;
}
