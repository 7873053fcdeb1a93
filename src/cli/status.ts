/** `skep status [swarm]` */
import { standingFacts, standingOf, standingText, waitsForHuman } from "./follow/standing.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

export const run = command<Common>("status", {
  about: "Show where a swarm stands: plan, tasks, agents, open gates, what does not move and why, and what to do next.",
  args: [["[swarm]", "its id; the live one, else the newest, when left out"]],
  options: [PROJECT, JSON_OUT],
  examples: ["skep status", "skep status s-7k2m9q --json"],
  exits: { human: "a gate is open: the swarm waits for you" },
  act: ([named], { project, json }) =>
    withDesk({ project, acts: false }, async (desk) => {
      const standing = await standingOf(await desk.swarm(named), desk.project);
      desk.terminal.print(json ? jsonText(standingFacts(standing)) : standingText(standing, desk.terminal));
      return waitsForHuman(standing) ? EXIT.human : EXIT.ok;
    }),
});
