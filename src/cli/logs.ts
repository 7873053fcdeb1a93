/** `skep logs [swarm]`: what happened, one line per event worth telling. */
import { inline } from "../domain/foreign.ts";
import { type Commit, interruption, linesOf, news } from "./follow/news.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

export const run = command<Common & { follow?: true }>("logs", {
  args: [["[swarm]", "its id; the live one, else the newest, when left out"]],
  options: [["--follow", "go on until the swarm has ended"], PROJECT, JSON_OUT],
  examples: ["skep logs", "skep logs --follow", "skep logs s-7k2m9q --json"],
  act([named], { project, json, follow }) {
    if (json && follow) throw new UsageError("--json prints one object, so it cannot follow", "skep logs --json, or skep logs --follow");
    return withDesk({ project, acts: false }, async (desk) => {
      const swarm = await desk.swarm(named);
      const past = await swarm.events(0);
      if (json) {
        const events = past.flatMap(({ seq, at, by, events: list }) => list.map((event) => ({ seq, at, by, ...event })));
        desk.terminal.print(jsonText({ swarm: swarm.id, events }));
        return EXIT.ok;
      }
      const show = (commit: Commit): void => {
        const time = desk.terminal.paint("dim", clockTime(commit.at));
        for (const line of linesOf(commit)) desk.terminal.print(`${time} ${inline(line, 400)}`);
      };
      past.forEach(show);
      if (!follow) return EXIT.ok;
      const { signal, stop } = interruption();
      try {
        for await (const commit of news(swarm, { after: past.at(-1)?.seq ?? 0, signal, needHost: desk.needHost })) show(commit);
      } finally {
        stop();
      }
      return EXIT.ok;
    });
  },
});

const clockTime = (at: number): string => new Date(at).toISOString().slice(11, 19);
