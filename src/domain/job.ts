import { isParked } from "./budget.ts";
import { isCalled, isMyTurn } from "./collab.ts";
import { findDoubt, hasRaised } from "./doubt.ts";
import { asked } from "./gate.ts";
import { OVER, type Seat, type Session, type State } from "./model.ts";

/**
 * How a session stands to the job it was started for.
 * open: it has something to do now · waiting: others have to act first · idle: nothing asked of it · done: over or void
 */
export type JobState = "open" | "waiting" | "idle" | "done";

export function jobState(state: Readonly<State>, session: Readonly<Session>): JobState {
  const { job, seat } = session;
  switch (job.kind) {
    case "plan":
      if (isParked(state, session)) return "waiting";
      return asks(state, seat) || state.plan.gate ? "waiting" : queenOwes(state).length > 0 ? "open" : "idle";
    case "plan_review": {
      const { plan } = state;
      const mine = plan.status === "reviewing" && plan.pending?.revision === job.revision && plan.reviewer === seat;
      return mine ? (asks(state, seat) || isParked(state, session) ? "waiting" : "open") : "done";
    }
    case "task": {
      const task = state.tasks.get(job.task);
      if (task?.seat !== seat || task.attempt !== job.attempt) return "done";
      if (task.status === "submitted") return "waiting";
      if (task.status !== "claimed") return "done";
      return asks(state, seat) || isParked(state, session) ? "waiting" : "open";
    }
    case "review": {
      const task = state.tasks.get(job.task);
      const mine = task?.status === "reviewing" && task.reviewer === seat && task.sha === job.sha;
      return mine ? (asks(state, seat) || isParked(state, session) ? "waiting" : "open") : "done";
    }
    case "verify": {
      const task = state.tasks.get(job.task);
      const doubt = task?.status === "reviewing" && task.sha === job.sha ? findDoubt(task, job.doubt) : null;
      const mine = doubt?.verifier === seat && doubt.answer === null;
      return mine ? (asks(state, seat) || isParked(state, session) ? "waiting" : "open") : "done";
    }
    case "collab":
      return isMyTurn(state, session) ? (asks(state, seat) || isParked(state, session) ? "waiting" : "open") : "done";
    default: {
      const never: never = job;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

/** Whether a turn it is owed will reach it: it lives, or sleeps and is resumed. */
export const takesTurns = ({ status, asleep }: Readonly<Session>): boolean => status === "live" || asleep === true;

/** Whether a session whose job is done stays for the next one of its role. */
export function isKept(state: Readonly<State>, { id: session, seat: id, job }: Readonly<Session>): boolean {
  const seat = state.seats.get(id);
  if (seat?.keeps !== true || seat.duty === "queen" || seat.status !== "active" || OVER.has(state.status)) return false;
  return job.kind !== "collab" && !hasRaised(state, session) && !isCalled(state, seat);
}

/** Whether a seat waits for a human's answer. */
const asks = (state: Readonly<State>, seat: Seat["seat"]): boolean => asked(state, seat) !== null;

/** What only the queen can do now, in the order of importance. */
export function queenOwes(state: Readonly<State>): readonly ("plan" | "replan" | "proposal" | "repair" | "complete")[] {
  const { plan, byStatus } = state;
  if (plan.status === "none") return ["plan"];
  if (plan.status === "returned") return ["replan"];
  if (plan.status === "reviewing") return [];
  if (byStatus.proposed.size > 0) return ["proposal"];
  if (movingTasks(state) > 0) return [];
  if (byStatus.blocked.size > 0) return ["repair"];
  return state.openGates.size > 0 ? [] : ["complete"];
}

/** Tasks on their way: neither finished nor held up by others. */
function movingTasks(state: Readonly<State>): number {
  const { open, claimed, submitted, checking, reviewing, approved, merging } = state.byStatus;
  return open.size + claimed.size + submitted.size + checking.size + reviewing.size + approved.size + merging.size;
}
