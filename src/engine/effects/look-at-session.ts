import { type Clock, sleep } from "../../base/clock.ts";
import { describeError } from "../../base/errors.ts";
import type { SeatId, SessionId } from "../../base/ids.ts";
import { mintUuid } from "../../base/ids.ts";
import type { Session } from "../../domain/model.ts";
import type { DueTier } from "../../domain/supervision.ts";
import { type Changed, lastChange } from "../../git/last-change.ts";
import { isSame } from "../../proc/identity.ts";
import { toolTime } from "../../proc/tool-time.ts";
import type { Running } from "../live-sessions.ts";
import { stuckMessage } from "../session-texts.ts";
import { type EffectHandler, owed, type World } from "./effect.ts";

/**
 * Looks once at a session whose turn shows nothing: is its process there, what did it say last, do its files change. Then
 * the word that the tier asks for is handed into the running turn, where its CLI takes one.
 */
export const lookAtSession: EffectHandler<"look_at_session"> = async ({ session: id, seat, run, due }, world) => {
  const { swarm, sessions, host } = world;
  const session = owed(swarm.state.sessions.get(id));
  const running = sessions.get(id);
  const { proc } = session;
  const { machine, boot } = host.holder;
  const here = proc?.machine === machine && proc.boot === boot;
  if (!running && here && proc && !isSame(proc.pid, proc.start))
    return { record: { type: "record_session_end", session: id, run, why: "its process is gone", output: null } };
  const { changed, seen } = await filesOf(seat, world);
  const files = { at: changed, by: "files" } as const;
  // A loop is work by every other sign: only changed files show that something comes of it.
  // So are turns one after the other.
  const active = due.because !== "silence" ? newest([files]) : newest([...(await signsOf(session, running, here, world)), files]);
  const readable = seen && (due.because === "turns" || running?.watchable === true);
  const reachable = running?.live.can.steer === true;
  return {
    record: { type: "record_look", session: id, run, because: due.because, tier: due.tier, active, readable, reachable },
    afterwards: async (accepted) => {
      if (accepted && running && reachable && wasNudged(id, due, world))
        void running.live.deliver(await stuckMessage(id, due.because === "turns" ? "idle" : "stalled", world), mintUuid(), "next");
    },
  };
};

async function filesOf(seat: SeatId, world: World): Promise<Changed> {
  try {
    return await lastChange(await world.worktree(seat));
  } catch (error) {
    world.host.logger.warn({ seat, error: describeError(error) }, "its files cannot be looked at");
    return { changed: null, seen: false };
  }
}

/** What it said last, and what its tools do now. */
async function signsOf(session: Session, running: Running | undefined, here: boolean, world: World): Promise<readonly Seen[]> {
  if (!running) return [];
  const { id, proc, seenAt } = session;
  const atWork = here && proc !== null && (await toolsWork(running, proc.pid, seenAt, world));
  return [
    { at: world.sessions.workAt(id), by: "events" },
    { at: atWork ? world.host.clock.now() : null, by: "tools" },
  ];
}

interface Sign {
  readonly at: number;
  readonly by: "events" | "files" | "tools";
}

type Seen = Pick<Sign, "by"> & { readonly at: number | null };

/** Of two at one moment the first counts. */
function newest(signs: readonly Seen[]): Sign | null {
  const seen = signs.flatMap(({ at, by }) => (at === null ? [] : [{ at, by }]));
  return seen.reduce<Sign | null>((best, sign) => (best !== null && best.at >= sign.at ? best : sign), null);
}

/** What the tools of a session had used when it was last looked at. */
const looked = new WeakMap<Running, Used>();
interface Used {
  readonly at: number;
  readonly ms: number;
}
/** Share of a core below which a tool only waits, as a watcher does. */
const AT_WORK = 0.02;
const SAMPLE_MS = 2_000;

/**
 * Whether its tools compute: a test run that prints nothing is no stall. Since the last look if that was in this stall, else
 * over a moment: what a tool used before the last sign of work says nothing of the one that runs now.
 */
async function toolsWork(running: Running, pid: number, seenAt: number, { host, signal }: World): Promise<boolean> {
  const { clock } = host;
  const last = looked.get(running);
  const before = last && last.at >= seenAt ? last : used(pid, clock);
  if (before && before !== last) await sleep(SAMPLE_MS, signal);
  const after = used(pid, clock);
  if (!before || !after) return false;
  looked.set(running, after);
  return after.ms - before.ms > AT_WORK * (after.at - before.at);
}

function used(pid: number, clock: Clock): Used | null {
  const ms = toolTime(pid);
  return ms === null ? null : { at: clock.now(), ms };
}

/** The record may say that it works after all, or that only others are told. */
function wasNudged(id: SessionId, { because, tier }: DueTier, { swarm }: World): boolean {
  const { tiers } = swarm.state.limits.supervision;
  const session = swarm.state.sessions.get(id);
  const watch = session?.watch;
  // An idle one is owed the word as a turn.
  if (because === "turns") return watch?.turns?.told === tier && session?.turn === "running";
  const reached = because === "silence" ? watch?.silence : watch?.loop?.tiers;
  return reached === tier + 1 && tiers[tier]?.do === "nudge";
}
