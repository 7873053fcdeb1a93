/** `skep status [swarm]` */
import type { LiveSwarm } from "../engine/host/context.ts";
import { standingScreen } from "./follow/one-screen.ts";
import { liveFacts, liveText } from "./follow/several.ts";
import { standingFacts, standingOf, standingText, waitsForHuman } from "./follow/standing.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

interface Options extends Common {
  readonly all?: true;
}

export const run = command<Options>("status", {
  about:
    "Show where a swarm stands, in one screen: plan, tasks, agents, what waits for you, what does not move and why, what it cost, and what to do next. Several live swarms are a line or two each.",
  args: [["[swarm]", "its id; the live one, else the newest, when left out"]],
  options: [["--all", "everything, also what does not fit the screen"], PROJECT, JSON_OUT],
  examples: ["skep status", "skep status s-7k2m9q --json"],
  exits: { human: "a gate is open: the swarm waits for you" },
  act: ([named], options) =>
    withDesk({ project: options.project, acts: false }, async (desk) => {
      const live = named === undefined ? await desk.live() : [];
      return live.length > 1 ? several(desk, live, options) : one(desk, await desk.swarm(named), options);
    }),
});

async function one({ project, terminal }: Desk, swarm: LiveSwarm, { json, all }: Options): Promise<number> {
  const standing = await standingOf(swarm, project);
  const { size } = terminal;
  if (json) terminal.print(jsonText(standingFacts(standing)));
  else terminal.print(size === null || all ? standingText(standing, terminal) : standingScreen(standing, terminal, size));
  return waitsForHuman(standing) ? EXIT.human : EXIT.ok;
}

async function several({ project, terminal }: Desk, live: readonly LiveSwarm[], { json, all }: Options): Promise<number> {
  const standings = await Promise.all(live.map((swarm) => standingOf(swarm, project)));
  terminal.print(json ? jsonText(liveFacts(standings)) : liveText(standings, terminal, all ? null : terminal.size));
  return standings.some(waitsForHuman) ? EXIT.human : EXIT.ok;
}
