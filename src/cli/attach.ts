/** `skep attach <agent>`: a person goes on in an agent's session, in that CLI's own terminal, and gives it back. */

import { SkepError } from "../base/errors.ts";
import { shellLine, shellWord } from "../base/shell-line.ts";
import { runForeground } from "../proc/foreground.ts";
import { attachable, giveBack, type Handed, type Place, takeOver } from "./attach/hand.ts";
import { agentOf } from "./follow/agent.ts";
import { interruption } from "./follow/news.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

interface Options extends Common {
  readonly now?: true;
  readonly back?: true;
  readonly print?: true;
  readonly swarm?: string;
}

export const run = command<Options>("attach", {
  about:
    "Work in an agent's session yourself: it is stopped at the end of its turn, its CLI opens it here, in the agent's worktree, and when you leave it the agent goes on, in the same attempt. Without a terminal the command to open it is printed.",
  args: [["<agent>", "whose session, e.g. dev-0"]],
  options: [
    ["--now", "cut the running turn instead of waiting for its end"],
    ["--print", "hand it over and print the command; give it back with --back"],
    ["--back", "give it back"],
    ["--swarm <id>", "when several are live"],
    PROJECT,
    JSON_OUT,
  ],
  examples: ["skep attach dev-0", "skep attach dev-0 --print --now", "skep attach dev-0 --back"],
  exits: { failed: "you left before the session was handed over: the agent keeps it" },
  act: ([name = ""], { project, ...options }) =>
    withDesk({ project, acts: true }, async (desk) => {
      const swarm = await desk.swarm(options.swarm);
      const agent = await agentOf(swarm, name, "skep attach");
      const place: Place = { swarm, agent, projectHome: desk.project.home, env: process.env };
      if (options.back) return back(desk, place, options);
      const handed = await waitFor(desk, place, options);
      if (handed === null) return EXIT.failed;
      if (options.print || options.json || !desk.terminal.interactive) return printed(desk, place, handed, options);
      return work(desk, place, handed);
    }),
});

async function waitFor(desk: Desk, place: Place, { now, json }: Options): Promise<Handed | null> {
  const { signal, stop } = interruption();
  try {
    const opener = await attachable(place);
    if (!json && !now) desk.terminal.note(`${place.agent} may end its turn first (--now cuts it; Ctrl-C leaves it alone)`);
    await desk.needHost();
    const handed = await takeOver(place, opener, { now: now ?? false, signal });
    if (handed === null) desk.terminal.note(`${place.agent} goes on by itself`);
    return handed;
  } finally {
    stop();
  }
}

/** The agent gets its session back, however the person's program ended. */
async function work(desk: Desk, place: Place, { argv, env, cwd, session }: Handed): Promise<number> {
  const { terminal } = desk;
  terminal.note(`${session} of ${place.agent} is yours until you leave it; its worktree is ${cwd}\n`);
  const ended = await runForeground(argv, { cwd, env: { ...process.env, ...env } });
  await giveBack(place);
  await desk.needHost();
  if (!ended.started)
    throw new SkepError(
      "ATTACH_FAILED",
      `${argv[0]} could not be started: ${ended.problem}`,
      `skep attach ${place.agent} --print, to start it by hand`,
    );
  terminal.note(`\n${session} is given back: ${place.agent} goes on with it. Follow it: skep logs ${place.agent} -f`);
  return EXIT.ok;
}

function printed(desk: Desk, { agent, swarm }: Place, { argv, env, cwd, session }: Handed, { json }: Options): number {
  const next = `skep attach ${agent} --swarm ${swarm.id} --back`;
  if (json) desk.terminal.print(jsonText({ swarm: swarm.id, agent, session, argv, env, cwd, next }));
  else {
    const variables = Object.entries(env).map(([key, value]) => `${key}=${shellWord(value)} `);
    desk.terminal.print(`cd ${shellWord(cwd)} && ${variables.join("")}${shellLine(argv)}`);
    desk.terminal.note(`${session} of ${agent} is yours: nothing is started for it. Give it back: ${next}`);
  }
  return EXIT.ok;
}

async function back(desk: Desk, place: Place, { json }: Options): Promise<number> {
  const returned = await giveBack(place);
  if (returned) await desk.needHost();
  const { agent, swarm } = place;
  if (json) desk.terminal.print(jsonText({ swarm: swarm.id, agent, returned }));
  else desk.terminal.print(returned ? `${agent} goes on with its session` : `${agent} has its session: nothing is to be given back`);
  return EXIT.ok;
}
