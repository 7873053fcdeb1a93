/** What a running session reports of itself: turns, signs of life, a model that does not answer. */
import { budgetEvents, scopesOf } from "./budget.ts";
import type { Command } from "./commands.ts";
import { runningSession } from "./decide-session.ts";
import { already, type Decision, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { CLOSED, idleAfter, idleStep } from "./idle-turns.ts";
import { isKept, jobState } from "./job.ts";
import { OVER, type Session, type State } from "./model.ts";
import { type Aftermath, afterProblem, type ProblemFact, recovered } from "./provider.ts";
import { turnSpend } from "./spend.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

export function recordTurnStarted(state: State, command: Of<"record_turn_started">): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  if (command.asked !== null && command.asked <= session.asked) return already();
  if (session.turn === "running" && command.asked === null) return already();
  return yes({ type: "turn_started", session: session.id, asked: command.asked, reasons: command.reasons });
}

/** Adds the turn up, looks whether the session goes on, and holds what has used up its budget. */
export function recordTurnEnded(state: State, command: Of<"record_turn_ended">, now: number): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  const { ok, error, usage, problem } = command;
  const idle = idleAfter(state, session, command);
  const over: Event = {
    ...{ type: "turn_ended", session: session.id, ok, error, usage },
    ...(problem ? { problem } : {}),
    ...(idle === null ? {} : { idle }),
  };
  const events: Event[] = [over, ...(ok ? recovered(state, state.seats.get(session.seat), now) : [])];
  const goesOn = session.status === "live" ? next(state, session, command, now) : { events: [], more: false };
  events.push(...goesOn.events);
  if (command.goesOn && staysUp(session, goesOn.events))
    events.push({ type: "turn_started", session: session.id, asked: null, reasons: 0 });
  if (OVER.has(state.status)) return yes(...events);
  const gates = events.filter(({ type }) => type === "gate_opened").length;
  const hold = goesOn.more ? scopesOf(session) : (["swarm", "day"] as const);
  const spent = turnSpend(usage, session.turnAt, now);
  return yes(...events, ...budgetEvents(state, { warn: scopesOf(session), hold }, now, spent, gates));
}

/** Otherwise it is ended or given to a person now, and what it holds is handed out again. */
const staysUp = ({ status, person }: Session, events: readonly Event[]): boolean =>
  status === "live" && !person && !events.some(({ type }) => type === "session_ending");

/** What a live session does after this turn; `more`: it needs another one for its job. */
function next(
  state: State,
  session: Session,
  { ok, problem }: Of<"record_turn_ended">,
  now: number,
): { readonly events: readonly Event[]; readonly more: boolean } {
  const ending = (why: string): Event => ({ type: "session_ending", session: session.id, why });
  const last = session.turns + 1 >= state.limits.turns;
  if (jobState(state, session) === "done") {
    const kept = isKept(state, session) && !last;
    return { events: kept ? [] : [ending("job done")], more: false };
  }
  if (last) return { events: [ending(`used its ${state.limits.turns} turns`)], more: false };
  const trouble = ok || !problem ? [] : troubled(state, session, problem, now);
  return { events: trouble, more: !trouble.some(({ type }) => type === "session_ending") };
}

/** The model did not answer: the session waits for its provider, or begins anew elsewhere. */
function troubled(state: State, session: Session, problem: ProblemFact, now: number): readonly Event[] {
  const after = afterProblem(state, session, problem, now);
  if (!after) return [];
  const why = problem.kind === "context_full" ? "its context is full" : `${problem.kind}: ${problem.message}`;
  if (after.restart === "fresh") return [...after.events, ...ended(state, session, why, after)];
  if (session.owed) return after.events;
  return [...after.events, { type: "turn_owed", session: session.id, turn: { n: session.asked + 1, kind: "retry", reasons: [] } }];
}

/** It is ended to go on in another run, or for good when its job has begun anew too often. */
function ended(state: State, session: Session, why: string, { restart, turns }: Aftermath): readonly Event[] {
  const ending: Event = { type: "session_ending", session: session.id, why };
  return restart === "fresh" && session.restarts >= state.limits.restarts ? [ending] : [...turns, { ...ending, restart }];
}

export function recordAlive(state: State, command: Of<"record_alive">): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  return yes({ type: "session_seen", session: session.id });
}

/** Written down once per stretch of retries, and again when the provider says something else. */
export function recordRetrying(state: State, command: Of<"record_retrying">): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  const known = session.retrying?.problem;
  if (known && known.kind === command.problem.kind && known.resetAt === command.problem.resetAt) return already();
  return yes({ type: "session_retrying", session: session.id, problem: command.problem });
}

/** When a session that only retries is stopped: soon when its provider named a later time, else after a while. */
export function retryEnds(state: Readonly<State>, session: Readonly<Session>): number | null {
  if (!session.retrying) return null;
  const { since, problem } = session.retrying;
  const patience = since + state.limits.retryingMs;
  return problem.resetAt !== null && problem.resetAt > patience ? since : patience;
}

export function stopRetrying(state: State, command: Of<"stop_retrying">, now: number): Decision {
  const session = state.sessions.get(command.session);
  const at = session && retryEnds(state, session);
  if (!session?.retrying || session.status !== "live" || at == null || now < at) return already();
  const { problem } = session.retrying;
  const after = afterProblem(state, session, problem, now);
  const why = `its CLI retried for ever: ${problem.kind}: ${problem.message}`;
  if (!after) return yes({ type: "session_ending", session: session.id, why });
  return yes(...after.events, ...ended(state, session, why, after));
}

/**
 * An idle session whose job is open is reminded of it. One that has shown nothing of its job, or whose turn failed, is ended the
 * second time and its job given anew; how often one that works is reminded, its turns without progress decide.
 */
export function nudgeSession(state: State, command: Of<"nudge_session">): Decision {
  const session = state.sessions.get(command.session);
  if (session?.status !== "live" || session.turn !== "idle" || session.owed || jobState(state, session) !== "open") return already();
  if (idleStep(state, session)) return already();
  if (session.nudged && (session.why !== null || !session.watch.turns?.shown))
    return yes({ type: "session_ending", session: session.id, why: session.why ?? CLOSED });
  return yes({ type: "turn_owed", session: session.id, turn: { n: session.asked + 1, kind: "nudge", reasons: [] } });
}

export function enforceBudget(state: State, now: number): Decision {
  const events = budgetEvents(state, { warn: [], hold: ["swarm", "day"] }, now);
  return events.length === 0 ? already() : yes(...events);
}

export function recordElsewhere(state: State, { day, usd, tokens, turns }: Of<"record_elsewhere">, now: number): Decision {
  const known = state.elsewhere;
  if (known.day === day && known.usd === usd && known.tokens === tokens && known.turns === turns) return already();
  // Folded first, so that the sum is complete when the cap is looked at.
  const extra =
    known.day === day
      ? { usd: usd - known.usd, tokens: tokens - known.tokens, turns: turns - known.turns, ms: 0 }
      : { usd, tokens, turns, ms: 0 };
  return yes({ type: "spent_elsewhere", day, usd, tokens, turns }, ...budgetEvents(state, { warn: ["day"], hold: ["day"] }, now, extra));
}
