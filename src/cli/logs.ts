/** `skep logs [swarm | agent]`: what happened in a swarm, one line per event worth telling; or the transcript of an agent. */
import { escaped, quote, SkepError } from "../base/errors.ts";
import { asId, type SeatId, type SessionId } from "../base/ids.ts";
import { inline, listed } from "../domain/foreign.ts";
import type { LiveSwarm } from "../engine/host/context.ts";
import { sessionsOf } from "../engine/transcript/sessions.ts";
import { transcriptFolder } from "../engine/transcript/writer.ts";
import { agentOf } from "./follow/agent.ts";
import { type Commit, interruption, linesOf, news } from "./follow/news.ts";
import { transcriptText } from "./follow/transcript-text.ts";
import { following, type Told, transcripts } from "./follow/transcripts.ts";
import { type Common, command, PROJECT } from "./shell/command.ts";
import { type Desk, withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

interface Options extends Common {
  readonly follow?: true;
  readonly swarm?: string;
  readonly session?: string;
  readonly all?: true;
}

export const run = command<Options>("logs", {
  about:
    "Show what happened in a swarm; or, for an agent, what its newest session was told, said and did. Secrets are taken out before anything is written.",
  args: [["[name]", "a swarm's id, or an agent (dev-0); the live swarm, else the newest, when left out"]],
  options: [
    ["-f, --follow", "go on until the swarm has ended"],
    ["--swarm <id>", "the swarm of the agent, when several are live"],
    ["--session <id>", "one session of the agent, e.g. x3"],
    ["--all", "all sessions of the agent, oldest first"],
    PROJECT,
    ["--json", "print the facts as one JSON object; the transcript of an agent as one object per line"],
  ],
  examples: ["skep logs", "skep logs dev-0 -f", "skep logs dev-0 --swarm s-7k2m9q --all", "skep logs s-7k2m9q --json"],
  act([name], options) {
    const { json, follow, session } = options;
    if (json && follow && name === undefined && session === undefined) throw notFollowed();
    return withDesk({ project: options.project, acts: false }, async (desk) => {
      const { swarm, agent } = await meant(desk, name, options);
      return agent === null ? events(desk, swarm, options) : transcript(desk, swarm, agent, options);
    });
  },
});

interface Meant {
  readonly swarm: LiveSwarm;
  readonly agent: SeatId | null;
}

/** An existing swarm's id is that swarm; anything else is an agent of the swarm that is named or live. */
async function meant(desk: Desk, name: string | undefined, { swarm: named, session, all }: Options): Promise<Meant> {
  const isSwarm = name !== undefined && named === undefined && (await desk.project.swarms()).some((id) => id === name);
  const ofAgent = name !== undefined && !isSwarm;
  if (!ofAgent && (session !== undefined || all)) {
    if (session === undefined) throw new UsageError("--all is of one agent", "skep logs dev-0 --all");
    const swarm = await desk.swarm(named ?? name);
    return { swarm, agent: await ownerOf(swarm, session) };
  }
  if (!ofAgent) return { swarm: await desk.swarm(named ?? name), agent: null };
  // Only a swarm has such an id, and it is not here: that is said as for every other command.
  if (/^s-[0-9a-z]{6}$/.test(name) && named === undefined) return { swarm: await desk.swarm(name), agent: null };
  const swarm = await desk.swarm(named);
  return { swarm, agent: await agentOf(swarm, name, "skep logs") };
}

async function ownerOf(swarm: LiveSwarm, session: string): Promise<SeatId> {
  for (const { events: list } of await swarm.events(0))
    for (const event of list) if (event.type === "session_wanted" && event.session === session) return event.seat;
  throw new SkepError(
    "NO_SESSION",
    `${swarm.id} has no session ${quote(session, 40)}`,
    "skep logs <agent>, or with --all for every session",
  );
}

async function transcript(desk: Desk, swarm: LiveSwarm, agent: SeatId, { follow, session, all, json }: Options): Promise<number> {
  const { terminal, project } = desk;
  const known = await sessionsOf(swarm, agent);
  const one = session === undefined ? null : known.find((id) => id === asId<SessionId>(session));
  if (one === undefined)
    throw new SkepError(
      "NO_SESSION",
      `${agent} has no session ${quote(session ?? "", 40)}; it had ${listed(known, 20) || "none"}`,
      `skep logs ${agent}`,
    );
  if (one && follow) throw new UsageError("--session is one session, --follow goes on with the next", `skep logs ${agent} --follow`);
  const sessions = one ? [one] : all ? known : known.slice(-1);
  const show = (told: Told): void =>
    terminal.print(json ? escaped(JSON.stringify({ session: told.session, ...told.line })) : transcriptText(told, terminal));
  const folder = transcriptFolder(project.home, swarm.id);
  if (!follow) {
    let shown = 0;
    for await (const told of transcripts(folder, sessions)) {
      show(told);
      shown += 1;
    }
    if (shown === 0)
      terminal.note(`${agent} has no transcript yet${known.length === 0 ? ": it had no session" : ""}. Next: skep logs ${agent} -f`);
    return EXIT.ok;
  }
  const { signal, stop } = interruption("reads");
  try {
    for await (const told of following(swarm, { folder, agent, sessions, signal, needHost: desk.needHost })) show(told);
  } finally {
    stop();
  }
  return EXIT.ok;
}

const notFollowed = (): UsageError =>
  new UsageError("--json prints the events as one object, so it cannot follow", "skep events --follow, or skep logs --json");

async function events(desk: Desk, swarm: LiveSwarm, { json, follow }: Options): Promise<number> {
  if (json && follow) throw notFollowed();
  const past = await swarm.events(0);
  if (json) {
    const all = past.flatMap(({ seq, at, by, events: list }) => list.map((event) => ({ seq, at, by, ...event })));
    desk.terminal.print(jsonText({ swarm: swarm.id, events: all }));
    return EXIT.ok;
  }
  const show = (commit: Commit): void => {
    const time = desk.terminal.paint("dim", new Date(commit.at).toISOString().slice(11, 19));
    for (const line of linesOf(commit)) desk.terminal.print(`${time} ${inline(line, 400)}`);
  };
  past.forEach(show);
  if (!follow) return EXIT.ok;
  const { signal, stop } = interruption("reads");
  try {
    for await (const commit of news(swarm, { after: past.at(-1)?.seq ?? 0, signal, needHost: desk.needHost })) show(commit);
  } finally {
    stop();
  }
  return EXIT.ok;
}
