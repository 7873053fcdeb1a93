/** `skep stop [swarm]`: for good. What was merged can still be landed. */
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

export const run = command<Common & { why?: string }>("stop", {
  args: [["[swarm]", "its id; the only live one when left out"]],
  options: [["--why <words>", "for the record"], PROJECT, JSON_OUT],
  examples: ["skep stop", 'skep stop s-7k2m9q --why "The goal was wrong"'],
  act: ([named], { project, json, why }) =>
    withDesk({ project, acts: true }, async (desk) => {
      const swarm = await desk.swarm(named);
      const facts = await desk.call("swarm_stop", { swarm: swarm.id, ...(why === undefined ? {} : { why }) });
      const merged = await swarm.look((state) => state.byStatus.merged.size);
      const next = merged > 0 ? `skep land ${swarm.id}, if the merged work is wanted` : "nothing: no work was merged";
      desk.terminal.print(json ? jsonText(facts) : `${swarm.id} is ${facts.status}; its work is kept on its branches. Next: ${next}`);
      return EXIT.ok;
    }),
});
