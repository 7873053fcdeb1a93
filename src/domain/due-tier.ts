/** Whether the time of a tier has come for a session, and its trouble in words. */
import { idleStep } from "./idle-turns.ts";
import { jobState } from "./job.ts";
import type { Session, State } from "./model.ts";
import type { Because, DueTier } from "./supervision.ts";

/** @param reached whether a time has come; it remembers those that have not. */
export function dueTier(state: Readonly<State>, session: Readonly<Session>, reached: (time: number) => boolean): DueTier | null {
  const { watch } = session;
  if (watch.turns && idleStep(state, session)) return { because: "turns", tier: watch.turns.count };
  if (!isWatched(state, session)) return null;
  const { tiers, loop } = state.limits.supervision;
  const row = watch.loop && tiers[watch.loop.tiers];
  if (watch.loop && row && watch.loop.times >= Math.max(row.after * loop, watch.loop.again))
    return { because: "loop", tier: watch.loop.tiers };
  const at = silenceLookAt(state, session);
  return at !== null && reached(at) ? { because: "silence", tier: watch.silence } : null;
}

/** When a silent session is looked at next; null: not for its silence. */
export function silenceLookAt(state: Readonly<State>, session: Readonly<Session>): number | null {
  const { watch, seenAt } = session;
  const { tiers, stallMs } = state.limits.supervision;
  const next = tiers[watch.silence];
  return next && isWatched(state, session) ? Math.max(seenAt + next.after * stallMs, watch.againAt) : null;
}

/** Only a running turn can be stuck; one that waits for others, for its provider or for a person is not. */
function isWatched(state: Readonly<State>, session: Readonly<Session>): boolean {
  if (session.status !== "live" || session.epoch !== state.epoch || session.turn !== "running") return false;
  if (session.retrying || session.person || session.watch.probe) return false;
  return jobState(state, session) !== "waiting";
}

/** In words: how long it is silent, or what it repeats. */
export function troubleOf(because: Because, { seenAt, watch }: Pick<Session, "seenAt" | "watch">, now: number): string {
  if (because === "loop" && watch.loop) return `called ${watch.loop.tool} with the same arguments ${watch.loop.times} times in a row`;
  return `silent for ${span(now - seenAt)}`;
}

const MINUTE = 60_000;
/** A time that has passed, as people say it. */
export function span(ms: number): string {
  const [amount, unit] = ms < 2 * MINUTE ? [Math.round(ms / 1000), "second"] : [Math.round(ms / MINUTE), "minute"];
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}
