import type { SeatId, SessionId } from "../base/ids.ts";
import type { Command } from "./commands.ts";
import { openGate } from "./decide-swarm.ts";
import { claimed, reopen, unclaimable } from "./decide-task.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import { effectKey } from "./effects.ts";
import type { Event } from "./events.ts";
import { jobState } from "./job.ts";
import { type Job, OVER, type Seat, type Session, type State } from "./model.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** Why a seat cannot start a session now, or null. */
export function unready(seat: Readonly<Seat>, now: number): string | null {
  if (seat.status !== "active") return `${seat.seat} is ${seat.status}`;
  if (seat.session) return `${seat.seat} has session ${seat.session}`;
  if (seat.gate) return `${seat.seat} waits for gate ${seat.gate}`;
  if (now < seat.restUntil) return `${seat.seat} rests after a lapse`;
  return null;
}

/** The engine gives an idle seat something to do: a claim (for a task) and a fresh session, in one commit. */
export function startJob(state: State, command: Of<"start_job">, now: number): Decision {
  const seat = state.seats.get(command.seat);
  if (!seat) return no("NOT_FOUND", `no seat ${command.seat}`, "swarm_status");
  const why = state.status === "running" ? unready(seat, now) : `the swarm is ${state.status}`;
  if (why) return no("NOT_READY", why, "look again", true);
  const session = `x${state.sessionCount + 1}` as SessionId;
  const wanted: Event = { type: "session_wanted", session, seat: seat.seat, job: command.job };
  const { job } = command;
  switch (job.kind) {
    case "plan":
      return seat.duty === "queen" ? yes(wanted) : no("NOT_ALLOWED", `${seat.seat} is no queen`, "look again");
    case "plan_review": {
      const { plan } = state;
      const free =
        seat.duty === "reviewer" && plan.status === "reviewing" && plan.pending?.revision === job.revision && plan.reviewer === null;
      return free ? yes(wanted) : no("NOT_READY", `revision ${job.revision} is not waiting for ${seat.seat}`, "look again", true);
    }
    case "task": {
      const task = state.tasks.get(job.task);
      if (!task) return no("NOT_FOUND", `no task ${job.task}`, "look again");
      const bar = seat.duty === "worker" ? unclaimable(state, task, seat, now) : `${seat.seat} is no worker`;
      if (bar || job.attempt !== task.attempt + 1)
        return no("NOT_CLAIMABLE", `${job.task}: ${bar ?? "another attempt"}`, "look again", true);
      return yes(claimed(task, seat.seat, session), wanted);
    }
    case "review": {
      const task = state.tasks.get(job.task);
      const free = task?.status === "reviewing" && task.reviewer === null && task.sha === job.sha && task.attempt === job.attempt;
      if (!free || seat.duty !== "reviewer") return no("NOT_READY", `${job.task} is not waiting for ${seat.seat}`, "look again", true);
      return task.authors.includes(seat.seat) ? no("OWN_WORK", `${seat.seat} wrote part of ${job.task}`, "look again") : yes(wanted);
    }
    default: {
      const never: never = job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

const sameJob = (a: Job, b: Job): boolean =>
  a.kind === b.kind &&
  ("task" in a ? a.task : "") === ("task" in b ? b.task : "") &&
  ("attempt" in a ? a.attempt : 0) === ("attempt" in b ? b.attempt : 0);

/** A live session and the run the caller speaks of, or the refusal. */
function running(state: State, id: SessionId, run: number): Session | Decision {
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
  for (const id of state.openGates) if (state.gates.get(id)?.effect === key) return already();
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

export function mintToken(state: State, command: Of<"mint_token">): Decision {
  const session = state.sessions.get(command.session);
  if (!session || session.status === "ending") return no("SESSION_ENDED", `session ${command.session} is over`, "stop");
  if (command.run !== session.run + 1) return no("STALE_RUN", `session ${session.id} is at run ${session.run}`, "stop");
  const { type: _, ...facts } = command;
  return yes({ type: "token_minted", ...facts });
}

export function recordSession(state: State, command: Of<"record_session">): Decision {
  const session = state.sessions.get(command.session);
  if (!session) return no("SESSION_ENDED", `session ${command.session} is over`, "end the process");
  if (command.run !== session.run + 1) return no("STALE_RUN", `session ${session.id} is at run ${session.run}`, "end the process");
  const { type: _, ...facts } = command;
  return yes({ type: "session_started", epoch: state.epoch, ...facts });
}

export function recordTurnStarted(state: State, command: Of<"record_turn_started">): Decision {
  const session = running(state, command.session, command.run);
  if ("ok" in session) return session;
  if (command.asked !== null && command.asked <= session.asked) return already();
  if (session.turn === "running" && command.asked === null) return already();
  return yes({ type: "turn_started", session: session.id, asked: command.asked, reasons: command.reasons });
}

export function recordTurnEnded(state: State, command: Of<"record_turn_ended">, now: number): Decision {
  const session = running(state, command.session, command.run);
  if ("ok" in session) return session;
  const { limits } = state;
  const ended: Event = { type: "turn_ended", session: session.id, ok: command.ok, error: command.error, usage: command.usage };
  const events: Event[] = [ended];
  if (session.status === "live") {
    if (jobState(state, session) === "done") events.push({ type: "session_ending", session: session.id, why: "job done" });
    else if (session.turns + 1 >= limits.turns)
      events.push({ type: "session_ending", session: session.id, why: `used its ${limits.turns} turns` });
  }
  const spent = state.usd + (command.usage.usd ?? 0);
  if (limits.usd !== null && spent >= limits.usd && state.status === "running") {
    const gate = openGate(state, now, "budget", {
      title: `the budget of $${limits.usd} is spent`,
      question: `The swarm spent $${spent.toFixed(2)} of $${limits.usd.toFixed(2)}. It is paused. Allow as much again, or stop?`,
      options: ["raise", "stop"],
    });
    events.push({ type: "swarm_paused", why: "budget" }, gate);
  }
  return yes(...events);
}

export function recordAlive(state: State, command: Of<"record_alive">): Decision {
  const session = running(state, command.session, command.run);
  if ("ok" in session) return session;
  return yes({ type: "session_seen", session: session.id });
}

export function nameSession(state: State, command: Of<"name_session">): Decision {
  const session = running(state, command.session, command.run);
  if ("ok" in session) return session;
  return session.cli === command.cli ? already() : yes({ type: "session_named", session: session.id, cli: command.cli });
}

/** Enough to see what a role lacks; after that the model repeats itself. */
const DENIALS = 20;

export function recordDenied(state: State, command: Of<"record_denied">): Decision {
  const session = running(state, command.session, command.run);
  if ("ok" in session) return session;
  if (session.denials >= DENIALS) return already();
  return yes({ type: "tool_denied", session: session.id, tool: command.tool, why: command.why });
}

/** An idle session whose job is open gets one reminder; the second time it is ended and its job given anew. */
export function nudgeSession(state: State, command: Of<"nudge_session">): Decision {
  const session = state.sessions.get(command.session);
  if (session?.status !== "live" || session.turn !== "idle" || session.owed || jobState(state, session) !== "open") return already();
  if (session.nudged)
    return yes({ type: "session_ending", session: session.id, why: session.why ?? "its turns ended without finishing the job" });
  return yes({ type: "turn_owed", session: session.id, turn: { n: session.asked + 1, kind: "nudge", reasons: [] } });
}

export function lapseSession(state: State, command: Of<"lapse_session">): Decision {
  const session = state.sessions.get(command.session);
  if (!session || session.status === "ending") return already();
  return yes({ type: "session_ending", session: session.id, why: command.why });
}

/** The process is gone. What its job still held goes back, and a seat that only lapses stops at a gate. */
export function recordSessionEnd(state: State, command: Of<"record_session_end">, now: number): Decision {
  const session = running(state, command.session, command.run);
  if ("ok" in session) return session;
  const seat = state.seats.get(session.seat);
  if (!seat) return already();
  const why = session.why ?? command.why;
  // The end of the swarm ends its sessions: nobody failed, and what they held is put away with the worktrees.
  if (OVER.has(state.status))
    return yes({ type: "session_ended", session: session.id, why, lapsed: false, restUntil: 0, output: command.output });
  const job = jobState(state, session);
  if (command.unresumed && isStillOwed(state, session, job))
    return yes({ type: "session_reset", session: session.id, why: command.why, output: command.output });
  const lapsed = job === "open" || (job === "waiting" && session.job.kind !== "task" && session.job.kind !== "plan");
  const rest = lapsed ? now + Math.min(state.limits.retryBaseMs * 2 ** (seat.lapses + 1), state.limits.retryMaxMs) : 0;
  const events: Event[] = [{ type: "session_ended", session: session.id, why, lapsed, restUntil: rest, output: command.output }];
  const task = session.job.kind === "task" ? state.tasks.get(session.job.task) : undefined;
  if (task?.status === "claimed" && task.session === session.id)
    events.push(...reopen(state, task, now, { result: "lapsed", why, keep: false }));
  if (lapsed && seat.lapses + 1 >= state.limits.lapses && seat.status === "active") {
    const offset = events.filter((event) => event.type === "gate_opened").length;
    events.push(seatGate(state, seat.seat, seat.lapses + 1, why, now, offset));
  }
  return yes(...events);
}

/** A session that never came back costs its job nothing: the same attempt begins anew, as long as there is something to do. */
function isStillOwed(state: State, session: Session, job: ReturnType<typeof jobState>): boolean {
  if (session.status !== "live" || (job !== "open" && job !== "waiting")) return false;
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
