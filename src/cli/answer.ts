/** `skep answer <gate> <answer>` */
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

export const run = command<Common & { swarm?: string }>("answer", {
  args: [
    ["<gate>", "its id, as `skep status` shows it"],
    ["<answer...>", "your words, or one of its options"],
  ],
  options: [["--swarm <id>", "when several are live"], PROJECT, JSON_OUT],
  examples: ["skep answer g1 yes", 'skep answer g2 "Keep the old field, mark it deprecated"'],
  act: ([gate, answer], { project, json, swarm }) =>
    withDesk({ project, acts: true }, async ({ call, terminal }) => {
      const facts = await call("gate_answer", { gate, answer, ...(swarm === undefined ? {} : { swarm }) });
      terminal.print(json ? jsonText(facts) : `${gate} is answered${facts.repeated ? " (it was before)" : ""}. Next: skep watch`);
      return EXIT.ok;
    }),
});
