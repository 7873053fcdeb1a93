/** The transcripts of one agent as they are written, session after session, for whoever reads them at a terminal. */
import { sleep } from "../../base/clock.ts";
import type { SeatId, SessionId } from "../../base/ids.ts";
import { OVER } from "../../domain/model.ts";
import type { SwarmHandle } from "../../engine/api.ts";
import type { Line } from "../../engine/transcript/line.ts";
import { readTranscript } from "../../engine/transcript/reader.ts";
import { sessionsOf } from "../../engine/transcript/sessions.ts";

export interface Told {
  readonly session: SessionId;
  readonly line: Line;
}

export interface TranscriptOrder {
  readonly folder: string;
  readonly agent: SeatId;
  /** Read whole, in this order; the newest goes on being read. */
  readonly sessions: readonly SessionId[];
  readonly signal: AbortSignal;
  /** Called when nothing was written for a while: makes sure that somebody works on it. Throws to end the following. */
  needHost?(): Promise<void>;
}

export async function* transcripts(folder: string, sessions: readonly SessionId[]): AsyncGenerator<Told> {
  for (const session of sessions) for (const line of (await readTranscript(folder, session)).lines) yield { session, line };
}

const LOOK_MS = 250;
const QUIET_LOOKS = 40;

/** What is there and what comes, over all later sessions of the agent, until the swarm has ended or `signal` aborts. */
export async function* following(swarm: SwarmHandle, order: TranscriptOrder): AsyncGenerator<Told> {
  const { folder, agent, signal, needHost } = order;
  const places = new Map(order.sessions.map((session) => [session, 0]));
  let seen = await swarm.look((state) => state.seq);
  for (let quiet = 0; !signal.aborted; quiet += 1) {
    // Asked first: what was written before the end is read after it.
    const { over, seq } = await swarm.look((state) => ({ over: OVER.has(state.status) && state.sessions.size === 0, seq: state.seq }));
    if (seq > seen) for (const session of await sessionsOf(swarm, agent, seen)) places.set(session, places.get(session) ?? 0);
    seen = seq;
    for (const [session, from] of places) {
      const { lines, next } = await readTranscript(folder, session, from);
      places.set(session, next);
      for (const line of lines) {
        quiet = 0;
        yield { session, line };
      }
    }
    if (over) return;
    if (quiet > 0 && quiet % QUIET_LOOKS === 0) await needHost?.();
    await sleep(LOOK_MS, signal);
  }
}
