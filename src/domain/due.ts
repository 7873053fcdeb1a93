import type { SeatId } from "../base/ids.ts";
import { timeIsUp } from "./budget.ts";
import { isCheckInDue } from "./check-in.ts";
import { waitsForResult } from "./collab.ts";
import { togetherCommands, turnJob } from "./collab-due.ts";
import { keptBackFor } from "./collab-seats.ts";
import type { EngineCommand } from "./commands.ts";
import { handed } from "./decide-attach.ts";
import { nextTask } from "./decide-task.ts";
import { gone, unaskedMerges } from "./decide-tier.ts";
import { retryEnds } from "./decide-turn.ts";
import { growth } from "./growth.ts";
import { unasked } from "./human-task.ts";
import { idleStep } from "./idle-turns.ts";
import { jobState, queenOwes } from "./job.ts";
import { isForeign, needsVerify, nextMerges } from "./merge-queue.ts";
import { type Job, OVER, type Seat, type Session, type State } from "./model.ts";
import { routeOpensAt } from "./provider.ts";
import { served, type Wake } from "./react.ts";
import { unready } from "./ready.ts";
import { jobName, nextReview, unreviewed } from "./review-queue.ts";
import { movesNoMore } from "./state.ts";

/** Commands whose time has come: jobs for idle seats, deadlines, reminders. Nothing here needs a model or a clock. */
export function dueCommands(state: Readonly<State>, now: number, wake: Wake): readonly EngineCommand[] {
  if (OVER.has(state.status)) return [];
  const due: EngineCommand[] = [...gateDeadlines(state, wake)];
  if (state.status !== "running" || state.tip === "") return due;
  const up = timeIsUp(state);
  if (isCheckInDue(state, (time) => wake.reached(time))) due.push({ type: "check_in" });
  if (up !== null && wake.reached(up)) due.push({ type: "enforce_budget" });
  const together = togetherCommands(state, now, wake);
  due.push(...planDeadline(state, wake), ...watchdogs(state, wake), ...together.due);
  due.push(...jobs(state, now, wake, together.called), ...mergeNext(state));
  for (const task of unasked(state)) due.push({ type: "ask_for_task", task });
  due.push(...unaskedMerges(state).map(({ id }) => ({ type: "ask_merge" as const, task: id })), ...grow(state, now, wake));
  if (state.solo && movesNoMore(state) && !state.merges.undo) due.push({ type: "finish_solo" });
  return due;
}

function gateDeadlines(state: Readonly<State>, wake: Wake): EngineCommand[] {
  const due: EngineCommand[] = gone(state).map(({ id }) => ({ type: "drop_gate", gate: id }));
  for (const id of state.openGates) {
    const gate = state.gates.get(id);
    if (gate?.fallback != null && gate.deadlineAt !== null && wake.reached(gate.deadlineAt)) due.push({ type: "expire_gate", gate: id });
  }
  return due;
}

function planDeadline(state: Readonly<State>, wake: Wake): EngineCommand[] {
  const { plan } = state;
  if (plan.status !== "reviewing" || plan.gate || plan.deadlineAt === null || !plan.pending) return [];
  return wake.reached(plan.deadlineAt) ? [{ type: "expire_plan_review", revision: plan.pending.revision }] : [];
}

/** Age and forgotten jobs of live sessions; whether they work is watched by `supervision.ts`. */
function watchdogs(state: Readonly<State>, wake: Wake): EngineCommand[] {
  const { limits } = state;
  const due: EngineCommand[] = [];
  for (const session of state.sessions.values()) {
    if (session.status !== "live" || session.epoch !== state.epoch || handed(session) || session.watch.probe) continue;
    // While its provider rests, an idle session owes nothing and does not age.
    if (session.turn === "idle" && (session.owed?.kind === "retry" || !served(state, session, wake))) continue;
    const job = jobState(state, session);
    const retryEnd = retryEnds(state, session);
    if (retryEnd !== null && wake.reached(retryEnd)) due.push({ type: "stop_retrying", session: session.id });
    else if (
      session.job.kind !== "plan" &&
      job !== "waiting" &&
      job !== "done" &&
      isAged(session, session.startedAt + limits.sessionMs, wake)
    )
      due.push({ type: "lapse_session", session: session.id, why: `ran for ${Math.round(limits.sessionMs / 60_000)} minutes` });
    else if (
      session.turn === "idle" &&
      job === "open" &&
      session.opened &&
      !session.owed &&
      !idleStep(state, session) &&
      !(session.job.kind === "plan" && state.wake.length > 0)
    )
      due.push({ type: "nudge_session", session: session.id });
  }
  return due;
}

/** An idle session does not grow older: it waits for somebody. */
const isAged = ({ turn, seenAt }: Session, end: number, wake: Wake): boolean => (turn === "running" ? wake.reached(end) : seenAt >= end);

/** Idle seats and the work that suits them. Each job goes to one seat, each seat gets one job. */
function jobs(state: Readonly<State>, now: number, wake: Wake, called: ReadonlySet<SeatId>): EngineCommand[] {
  const due: EngineCommand[] = [];
  const taken = new Set<string>();
  for (const seat of state.seats.values()) {
    if (seat.status !== "active" || seat.gate || (seat.session && !seat.keeps) || called.has(seat.seat)) continue;
    const job = jobFor(state, seat, now, taken);
    if (!job) continue;
    const opensAt = routeOpensAt(state, seat);
    if (opensAt === null || !wake.reached(opensAt) || !wake.reached(seat.restUntil) || unready(state, seat, now)) continue;
    taken.add(jobName(job.job));
    due.push(job);
  }
  // A task kept for a seat opens to the others when the time is over.
  for (const id of state.reserved) wake.reached(state.tasks.get(id)?.reserved?.until ?? 0);
  return due;
}

/** Who joins, and questions for a person where nobody could review and nobody is about to join. */
function grow(state: Readonly<State>, now: number, wake: Wake): EngineCommand[] {
  const { next, held } = growth(state, now);
  const coming = new Set(next ? [next.need.task] : []);
  for (const { need, until } of held) if (until !== null && !wake.reached(until)) coming.add(need.task);
  const asks = unreviewed(state).filter((task) => !coming.has(task));
  return [...(next ? [{ type: "scale_up" as const, ...next }] : []), ...asks.map((task) => ({ type: "ask_for_reviewer" as const, task }))];
}

type StartJob = Extract<EngineCommand, { type: "start_job" }>;

/** What this seat would take up, were it free and its provider serving. */
export function jobFor(state: Readonly<State>, seat: Seat, now: number, taken: ReadonlySet<string>): StartJob | null {
  if (seat.collab !== undefined) return given(seat, turnJob(state, seat, seat.collab));
  switch (seat.duty) {
    case "queen": {
      const needed = state.wake.length > 0 || queenOwes(state).length > 0;
      return needed && !state.plan.gate ? { type: "start_job", seat: seat.seat, job: { kind: "plan" } } : null;
    }
    case "worker":
      return taskFor(state, seat, now, taken);
    case "reviewer":
      return reviewFor(state, seat, now, taken);
    default: {
      const never: never = seat.duty;
      throw new Error(`unhandled ${String(never)}`);
    }
  }
}

function taskFor(state: Readonly<State>, seat: Seat, now: number, taken: ReadonlySet<string>): StartJob | null {
  const held = seat.task === null ? undefined : state.tasks.get(seat.task);
  if (held) {
    const result = waitsForResult(held, seat.seat, held.attempt);
    return given(seat, result ? { kind: "task", task: held.id, attempt: held.attempt } : null);
  }
  if (keptBackFor(state, seat, now)) return null;
  const task = nextTask(state, seat, now, taken);
  return given(seat, task && { kind: "task", task: task.id, attempt: task.attempt + 1 });
}

const given = ({ seat }: Seat, job: Job | null): StartJob | null => job && { type: "start_job", seat, job };

function reviewFor(state: Readonly<State>, seat: Seat, now: number, taken: ReadonlySet<string>): StartJob | null {
  return given(seat, nextReview(state, seat, now, taken));
}

/** One merge or verification at a time, in the order of approval; a foreign commit stops them all. */
function mergeNext(state: Readonly<State>): EngineCommand[] {
  const { batch } = state.merges;
  if (batch?.trees && state.byStatus.merging.size === 0 && !isForeign(state))
    return batch.tasks.slice(0, 1).map(({ task }) => ({ type: "begin_merge", task }));
  const [next] = nextMerges(state);
  if (!next) return [];
  return needsVerify(state, next) ? [{ type: "begin_verify" }] : [{ type: "begin_merge", task: next.id }];
}
