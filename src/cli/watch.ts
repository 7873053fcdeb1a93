/** `skep watch [swarm]`: where it stands, drawn again with everything that happens; as lines where nothing can be drawn. */
import { interruption, linesOf, news } from "./follow/news.ts";
import { standingOf, standingText, waitsForHuman } from "./follow/standing.ts";
import { type Common, command, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";

const CLEAR = "\u001b[H\u001b[2J";
const LAST_LINES = 12;

export const run = command<Common>("watch", {
  about: "Follow a swarm to its end. Watching changes nothing; Ctrl-C ends the watching alone.",
  args: [["[swarm]", "its id; the live one, else the newest, when left out"]],
  options: [PROJECT],
  examples: ["skep watch", "skep watch s-7k2m9q"],
  act: ([named], { project }) =>
    withDesk({ project, acts: false }, async (desk) => {
      const { terminal } = desk;
      const swarm = await desk.swarm(named);
      const lines: string[] = [];
      const draw = async (): Promise<void> => {
        const text = standingText(await standingOf(swarm, desk.project), terminal);
        terminal.print(terminal.screen ? [`${CLEAR}${text}`, "", ...lines.slice(-LAST_LINES)].join("\n") : text);
      };
      await draw();
      const { signal, stop } = interruption();
      try {
        const after = await swarm.look((state) => state.seq);
        for await (const commit of news(swarm, { after, signal, needHost: desk.needHost })) {
          const told = linesOf(commit);
          if (told.length === 0) continue;
          lines.push(...told);
          if (terminal.screen) await draw();
          else for (const line of told) terminal.print(line);
        }
      } finally {
        stop();
      }
      if (!terminal.screen && !signal.aborted) await draw();
      return waitsForHuman(await standingOf(swarm, desk.project)) ? EXIT.human : EXIT.ok;
    }),
});
