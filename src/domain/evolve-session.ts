import { queenLooks } from "./check-in.ts";
import type { EventOf } from "./events.ts";
import { timeStoodStill, turnLapsed } from "./evolve-collab.ts";
import { leavesReview, takesReview } from "./evolve-review.ts";
import { charge } from "./evolve-spend.ts";
import { showsWork } from "./evolve-supervision.ts";
import { progressed, turnCounted } from "./idle-turns.ts";
import type { Session, State } from "./model.ts";
import { UNWATCHED } from "./supervision.ts";

/** Sessions behind seats: wanted, opened, live, ending, gone. */
export function sessionWanted(state: State, event: EventOf<"session_wanted">, at: number): void {
  state.sessionCount += 1;
  const seat = state.seats.get(event.seat);
  if (seat) seat.session = event.session;
  const { job } = event;
  if (job.kind === "plan_review") state.plan.reviewer = event.seat;
  takesReview(state, event);
  takesResult(state, event);
  state.sessions.set(event.session, {
    id: event.session,
    seat: event.seat,
    job,
    status: "wanted",
    run: 0,
    epoch: 0,
    worktree: null,
    opened: false,
    proc: null,
    cli: null,
    tokenHash: null,
    tokenRun: 0,
    turn: "idle",
    turnAt: null,
    runAt: at,
    runTurns: 0,
    retrying: null,
    restart: null,
    restarts: 0,
    handOff: null,
    turns: 0,
    asked: 0,
    owed: null,
    nudged: false,
    seenAt: at,
    watch: UNWATCHED,
    startedAt: at,
    voidAt: null,
    usd: 0,
    tokens: 0,
    denials: 0,
    why: null,
    pages: { of: 0, read: new Set() },
  });
}

/** The lead of a task that was done together holds it already; this session makes the result. */
function takesResult(state: State, { job, seat, session }: EventOf<"session_wanted">): void {
  const task = job.kind === "task" ? state.tasks.get(job.task) : undefined;
  if (task?.status === "claimed" && task.seat === seat) task.session ??= session;
}

const edit = <E extends { readonly session: Session["id"] }>(change: (session: Session, event: E, at: number, state: State) => void) => {
  return (state: State, event: E, at: number): void => {
    const session = state.sessions.get(event.session);
    if (session) change(session, event, at, state);
  };
};

export const worktreeOpened = edit<EventOf<"worktree_opened">>((session, event, at, state) => {
  session.worktree = event.path;
  session.opened = true;
  session.seenAt = at;
  if (session.status === "wanted") session.status = "opened";
  if (session.job.kind !== "task") return;
  const task = state.tasks.get(session.job.task);
  if (!task) return;
  task.base = event.base;
  if (event.conflict.length > 0) task.conflict = event.conflict;
  // An attempt that ended half-way through a conflict left markers: what is compared stays what it was before.
  const resumed = task.clash !== undefined && task.history.at(-1)?.result !== "conflict";
  if (task.prior === null) delete task.clash;
  else if (event.conflict.length > 0 && !resumed) task.clash = { sha: task.prior.sha, paths: event.conflict };
});

export const sessionStarted = edit<EventOf<"session_started">>((session, event, at, state) => {
  queenLooks(state, session, at, { fresh: session.cli === null });
  if (session.status !== "ending") session.status = "live";
  if (session.person?.back) delete session.person;
  delete session.asleep;
  session.run = event.run;
  session.tokenRun = event.run;
  session.epoch = event.epoch;
  session.proc = event.proc;
  session.cli = event.cli;
  // Since its last sign no process worked for it, whatever its turn was.
  session.startedAt += at - session.seenAt;
  timeStoodStill(state, session, at - session.seenAt);
  session.seenAt = at;
  session.turn = event.turn;
  session.turnAt = event.turn === "running" ? at : null;
  session.runAt = at;
  session.runTurns = 0;
  session.retrying = null;
  const { turns } = session.watch;
  // The same session under another host: its turns are the same ones.
  session.watch = turns ? { ...UNWATCHED, turns } : UNWATCHED;
});

export const tokenMinted = edit<EventOf<"token_minted">>((session, event, at, state) => {
  session.tokenHash = event.tokenHash;
  session.tokenRun = event.run;
  if (event.startsLeft !== undefined) state.starts = { left: event.startsLeft, at };
});

export const tokenRevoked = edit<EventOf<"token_revoked">>((session) => {
  session.tokenHash = null;
  session.tokenRun = session.run;
});

export const turnOwed = edit<EventOf<"turn_owed">>((session, event) => {
  session.owed = event.turn;
  if (event.turn.kind === "nudge") session.nudged = true;
});

export const turnStarted = edit<EventOf<"turn_started">>((session, event, at, state) => {
  showsWork(session, at);
  session.turn = "running";
  session.turnAt ??= at;
  session.retrying = null;
  if (event.asked !== null) {
    session.asked = event.asked;
    if (session.owed && session.owed.n <= event.asked) {
      if (session.owed.kind !== "nudge") session.nudged = false;
      session.owed = null;
    }
  }
  if (event.reasons > 0) {
    queenLooks(state, session, at, { fresh: false });
    state.wake.splice(0, event.reasons);
    session.nudged = false;
  }
});

export const turnEnded = edit<EventOf<"turn_ended">>((session, event, at, state) => {
  charge(state, session, event.usage, at);
  showsWork(session, at);
  turnCounted(session, event.idle, at);
  session.turn = "idle";
  session.turnAt = null;
  session.turns += 1;
  session.runTurns += 1;
  session.retrying = null;
  // Why it is being ended says more than how its last turn came out: that one was cut by the end.
  if (session.status !== "ending") session.why = event.ok ? null : event.error;
});

export const sessionSeen = edit<EventOf<"session_seen">>((session, { activeAt, progress }, at) => {
  showsWork(session, activeAt ?? at);
  if (progress) progressed(session, false);
  session.retrying = null;
});

export const sessionNamed = edit<EventOf<"session_named">>((session, event) => {
  session.cli = event.cli;
});

export const sessionEnding = edit<EventOf<"session_ending">>((session, event) => {
  session.status = "ending";
  session.why = event.why;
  session.restart = event.restart ?? null;
  if (event.asleep) session.asleep = true;
});

export const sessionReset = edit<EventOf<"session_reset">>((session, { why, as = "fresh" }, at) => {
  session.status = "opened";
  session.proc = null;
  if (as === "fresh") {
    delete session.asleep;
    session.cli = null;
    session.handOff = why;
    session.watch = UNWATCHED;
    delete session.person;
    // Its first message tells what was still to be said.
    session.owed = null;
    session.restarts += 1;
  } else if (session.owed?.kind === "retry" && !session.asleep) session.owed = null;
  session.restart = null;
  // Its program may be gone for days: a token of it is worth nothing.
  if (session.asleep) {
    session.tokenHash = null;
    session.tokenRun = 0;
  }
  session.retrying = null;
  showsWork(session, at);
  session.turn = "idle";
  session.turnAt = null;
  session.nudged = false;
  session.why = null;
});

export const sessionRetrying = edit<EventOf<"session_retrying">>((session, { problem }, at) => {
  session.retrying = { since: session.retrying?.since ?? at, problem };
});

/** The same process, another job. */
export const jobChanged = edit<EventOf<"job_changed">>((session, { job }, at, state) => {
  newJob(session, job, at);
  if (job.kind === "plan_review") state.plan.reviewer = session.seat;
  takesReview(state, session);
});

/** What belonged to the job before it is over. */
export function newJob(session: Session, job: Session["job"], at: number): void {
  session.job = job;
  session.startedAt = at;
  session.opened = false;
  session.voidAt = null;
  session.nudged = false;
  session.watch = UNWATCHED;
  session.handOff = null;
  session.restarts = 0;
  session.pages = { of: 0, read: new Set() };
}

export const toolDenied = edit<EventOf<"tool_denied">>((session) => {
  session.denials += 1;
});

export const diffRead = edit<EventOf<"diff_read">>((session, event) => {
  session.pages.read.add(event.page);
  session.pages = { of: event.pages, read: session.pages.read };
});

export function sessionEnded(state: State, event: EventOf<"session_ended">, at: number): void {
  const session = state.sessions.get(event.session);
  if (!session) return;
  state.sessions.delete(event.session);
  const { job } = session;
  if (job.kind === "plan_review" && state.plan.reviewer === session.seat) state.plan.reviewer = null;
  leavesReview(state, session);
  if (event.lapsed) turnLapsed(state, session);
  const seat = state.seats.get(session.seat);
  if (!seat) return;
  seat.session = null;
  if (seat.scaled) seat.scaled.freeAt = at;
  seat.restUntil = event.restUntil;
  seat.lapses = event.lapsed ? seat.lapses + 1 : 0;
  if (seat.status === "stopping") seat.status = "stopped";
}
