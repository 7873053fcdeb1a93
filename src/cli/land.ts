/** `skep land [swarm]`: the only command that touches the user's checkout. */
import { OVER } from "../domain/model.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

export const run = command<Common>("land", {
  about: "Bring the merged work of an ended swarm to your branch, by fast-forward. The only command that touches your checkout.",
  args: [["[swarm]", "its id; the newest with work to land when left out"]],
  options: [PROJECT, JSON_OUT],
  examples: ["skep land", "skep land s-7k2m9q"],
  act: ([named], { project, json }) =>
    withDesk({ project, acts: true }, async (desk) => {
      const swarm = await desk.swarm(named, ({ state }) => OVER.has(state.status) && state.byStatus.merged.size > 0);
      const facts = await desk.call("swarm_land", { swarm: swarm.id });
      const { target, sha, repeated } = facts as { target: string; sha: string; repeated?: boolean };
      const done = repeated
        ? `${target} already holds the work of ${swarm.id}`
        : `${swarm.id} is landed: ${target} is now at ${sha.slice(0, 12)}`;
      desk.terminal.print(json ? jsonText(facts) : done);
      if (!json && typeof facts.warning === "string") desk.terminal.note(facts.warning);
      return EXIT.ok;
    }),
});
