import type { EventOf } from "./events.ts";
import { turnsLookedAt } from "./idle-turns.ts";
import type { Session, State } from "./model.ts";
import { oweLetter } from "./operator-letter.ts";
import { wakeQueen } from "./state.ts";

/**
 * It worked: the tiers begin anew. What passed before, while it was idle, was somebody else's time: a person's, a pause, a
 * provider that rested. That is neither silence nor age.
 */
export function showsWork(session: Session, at: number): void {
  const seenAt = Math.max(session.seenAt, at);
  if (session.turn === "idle") session.startedAt += seenAt - session.seenAt;
  session.seenAt = seenAt;
  session.watch = { ...session.watch, silence: 0, againAt: 0, unknown: false };
}

export function sessionStalled(state: State, event: EventOf<"session_stalled">, at: number): void {
  const { session: id, because, tier, does, why, evidence } = event;
  const session = state.sessions.get(id);
  if (!session) return;
  const known = session.watch.turns;
  if (because === "turns") turnsLookedAt(session, event);
  const { watch } = session;
  const { tiers, stallMs, loop } = state.limits.supervision;
  // Not ended for want of evidence: the tier stays, and it is looked at again.
  const spared = because !== "turns" && tiers[tier]?.do === "end" && does !== "end";
  const toldOf = because === "turns" && known !== undefined && known.told !== null && known.looked > known.told;
  const again = toldOf || (spared && (because === "silence" ? watch.againAt > 0 : (watch.loop?.again ?? 0) > 0));
  session.watch = {
    ...watch,
    why,
    unknown: because === "turns" ? watch.unknown : evidence === "unknown",
    ...(because === "silence" ? (spared ? { againAt: at + stallMs } : { silence: tier + 1 }) : {}),
    ...(because === "loop" && watch.loop
      ? { loop: { ...watch.loop, ...(spared ? { again: watch.loop.times + loop } : { tiers: tier + 1 }) } }
      : {}),
    ...(does === "end" ? { probe: { at, because, noted: false } } : {}),
  };
  if (event.letter) oweLetter(state, session, event, at);
  const queen = state.seats.get(session.seat)?.duty === "queen";
  if (does === "warn" && !queen && !again) wakeQueen(state, { what: "stalled", id: session.seat });
}

export function sessionLooping(state: State, { session: id, tool, times }: EventOf<"session_looping">): void {
  const session = state.sessions.get(id);
  if (!session) return;
  const { watch } = session;
  const goesOn = watch.loop?.tool === tool && times > watch.loop.times;
  const loop =
    times <= 1 ? null : { tool, times, tiers: goesOn ? (watch.loop?.tiers ?? 0) : 0, again: goesOn ? (watch.loop?.again ?? 0) : 0 };
  session.watch = { ...watch, loop, loops: watch.loops + (loop && !goesOn ? 1 : 0) };
}

/** Whoever is being asked used the tool for notes: its words are not needed. */
export function answeredByTool(state: State, id: Session["id"] | null): void {
  const session = id === null ? undefined : state.sessions.get(id);
  if (session?.watch.probe) session.watch = { ...session.watch, probe: { ...session.watch.probe, noted: true } };
}
