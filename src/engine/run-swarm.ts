/** One engine at work on one swarm: its world, its sessions, its post. Started by the host that took the lease. */
import path from "node:path";
import type { EngineCommand } from "../domain/commands.ts";
import type { Effect } from "../domain/effects.ts";
import { userPerson } from "../git/identity.ts";
import { inBackground } from "../git/starter.ts";
import { ensureWorktree } from "../git/worktree.ts";
import { DayWatch } from "./day-watch.ts";
import type { EffectHandler, Outcome, World } from "./effects/effect.ts";
import { EFFECTS } from "./effects/index.ts";
import { Engine } from "./engine.ts";
import type { RunSwarm } from "./host/context.ts";
import { IdleWatch } from "./idle-watch.ts";
import { endLeftovers } from "./leftovers.ts";
import { LiveSessions } from "./live-sessions.ts";
import { Postman } from "./postman.ts";
import { Reaper } from "./reaper.ts";
import { settingsOf } from "./settings.ts";
import { makeStateFolder } from "./state-folder.ts";
import { Transcripts, transcriptFolder } from "./transcript/writer.ts";
import { worktreePlace } from "./worktree-places.ts";

/** Pipe-driven CLIs end when their stdin closes; this is how long they get before they are ended. */
const HOST_STOP_MS = 1_000;

export const runSwarm: RunSwarm = async ({ handle, epoch, host }) => {
  const settings = await settingsOf(handle);
  const repo = { root: host.project.root, commonDir: path.dirname(host.project.home) };
  const submit = (command: EngineCommand): Promise<unknown> => handle.submit(command, { kind: "engine", epoch });
  const { clock, logger } = host;
  const { stallMs, loop } = handle.state.limits.supervision;
  const sessions = new LiveSessions({ clock, logger, stallMs, loop, submit, keep: (text) => handle.keep(text) });
  const transcripts = new Transcripts({ folder: transcriptFolder(host.project.home, handle.id), clock, logger });
  const stopping = new AbortController();
  const place = (seat: string): string => worktreePlace(settings.config.worktree.root, host.project.home, handle.id, seat);
  const world: World = {
    swarm: handle,
    epoch,
    host,
    settings,
    repo,
    committer: await userPerson(repo.root),
    sessions,
    transcripts,
    place,
    worktree: async (seat) => {
      if (settings.config.worktree.root === null) makeStateFolder();
      return (await ensureWorktree(repo, place(seat), handle.state.tip || handle.state.base)).worktree;
    },
    signal: stopping.signal,
  };
  const work = (effect: Effect): Promise<Outcome> => (EFFECTS[effect.kind] as EffectHandler<Effect["kind"]>)(effect as never, world);
  // An agent waits for the commit of its submission; nobody waits for the others.
  const perform = (effect: Effect): Promise<Outcome> =>
    effect.kind === "commit_submission" ? work(effect) : inBackground(() => work(effect));
  const engine = new Engine({ handle, epoch, clock, logger, perform, observe: host.observe });
  const wakeQueen = (letter: { readonly id: string }): Promise<unknown> =>
    submit({ type: "wake_queen", reason: { what: "mail", id: letter.id } });
  const postman = new Postman({ swarm: handle, sessions, logger, clock, wakeQueen });
  const days = new DayWatch({ swarm: handle, project: host.project, clock, logger, submit });
  const reaper = new Reaper({ swarm: handle, clock, logger, submit });
  const idle = new IdleWatch({ swarm: handle, clock, logger, submit });
  await endLeftovers(handle.id, host);
  engine.start();
  postman.start();
  days.start();
  reaper.start();
  idle.start();
  return {
    async stop() {
      stopping.abort();
      // Sessions last: an effect that still ends may have started one.
      await Promise.all([engine.stop(), postman.stop(), days.stop(), reaper.stop(), idle.stop()]);
      await sessions.close(HOST_STOP_MS);
      await transcripts.flush();
    },
    drain: () => engine.drain(),
  };
};
