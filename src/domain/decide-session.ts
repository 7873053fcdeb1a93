import type { SeatId, SessionId } from "../base/ids.ts";
import { budgetEvents, scopesOf } from "./budget.ts";
import { isMyTurn, runningOf, turnOf, waitsForResult } from "./collab.ts";
import { LAPSES } from "./collab-losses.ts";
import type { Command } from "./commands.ts";
import { closePerson, parked } from "./decide-attach.ts";
import { lost } from "./decide-collab.ts";
import { claimed, reopen, unclaimable } from "./decide-task.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import { effectKey } from "./effects.ts";
import type { Event } from "./events.ts";
import { floodsOf, takeStart } from "./flood.ts";
import { findGate, openGate } from "./gate.ts";
import { jobState } from "./job.ts";
import { type Job, OVER, type Seat, type Session, type State, type Task } from "./model.ts";
import { afterProblem, afterRapidEnd, routed, routeFor } from "./provider.ts";
import { freeSession, unready } from "./ready.ts";
import { shortcoming, unreviewable, unverifiable } from "./review-queue.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** The engine gives an idle seat something to do: a claim (for a task) and a fresh session, in one commit. */
export function startJob(state: State, command: Of<"start_job">, now: number): Decision {
  const seat = state.seats.get(command.seat);
  if (!seat) return no("NOT_FOUND", `no seat ${command.seat}`, "swarm_status");
  const elsewhere = seat.collab && command.job.kind !== "collab" ? `${seat.seat} has a part in ${seat.collab}` : null;
  const why = state.status === "running" ? (unready(state, seat, now) ?? elsewhere) : `the swarm is ${state.status}`;
  if (why) return no("NOT_READY", why, "look again", true);
  const { job } = command;
  const spent = budgetEvents(state, { warn: [], hold: scopesOf({ seat: seat.seat, job }) }, now);
  const taken = takeUp(state, command, seat, now);
  // Refused first: what would not be started needs no budget.
  return taken.ok && spent.length > 0 ? yes(...spent) : taken;
}

function takeUp(state: State, { job }: Of<"start_job">, seat: Seat, now: number): Decision {
  const kept = freeSession(state, seat);
  const session = kept?.id ?? (`x${state.sessionCount + 1}` as SessionId);
  const asked: Event | null = kept && { type: "turn_owed", session, turn: { n: kept.asked + 1, kind: "job", reasons: [] } };
  const start: readonly Event[] = asked
    ? [...(job.kind === "task" ? [] : [{ type: "job_changed" as const, session, job }]), asked]
    : [...routed(state, seat, routeFor(state, seat, now)), { type: "session_wanted", session, seat: seat.seat, job }];
  switch (job.kind) {
    case "plan":
      return seat.duty === "queen" ? yes(...start) : no("NOT_ALLOWED", `${seat.seat} is no queen`, "look again");
    case "plan_review": {
      const { plan } = state;
      const free =
        seat.duty === "reviewer" && plan.status === "reviewing" && plan.pending?.revision === job.revision && plan.reviewer === null;
      return free ? yes(...start) : no("NOT_READY", `revision ${job.revision} is not waiting for ${seat.seat}`, "look again", true);
    }
    case "task": {
      const task = state.tasks.get(job.task);
      if (!task) return no("NOT_FOUND", `no task ${job.task}`, "look again");
      if (waitsForResult(task, seat.seat, job.attempt)) return yes(...start);
      const bar = seat.duty === "worker" ? unclaimable(state, task, seat, now) : `${seat.seat} is no worker`;
      if (bar || job.attempt !== task.attempt + 1)
        return no("NOT_CLAIMABLE", `${job.task}: ${bar ?? "another attempt"}`, "look again", true);
      return yes(claimed(state, task, seat.seat, session), ...start);
    }
    case "collab":
      return !kept && isMyTurn(state, { job, seat: seat.seat })
        ? yes(...start)
        : no("NOT_READY", `step ${job.step} of ${job.task} does not wait for ${seat.seat}`, "look again", true);
    case "review": {
      const task = state.tasks.get(job.task);
      if (task?.authors.includes(seat.seat)) return no("OWN_WORK", `${seat.seat} wrote part of ${job.task}`, "look again");
      const bar = unreviewable(state, seat, job);
      if (!task || bar) return no("NOT_READY", `${job.task} is not waiting for ${seat.seat}: ${bar}`, "look again", true);
      return yes(...start, ...downgraded(state, seat, task, job.sha));
    }
    case "verify": {
      const bar = kept ? "a fresh session answers it" : unverifiable(state, seat, job);
      return bar
        ? no("NOT_READY", `${job.doubt} of ${job.task} is not waiting for ${seat.seat}: ${bar}`, "look again", true)
        : yes(...start);
    }
    default: {
      const never: never = job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

/** Said once about a commit, whoever takes it up again. */
function downgraded(state: State, seat: Seat, task: Task, sha: string): readonly Event[] {
  const why = shortcoming(state, seat, task);
  if (why === null || (task.downgraded?.sha === sha && task.downgraded.why === why)) return [];
  return [{ type: "review_downgraded", task: task.id, sha, seat: seat.seat, why }];
}

const sameJob = (a: Job, b: Job): boolean =>
  a.kind === b.kind &&
  ("task" in a ? a.task : "") === ("task" in b ? b.task : "") &&
  ("attempt" in a ? a.attempt : 0) === ("attempt" in b ? b.attempt : 0) &&
  ("doubt" in a ? a.doubt : "") === ("doubt" in b ? b.doubt : "") &&
  ("step" in a ? a.step : 0) === ("step" in b ? b.step : 0);

/** A live session and the run the caller speaks of, or the refusal. */
export function runningSession(state: State, id: SessionId, run: number): Session | Decision {
  const session = state.sessions.get(id);
  if (!session) return no("SESSION_ENDED", `session ${id} is over`, "stop");
  return session.run === run ? session : no("STALE_RUN", `session ${id} is at run ${session.run}, not ${run}`, "stop");
}

export function recordWorktree(state: State, command: Of<"record_worktree">): Decision {
  const session = state.sessions.get(command.session);
  if (!session) return no("SESSION_ENDED", `session ${command.session} is over`, "stop");
  if (session.opened) return already();
  if (!sameJob(session.job, command.job)) return no("STALE_JOB", `session ${session.id} has another job now`, "look again");
  const { type: _, job: __, ...facts } = command;
  return yes({ type: "worktree_opened", ...facts });
}

/** A setup that fails is the operator's to mend: no attempt is spent on it. */
export function failSetup(state: State, command: Of<"fail_setup">, now: number): Decision {
  const session = state.sessions.get(command.session);
  if (!session || session.opened) return already();
  const key = effectKey.open_worktree(session);
  if (findGate(state, (gate) => gate.effect === key)) return already();
  return yes(
    openGate(state, now, "setup", {
      title: `worktree.setup failed for ${session.seat}`,
      question: command.output,
      options: ["retry", "stop"],
      seat: session.seat,
      effect: key,
    }),
  );
}

/** Each start of a process comes by here, so their pace is kept here. */
export function mintToken(state: State, command: Of<"mint_token">, now: number): Decision {
  const session = state.sessions.get(command.session);
  if (!session || session.status === "ending") return no("SESSION_ENDED", `session ${command.session} is over`, "stop");
  if (command.run !== session.run + 1) return no("STALE_RUN", `session ${session.id} is at run ${session.run}`, "stop");
  const { pace, waitMs } = takeStart(state, now);
  if (waitMs > 0) {
    const why = `${floodsOf(state).startsPerMinute} sessions of this swarm were started in a minute, which is the limit`;
    return no("TOO_FAST", `${why}; the next may start in ${Math.ceil(waitMs / 1000)} s`, "look again", true);
  }
  const { type: _, ...facts } = command;
  return yes({ type: "token_minted", ...facts, startsLeft: pace.left });
}

export function recordSession(state: State, command: Of<"record_session">): Decision {
  const session = state.sessions.get(command.session);
  if (!session) return no("SESSION_ENDED", `session ${command.session} is over`, "end the process");
  if (command.run !== session.run + 1) return no("STALE_RUN", `session ${session.id} is at run ${session.run}`, "end the process");
  const { type: _, ...facts } = command;
  return yes({ type: "session_started", epoch: state.epoch, ...facts });
}

export function nameSession(state: State, command: Of<"name_session">): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  return session.cli === command.cli ? already() : yes({ type: "session_named", session: session.id, cli: command.cli });
}

/** Enough to see what a role lacks; after that the model repeats itself. */
const DENIALS = 20;

export function recordDenied(state: State, command: Of<"record_denied">): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  if (session.denials >= DENIALS) return already();
  return yes({ type: "tool_denied", session: session.id, tool: command.tool, why: command.why });
}

export function lapseSession(state: State, command: Of<"lapse_session">): Decision {
  const session = state.sessions.get(command.session);
  if (!session || session.status === "ending") return already();
  return yes({ type: "session_ending", session: session.id, why: command.why });
}

/** The process is gone. Its job begins anew where that is due; else what it held goes back, and a seat that only lapses stops at a gate. */
export function recordSessionEnd(state: State, command: Of<"record_session_end">, now: number): Decision {
  const session = runningSession(state, command.session, command.run);
  if ("ok" in session) return session;
  const seat = state.seats.get(session.seat);
  if (!seat) return already();
  const why = session.why ?? command.why;
  // The end of the swarm ends its sessions: nobody failed, and what they held is put away with the worktrees.
  if (OVER.has(state.status))
    return yes({ type: "session_ended", session: session.id, why, lapsed: false, restUntil: 0, output: command.output });
  const stays = parked(state, session, seat, command.unresumed === true, now);
  if (stays) return yes(...stays);
  const again = beginsAnew(state, session, command, seat, now);
  if (again.as) {
    const asleep = session.asleep && again.as === "same" ? { asleep: true as const } : {};
    return yes(...again.events, { type: "session_reset", session: session.id, why, output: command.output, as: again.as, ...asleep });
  }
  const job = jobState(state, session);
  const lapsed = job === "open" || (job === "waiting" && session.job.kind !== "task" && session.job.kind !== "plan");
  const rest = lapsed ? now + Math.min(state.limits.retryBaseMs * 2 ** (seat.lapses + 1), state.limits.retryMaxMs) : 0;
  const ended: Event = { type: "session_ended", session: session.id, why, lapsed, restUntil: rest, output: command.output };
  const events: Event[] = [...again.events, ...closePerson(state, session, now), ended];
  const task = session.job.kind === "task" ? state.tasks.get(session.job.task) : undefined;
  if (task?.status === "claimed" && task.session === session.id)
    events.push(...reopen(state, task, now, { result: "lapsed", why, keep: false }));
  if (lapsed) events.push(...turnGaveNothing(state, session, why, now));
  if (lapsed && seat.lapses + 1 >= state.limits.lapses && seat.status === "active") {
    const offset = events.filter((event) => event.type === "gate_opened").length;
    events.push(seatGate(state, seat.seat, seat.lapses + 1, why, now, offset));
  }
  return yes(...events);
}

/** Once more in the same step; after that its place is lost. */
function turnGaveNothing(state: State, session: Session, why: string, now: number): readonly Event[] {
  const { job } = session;
  const run = job.kind === "collab" && isMyTurn(state, session) ? runningOf(state.tasks.get(job.task)) : null;
  if (!run || job.kind !== "collab" || (turnOf(run.collab, job.place)?.lapses ?? 0) + 1 < LAPSES) return [];
  return lost(state, run, [{ place: job.place, why }], now);
}

/**
 * Whether the same attempt goes on in another run of this session, which costs the job nothing: it was ended for that, its CLI
 * did not know it any more, its provider did not serve, or it died at once and another provider may do better. `as` null: it
 * does not; what is known of the provider is written down all the same.
 */
function beginsAnew(
  state: State,
  session: Session,
  { unresumed, problem, exited }: Of<"record_session_end">,
  seat: Seat,
  now: number,
): { readonly events: readonly Event[]; readonly as: "fresh" | "same" | null } {
  if (seat.status !== "active" || !isStillOwed(state, session)) return { events: [], as: null };
  if (session.restart) return { events: [], as: session.restart };
  if (session.status !== "live") return { events: [], as: null };
  if (unresumed) return { events: [], as: "fresh" };
  const rapid = exited && session.runTurns === 0 && now - session.runAt < state.limits.rapidMs;
  const after = (problem && afterProblem(state, session, problem, now)) ?? (rapid ? afterRapidEnd(state, seat, now) : null);
  if (!after) return { events: [], as: null };
  if (after.restart === "fresh" && session.restarts >= state.limits.restarts) return { events: after.events, as: null };
  return { events: [...after.events, ...after.turns], as: after.restart };
}

/** A session that never came back costs its job nothing, as long as there is something to do. */
function isStillOwed(state: State, session: Session): boolean {
  const job = jobState(state, session);
  if (job === "done") return false;
  if (session.restart === null && job === "idle") return false;
  return session.job.kind !== "task" || state.tasks.get(session.job.task)?.status === "claimed";
}

function seatGate(state: State, seat: SeatId, lapses: number, why: string, now: number, offset: number): Event {
  const gate = {
    title: `${seat} failed ${lapses} times in a row`,
    question: `${lapses} sessions of ${seat} in a row ended without doing their job, the last one: ${why}. Try again, or stop the swarm?`,
    options: ["retry", "stop"],
    seat,
  };
  return openGate(state, now, "seat", gate, offset);
}
