/**
 * Turns that end without progress though the job is open. Progress is what the state or the worktree proves: the job's own verb,
 * a note that says something new, more files asked for, a page of the diff, a changed file. Words are none, and neither is mail:
 * two idle sessions can write each other for ever. A turn that failed, or after which others have to act, is not counted.
 */
import type { Command } from "./commands.ts";
import { already, type Decision, yes } from "./decision.ts";
import type { Event, EventOf } from "./events.ts";
import { jobState } from "./job.ts";
import type { Session, State } from "./model.ts";
import { sessionOf } from "./state.ts";
import { type IdleTurns, idleTurnsOf } from "./supervision.ts";

const NONE: IdleTurns = { count: 0, since: 0, moved: false, shown: false, looked: 0, told: null };

/** What is due. close: it showed nothing of its job, was reminded, and rests again. */
export type IdleStep = "nudge" | "end" | "close";

export const CLOSED = "its turns ended without finishing the job";

/** Null: nothing. Before any of them its files are looked at, once for each number of turns. */
export function idleStep(state: Readonly<State>, session: Readonly<Session>): IdleStep | null {
  const { turns } = session.watch;
  if (!turns || turns.count === 0 || turns.looked === turns.count || !isCounted(state, session)) return null;
  // What it is told next comes first: a word of ours would take its place.
  if (session.turn === "idle" && (session.owed || (session.job.kind === "plan" && state.wake.length > 0))) return null;
  if (turns.told !== null && turns.count > turns.told) return "end";
  if (turns.told === null && turns.count >= idleTurnsOf(state.limits.supervision)) return "nudge";
  return session.turn === "idle" && session.nudged && !turns.shown ? "close" : null;
}

/** Whether an end of its turn says anything about it: it is its own turn, and the next move is its own. */
function isCounted(state: Readonly<State>, session: Readonly<Session>): boolean {
  if (state.status !== "running" || session.status !== "live" || session.epoch !== state.epoch || !session.opened) return false;
  return !session.retrying && !session.person && !session.watch.probe && jobState(state, session) === "open";
}

/** The number of this turn among those without progress in a row; 0: it made some; null: not counted. */
export function idleAfter(state: Readonly<State>, session: Readonly<Session>, { ok, problem }: Of<"record_turn_ended">): number | null {
  if (!ok || problem || !isCounted(state, session)) return null;
  const { turns } = session.watch;
  return turns?.moved ? 0 : (turns?.count ?? 0) + 1;
}
type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** What was seen of its files decides: progress after all, or the step. Only one whose files could be looked at is ended. */
export function lookedAtTurns(state: State, session: Session, command: Of<"record_look">, now: number): Decision {
  const step = idleStep(state, session);
  const { turns } = session.watch;
  if (!step || !turns || turns.count !== command.tier) return already();
  const { active, readable, reachable } = command;
  const at = { session: session.id };
  if (active?.by === "files" && active.at > turns.since)
    return yes({ type: "session_seen", ...at, activeAt: Math.min(active.at, now), by: "files", progress: true });
  if (step === "close") return yes({ type: "session_ending", ...at, why: CLOSED });
  const does = step === "end" && !readable ? "warn" : step;
  const unreached = does === "nudge" && session.turn === "running" && !reachable;
  const stalled: Event = {
    ...{ type: "session_stalled", ...at, because: "turns", tier: turns.count, does, why: idleWords(turns) },
    evidence: readable ? "silent" : "unknown",
    ...(unreached ? { unreached } : {}),
  };
  const owed = does === "nudge" && session.turn === "idle";
  return yes(
    stalled,
    ...(owed ? [{ type: "turn_owed" as const, ...at, turn: { n: session.asked + 1, kind: "idle" as const, reasons: [] } }] : []),
  );
}

export const idleWords = ({ count }: IdleTurns): string => `${count === 1 ? "a turn" : `${count} turns in a row`} ended without progress`;

/** The end of a turn, as it was counted. */
export function turnCounted(session: Session, idle: number | undefined, at: number): void {
  const { turns = NONE } = session.watch;
  if (idle === 0 || (idle === undefined && turns.moved)) {
    progressed(session, false);
    return;
  }
  if (idle === undefined) return;
  const since = turns.count === 0 ? (session.turnAt ?? at) : turns.since;
  session.watch = { ...session.watch, turns: { ...turns, count: idle, since } };
}

/** It did something for its job: its turns are counted anew, and it is reminded again before it is given up. */
export function progressed(session: Session, moved: boolean): void {
  session.watch = { ...session.watch, turns: { ...NONE, shown: true, moved } };
  session.nudged = false;
}

export function turnsLookedAt(session: Session, { tier, does }: EventOf<"session_stalled">): void {
  const turns = session.watch.turns ?? NONE;
  session.watch = { ...session.watch, turns: { ...turns, looked: tier, told: does === "nudge" ? tier : turns.told } };
}

/** Before an event is applied: whose job it brings on. What ends a job needs no telling. */
export function noteProgress(state: State, event: Event): void {
  const session = moverOf(state, event);
  if (session) progressed(session, true);
}

function moverOf(state: State, event: Event): Session | undefined {
  switch (event.type) {
    case "progress_noted": {
      // The same note again is none.
      const same = JSON.stringify(state.tasks.get(event.task)?.progress) === JSON.stringify(event.progress);
      return same ? undefined : holderOf(state, event.task);
    }
    case "task_submitted":
    case "task_extended":
      return holderOf(state, event.task);
    case "task_proposed":
      return sessionOf(state, event.by);
    case "diff_read": {
      const session = state.sessions.get(event.session);
      return session?.pages.read.has(event.page) ? undefined : session;
    }
    case "plan_submitted":
      return sessionOf(state, event.plan.by);
    case "task_cancelled":
      return [...state.sessions.values()].find(({ job }) => job.kind === "plan");
    default:
      return undefined;
  }
}

function holderOf(state: State, id: EventOf<"task_submitted">["task"]): Session | undefined {
  const holder = state.tasks.get(id)?.session;
  return holder ? state.sessions.get(holder) : undefined;
}
