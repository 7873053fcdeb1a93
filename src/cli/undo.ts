/** `skep undo <task>`: takes one merged task back out of the integration branch. */
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

interface Facts extends Record<string, unknown> {
  readonly status: string;
  readonly undone: readonly string[];
  readonly tip: string;
  readonly repeated?: boolean;
}

export const run = command<Common & { swarm?: string; why?: string; drop?: true }>("undo", {
  about:
    "Take a merged task back out of the integration branch, with all merged work that came after it: one revert commit each, none when later work stands on the same files. In a live swarm these tasks are done again. Your checkout is not touched.",
  args: [["<task>", "its id, as `skep status` shows it"]],
  options: [
    ["--swarm <id>", "the only live one when left out, else the newest with merged work"],
    ["--why <words>", "what was wrong; the next attempt reads it"],
    ["--drop", "cancel it, and what came after it, instead of doing it again"],
    PROJECT,
    JSON_OUT,
  ],
  examples: ["skep undo t3", 'skep undo t3 --why "It breaks the old export"', "skep undo t3 --drop --swarm s-7k2m9q"],
  act: ([task], { project, json, swarm: named, why, drop }) =>
    withDesk({ project, acts: true }, async (desk) => {
      const swarm = await desk.swarm(named, ({ state }) => state.byStatus.merged.size > 0);
      const wish = { swarm: swarm.id, task, ...(why === undefined ? {} : { why }), ...(drop ? { drop } : {}) };
      const facts = (await desk.call("task_undo", wish)) as Facts;
      desk.terminal.print(json ? jsonText(facts) : told(task ?? "", facts));
      return EXIT.ok;
    }),
});

function told(task: string, { status, undone, tip, repeated }: Facts): string {
  if (repeated) return `${task} was undone before; it is ${status}`;
  if (undone.length === 0) return `${task} is being undone. Next: skep watch`;
  const others = undone.filter((id) => id !== task);
  return `${task}${others.length > 0 ? ` and ${others.join(", ")}, which came after it,` : ""} ${undone.length === 1 ? "is" : "are"} undone; ${task} is ${status}, the branch is at ${tip.slice(0, 12)}`;
}
