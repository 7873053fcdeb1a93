/** `skep watch [swarm]`: a swarm on the whole screen, with keys to act; as lines where nothing can be drawn. */
import type { ReadStream, WriteStream } from "node:tty";
import type { LiveSwarm } from "../engine/host/context.ts";
import { interruption, linesOf, news } from "./follow/news.ts";
import { planLines } from "./follow/outlook.ts";
import { standingOf, standingText, waitsForHuman } from "./follow/standing.ts";
import { type Common, command, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";

export const run = command<Common>("watch", {
  about:
    "See a swarm on the whole screen: its goal and waves, the team, the board, mail, what waits and why, and its questions, which can be answered there. Leaving it changes nothing: the swarm goes on. Where stdout is no terminal its news is printed line by line, to the end of the swarm.",
  args: [["[swarm]", "its id; the live one, else the newest, when left out"]],
  options: [PROJECT],
  examples: ["skep watch", "skep watch s-7k2m9q", "skep watch | tee swarm.log"],
  exits: { human: "a gate is open: the swarm waits for you" },
  act: ([named], { project }) =>
    withDesk({ project, acts: false }, async (desk) => {
      const swarm = await desk.swarm(named);
      const drawn = desk.terminal.screen && process.stdin.isTTY;
      // What draws puts the terminal in order again before it ends.
      const { signal, stop } = interruption(drawn ? "waits" : "reads");
      try {
        await (drawn ? view(desk, swarm, signal) : lines(desk, swarm, signal));
      } finally {
        stop();
      }
      return waitsForHuman(await standingOf(swarm, desk.project)) ? EXIT.human : EXIT.ok;
    }),
});

/** What draws is loaded here alone: no other command pays for it. */
async function view(desk: Desk, swarm: LiveSwarm, signal: AbortSignal): Promise<void> {
  const { showView } = await import("./watch/view.ts");
  const { terminal } = desk;
  const streams = { stdin: process.stdin as ReadStream, stdout: process.stdout as WriteStream & { fd: 1 } };
  await showView({ desk, swarm, signal, ...streams, coloured: terminal.coloured });
  const { id, status } = await swarm.look((state) => ({ id: state.id, status: state.status }));
  terminal.print(`${id} is ${status}. Next: skep watch ${id}, or skep status ${id}`);
}

async function lines(desk: Desk, swarm: LiveSwarm, signal: AbortSignal): Promise<void> {
  const { terminal } = desk;
  const draw = async (): Promise<void> => terminal.print(standingText(await standingOf(swarm, desk.project), terminal));
  await draw();
  const after = await swarm.look((state) => state.seq);
  for await (const commit of news(swarm, { after, signal, needHost: desk.needHost }))
    for (const line of [...linesOf(commit), ...(await planLines(swarm, commit))]) terminal.print(line);
  if (!signal.aborted) await draw();
}
