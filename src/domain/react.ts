import { isParked } from "./budget.ts";
import { runningOf, togetherTasks } from "./collab.ts";
import type { EngineCommand } from "./commands.ts";
import { handed } from "./decide-attach.ts";
import { dueCommands } from "./due.ts";
import { dueTier } from "./due-tier.ts";
import { type Effect, effectKey } from "./effects.ts";
import { takeStart } from "./flood.ts";
import { findGate, HOLDS_EFFECT } from "./gate.ts";
import { isKept, jobState } from "./job.ts";
import { dueUndo } from "./merge-queue.ts";
import { type Gate, OVER, type Session, type State } from "./model.ts";
import { opensAt } from "./provider.ts";
import { sessionOf } from "./state.ts";

export interface Reaction {
  readonly effects: readonly Effect[];
  readonly due: readonly EngineCommand[];
  /** When to look again, though nothing happens; null: only a commit can change what is owed. */
  readonly wakeAt: number | null;
}

/**
 * What the world still owes this state, derived from the whole of it, so that a restarted engine owes the same. Cost
 * grows with what is live (sessions, tasks on their way), never with what is finished.
 */
export function react(state: Readonly<State>, now: number): Reaction {
  if (state.status === "none") return { effects: [], due: [], wakeAt: null };
  const wake = new Wake(now);
  const effects = ready(state, owedEffects(state, wake), wake);
  return { effects, due: dueCommands(state, now, wake), wakeAt: wake.at };
}

/** Collects the earliest future moment that matters. */
export class Wake {
  at: number | null = null;
  readonly now: number;

  constructor(now: number) {
    this.now = now;
  }

  /** True when `time` has come; otherwise remembers to look again then. */
  reached(time: number): boolean {
    if (time <= this.now) return true;
    this.at = this.at === null ? time : Math.min(this.at, time);
    return false;
  }
}

/** Effects whose back-off is over and that no open gate holds. */
function ready(state: Readonly<State>, effects: readonly Effect[], wake: Wake): Effect[] {
  return effects.filter(({ key }) => gateOfEffect(state, key) === null && wake.reached(state.failures.get(key)?.retryAt ?? 0));
}

/** The open gate that asks a person to mend what this effect fails at. */
export const gateOfEffect = (state: Readonly<State>, key: string): Gate | null =>
  findGate(state, ({ kind, effect }) => HOLDS_EFFECT.has(kind) && effect === key);

/** Everything owed, also what rests after a failure or is held by a gate. */
export function owedEffects(state: Readonly<State>, wake: Wake): Effect[] {
  const over = OVER.has(state.status);
  if (state.tip === "" && !over) return state.status === "opening" ? [{ key: effectKey.open_swarm(), kind: "open_swarm" }] : [];
  const effects: Effect[] = [];
  for (const session of state.sessions.values()) effects.push(...sessionEffects(state, session, over, wake));
  effects.push(...saves(state));
  if (over) {
    effects.push(...branchEffects(state));
    if (state.sessions.size === 0 && !state.closed && state.byStatus.merging.size === 0)
      effects.push({ key: effectKey.close_swarm(), kind: "close_swarm" });
    return effects;
  }
  for (const letter of state.letters ?? []) effects.push({ key: effectKey.write_operator(letter), kind: "write_operator", letter });
  return [...effects, ...workEffects(state)];
}

function sessionEffects(state: Readonly<State>, session: Session, over: boolean, wake: Wake): Effect[] {
  const { id, seat, job, run } = session;
  const stop = (why: string): Effect[] => [{ key: effectKey.stop_session(session), kind: "stop_session", session: id, run, why }];
  if (session.status === "ending") return stop(session.why ?? "ended");
  if (over) return stop(`the swarm is ${state.status}`);
  const hands = handed(session);
  if (hands === "nothing") return [];
  if (hands === "stop" && session.status === "live") return stop("handed to a person");
  if (session.status === "wanted") {
    if (jobState(state, session) === "done") return stop("its job is gone");
    return state.status === "paused" || unsavedIn(state, seat)
      ? []
      : [{ key: effectKey.open_worktree(session), kind: "open_worktree", session: id, seat, job }];
  }
  const start = (resume: boolean): Effect => ({
    key: effectKey.start_session(session),
    kind: "start_session",
    session: id,
    seat,
    job,
    run: run + 1,
    resume,
    interrupted: resume && session.turn === "running",
  });
  if (session.status === "opened") {
    if (jobState(state, session) === "done") return stop("its job is gone");
    if (state.status === "paused" || !served(state, session, wake)) return [];
    return inPace(state, wake) ? [start(session.cli !== null)] : [];
  }
  // Between two jobs of a kept session its worktree is nobody's: what lies in it is saved before anything goes on there.
  if (!session.opened && unsavedIn(state, seat)) return [];
  if (session.epoch !== state.epoch) return inPace(state, wake) ? [start(true)] : [];
  if (session.turn === "idle" && jobState(state, session) === "done") {
    if (isKept(state, session) && !wake.reached(session.seenAt + state.limits.keptMs)) return [];
    return stop("job done");
  }
  if (
    session.turn === "running" &&
    session.voidAt !== null &&
    jobState(state, session) === "done" &&
    wake.reached(session.voidAt + state.limits.graceMs)
  )
    return stop("did not end its turn");
  // A session that was kept gets its next job in a worktree that stands where that one begins.
  if (!session.opened) return [{ key: effectKey.open_worktree(session), kind: "open_worktree", session: id, seat, job }];
  return [...watched(state, session, wake), ...turnEffects(state, session, wake)];
}

/** Whether one more process may be started now; programs that die at once must not eat the machine. */
const inPace = (state: Readonly<State>, wake: Wake): boolean => wake.reached(wake.now + takeStart(state, wake.now).waitMs);

/** Looked at before anything is said of its silence, and asked before it is ended for it. */
function watched(state: Readonly<State>, session: Session, wake: Wake): Effect[] {
  if (state.status !== "running") return [];
  const { id, seat, run, watch } = session;
  if (watch.probe) return [{ key: effectKey.probe_session(session), kind: "probe_session", session: id, run }];
  const due = dueTier(state, session, (time) => wake.reached(time));
  return due ? [{ key: effectKey.look_at_session(session, due), kind: "look_at_session", session: id, seat, run, due }] : [];
}

/** Whether the provider behind a session serves now. */
export function served(state: Readonly<State>, session: Session, wake: Wake): boolean {
  const seat = state.seats.get(session.seat);
  const at = seat ? opensAt(state, seat) : 0;
  return at !== null && wake.reached(at);
}

/** Whether an idle session may begin a turn now, e.g. for a letter that woke it. */
export const mayTurn = (state: Readonly<State>, session: Session, now: number): boolean =>
  state.status === "running" &&
  session.opened &&
  !session.person &&
  !isParked(state, session) &&
  !unsavedIn(state, session.seat) &&
  served(state, session, new Wake(now));

/** A turn is owed to an idle session: a stored one, or a digest while there are reasons to wake the queen. */
function turnEffects(state: Readonly<State>, session: Session, wake: Wake): Effect[] {
  if (session.turn !== "idle" || state.status !== "running" || !session.opened || isParked(state, session) || session.watch.probe)
    return [];
  const n = session.asked + 1;
  const digest = session.job.kind === "plan" && state.wake.length > 0 && jobState(state, session) !== "waiting";
  const turn = digest ? { n, kind: "digest" as const, reasons: [...state.wake] } : session.owed;
  if (!turn || !served(state, session, wake)) return [];
  return [{ key: effectKey.start_turn(session, turn.n), kind: "start_turn", session: session.id, run: session.run, turn }];
}

/** The worktree of a seat still holds work of a lapsed attempt: nothing may be opened over it. */
function unsavedIn(state: Readonly<State>, seat: string): boolean {
  for (const effect of saves(state)) if (effect.kind === "save_work" && effect.seat === seat) return true;
  return false;
}

/** Work of lapsed and released attempts is committed to its branch, once no session touches the worktree. */
function saves(state: Readonly<State>): Effect[] {
  const effects: Effect[] = [];
  for (const id of state.unsaved) {
    const task = state.tasks.get(id);
    if (!task?.unsaved) continue;
    const { seat, attempt } = task.unsaved;
    if (!mayTouch(state, sessionOf(state, seat)))
      effects.push({ key: effectKey.save_work(task, attempt), kind: "save_work", task: id, attempt, seat });
  }
  return effects;
}

/** Whether a session may be at work in its worktree. One that is kept without a job rests between its turns. */
function mayTouch(state: Readonly<State>, session: Session | undefined): boolean {
  if (!session?.opened || session.status === "wanted") return false;
  const { status, epoch, turn } = session;
  const rests = status === "live" && epoch === state.epoch && turn === "idle" && handed(session) === null;
  return !(rests && jobState(state, session) === "done" && isKept(state, session));
}

function workEffects(state: Readonly<State>): Effect[] {
  const effects: Effect[] = [];
  for (const id of state.byStatus.submitted) {
    const task = state.tasks.get(id);
    if (task)
      effects.push({
        key: effectKey.commit_submission(task),
        kind: "commit_submission",
        task: id,
        attempt: task.attempt,
        submission: task.submissions,
      });
  }
  effects.push(...contributions(state));
  // One check worktree and one integration branch: one of each at a time, in the order of arrival.
  effects.push(...checkWorktree(state));
  return [...effects, ...branchEffects(state)];
}

/** What was given in the running steps and is no commit yet. */
function contributions(state: Readonly<State>): Effect[] {
  return [...togetherTasks(state)].flatMap((task) => {
    const collab = runningOf(task)?.collab;
    return (collab?.given ?? []).flatMap(({ step, place, saved }): Effect[] => {
      const seat = saved ? undefined : collab?.places.find((one) => one.place === place)?.seat;
      if (!collab || seat === undefined) return [];
      const at = { task: task.id, attempt: task.attempt, step, place, seat, start: collab.start };
      return [{ key: effectKey.save_contribution(task, step, place), kind: "save_contribution", ...at }];
    });
  });
}

/** A merge or an undo, never both. */
function branchEffects(state: Readonly<State>): Effect[] {
  const undo = dueUndo(state);
  if (undo) return [{ key: effectKey.undo_task(undo), kind: "undo_task", undo }];
  const merging = first(state, "merging");
  if (!merging?.sha) return [];
  const { id, attempt, sha } = merging;
  const tree = state.merges.batch?.trees?.[0] ?? null;
  return [{ key: effectKey.merge_task(merging), kind: "merge_task", task: id, attempt, sha, tree }];
}

/** Checks of a submission or of a merge result, whichever came first. */
function checkWorktree(state: Readonly<State>): Effect[] {
  const { batch } = state.merges;
  const checking = first(state, "checking");
  const checks = checking && effectKey.run_checks(checking);
  if (batch?.trees === null && (!checks || batch.waitsFor !== checks)) {
    const { n, tip, tasks } = batch;
    return [{ key: effectKey.verify_merge(batch), kind: "verify_merge", batch: n, tip, tasks }];
  }
  if (!checks || !checking.sha) return [];
  return [{ key: checks, kind: "run_checks", task: checking.id, attempt: checking.attempt, sha: checking.sha }];
}

function first(state: Readonly<State>, status: "checking" | "merging") {
  const [id] = state.byStatus[status];
  return id === undefined ? undefined : state.tasks.get(id);
}
