/** `skep land [swarm]`: the only command that touches the user's checkout. */
import { quote } from "../base/errors.ts";
import { LAND_STRATEGIES } from "../domain/landing.ts";
import { OVER } from "../domain/model.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

interface Facts extends Record<string, unknown> {
  readonly target: string;
  readonly sha: string;
  readonly strategy: string;
  readonly url?: string;
  readonly back?: string;
  readonly repeated?: boolean;
  readonly warning?: string;
}

export const run = command<Common & { strategy?: string }>("land", {
  about:
    "Bring the merged work of an ended swarm to your branch: by fast-forward, a merge commit, one squashed commit, or a pull request (pushed, and opened with gh). The only command that touches your checkout; it says how to go back.",
  args: [["[swarm]", "its id; the newest with work to land when left out"]],
  options: [["--strategy <name>", `${LAND_STRATEGIES.join(", ")}; otherwise land.strategy of the config`], PROJECT, JSON_OUT],
  examples: ["skep land", "skep land s-7k2m9q --strategy squash", "skep land --strategy pull-request"],
  act: ([named], { project, json, strategy }) => {
    if (strategy !== undefined && !LAND_STRATEGIES.some((one) => one === strategy)) {
      throw new UsageError(`there is no strategy ${quote(strategy, 40)}`, `skep land --strategy ${LAND_STRATEGIES.join("|")}`);
    }
    return withDesk({ project, acts: true }, async (desk) => {
      const swarm = await desk.swarm(named, ({ state }) => OVER.has(state.status) && state.byStatus.merged.size > 0);
      const facts = (await desk.call("swarm_land", { swarm: swarm.id, ...(strategy ? { strategy } : {}) })) as Facts;
      desk.terminal.print(json ? jsonText(facts) : told(swarm.id, facts));
      if (!json && facts.warning !== undefined) desk.terminal.note(facts.warning);
      return EXIT.ok;
    });
  },
});

function told(swarm: string, { target, sha, strategy, url, back, repeated }: Facts): string {
  if (url !== undefined) return `${repeated ? "the work is in" : "opened"} ${url}\n${target} is as it was until that is merged`;
  if (repeated) return `${target} already holds the work of ${swarm}`;
  const how = strategy === "fast-forward" ? "" : `, as ${strategy === "merge" ? "a merge commit" : "one commit"}`;
  return `${swarm} is landed${how}: ${target} is now at ${sha.slice(0, 12)}${back === undefined ? "" : `\nTo go back: ${back}`}`;
}
