/** `skep resume [swarm]` */
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

export const run = command<Common>("resume", {
  args: [["[swarm]", "its id; the only live one when left out"]],
  options: [PROJECT, JSON_OUT],
  examples: ["skep resume", "skep resume s-7k2m9q"],
  act: ([named], { project, json }) =>
    withDesk({ project, acts: true }, async (desk) => {
      const swarm = await desk.swarm(named);
      const facts = await desk.call("swarm_resume", { swarm: swarm.id });
      desk.terminal.print(json ? jsonText(facts) : `${swarm.id} is ${facts.status}. Next: skep watch`);
      return EXIT.ok;
    }),
});
