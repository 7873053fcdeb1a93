/**
 * A swarm in which nothing has moved for long pauses itself, and goes on with whatever next comes to it from outside. Idle is
 * what only somebody outside can end: no turn runs, nothing is owed or due, and no time that comes would bring anything.
 */
import type { Command } from "./commands.ts";
import { already, type Decision, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import type { State } from "./model.ts";
import { react } from "./react.ts";
import { idleAt, staysFor } from "./reap.ts";
import { reasons } from "./why.ts";

/** Since when nothing has moved; null: something does, time alone will move it, or this swarm never pauses itself. */
function stillSince(state: Readonly<State>, now: number): number | null {
  if (!state.limits.pauseMs || state.status !== "running") return null;
  for (const { turn, person } of state.sessions.values()) if (turn === "running" || person) return null;
  const { effects, due } = react(state, now);
  if (effects.length > 0 || due.length > 0) return null;
  // Its own running time is left out: when that is used up it stops, and nothing else.
  if (react({ ...state, ranSince: null }, now).wakeAt !== null) return null;
  for (const seat of state.seats.values()) {
    const leaves = idleAt(state, seat);
    if (leaves !== null && (now < leaves || staysFor(state, seat, now) === null)) return null;
  }
  return state.changedAt;
}

/** When it pauses itself if nothing moves until then; null: not as it stands now. */
export function pausesAt(state: Readonly<State>, now: number): number | null {
  const since = stillSince(state, now);
  return since === null ? null : since + (state.limits.pauseMs ?? 0);
}

/** Whether a word from outside has to be written down: it goes on with that, or was about to pause itself. */
export const wantsRousing = (state: Readonly<State>, now: number): boolean =>
  state.pausedBy === "itself" || stillSince(state, now) !== null;

/** Whatever the engine saw, the newest state decides. Its sessions end the regular way and are resumed when it goes on. */
export function pauseItself(state: State, now: number): Decision {
  const at = pausesAt(state, now);
  if (at === null || now < at) return already();
  const itself = { afterMs: now - state.changedAt, waits: waitsFor(state, now) };
  const asleep = [...state.sessions.values()].flatMap(({ id: session, status }): Event[] =>
    status === "live" ? [{ type: "session_ending", session, why: "the swarm paused itself", restart: "same", asleep: true }] : [],
  );
  return yes({ type: "swarm_paused", why: "itself", itself }, ...asleep);
}

function waitsFor(state: Readonly<State>, now: number): string {
  const [swarm] = reasons(state, now);
  return swarm?.of === "swarm" && state.openGates.size > 0 ? `waits for ${swarm.text}` : (swarm?.text ?? "");
}

/**
 * The operator wrote to somebody in it. Written down also when it only stands still, so that the order in the log decides
 * between a letter and the pause.
 */
export function rouse(state: State, now: number): Decision {
  if (state.pausedBy === "itself") return yes({ type: "swarm_resumed" });
  return wantsRousing(state, now) ? yes({ type: "swarm_roused" }) : already();
}

/** What gives it something to do. While a person works in a session it does not pause itself, so nothing is given back to it. */
const ROUSING: ReadonlySet<Command["type"]> = new Set(["answer_gate", "undo_task", "spawn_seat"]);

/** A swarm that paused itself goes on with the command that gives it work. The pause of a person or a budget stays. */
export function roused(state: Readonly<State>, command: Command, decision: Decision): Decision {
  if (state.pausedBy !== "itself" || !ROUSING.has(command.type) || !decision.ok || decision.events.length === 0) return decision;
  if (decision.events.some(({ type }) => type === "swarm_ended" || type === "swarm_resumed" || type === "swarm_paused")) return decision;
  return yes(...decision.events, { type: "swarm_resumed" });
}
