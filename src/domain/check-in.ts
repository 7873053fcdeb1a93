/**
 * The queen looks in on a swarm that went on without her: only when something changed that nobody woke her for, and not too
 * often. When nothing happened there is no news, and so no call of a model.
 */
import { already, type Decision, yes } from "./decision.ts";
import type { EventOf } from "./events.ts";
import type { Session, State, WakeReason } from "./model.ts";
import { liveCount } from "./state.ts";

/** @param reached whether a time has come; it remembers those that have not. */
export function isCheckInDue(state: Readonly<State>, reached: (time: number) => boolean): boolean {
  if (state.solo || state.news.length === 0 || state.wake.length > 0 || state.plan.status !== "approved" || liveCount(state) === 0)
    return false;
  for (const session of state.sessions.values()) if (session.job.kind === "plan" && session.turn === "running") return false;
  // She did not make the plan of a pipeline, and has not looked at all yet.
  return reached(Math.max(state.queenAt, state.createdAt) + state.limits.supervision.checkInMs);
}

export function checkIn(state: State, now: number): Decision {
  return isCheckInDue(state, (time) => time <= now) ? yes({ type: "queen_checks_in" }) : already();
}

export function queenChecksIn(state: State, _event: EventOf<"queen_checks_in">, at: number): void {
  state.wake.push(...state.news.splice(0));
  state.queenAt = at;
}

/** A turn of hers begins. In a fresh session the whole picture is before her, and what came before is no news. */
export function queenLooks(state: State, { job }: Readonly<Session>, at: number, { fresh }: { readonly fresh: boolean }): void {
  if (job.kind !== "plan") return;
  if (fresh) state.news = [];
  state.queenAt = at;
}

/** Told at her next check-in. */
export function tellQueen(state: State, reason: WakeReason): void {
  if (state.solo || state.news.some(({ what, id }) => what === reason.what && id === reason.id)) return;
  state.news.push(reason);
}
