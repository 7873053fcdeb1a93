/** `skep pause [swarm]` */
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

export const run = command<Common>("pause", {
  args: [["[swarm]", "its id; the only live one when left out"]],
  options: [PROJECT, JSON_OUT],
  examples: ["skep pause", "skep pause s-7k2m9q"],
  act: ([named], { project, json }) =>
    withDesk({ project, acts: true }, async (desk) => {
      const swarm = await desk.swarm(named);
      const facts = await desk.call("swarm_pause", { swarm: swarm.id });
      desk.terminal.print(
        json ? jsonText(facts) : `${swarm.id} is ${facts.status}: turns that run may end, none starts. Next: skep resume`,
      );
      return EXIT.ok;
    }),
});
