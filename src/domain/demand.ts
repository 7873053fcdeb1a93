/**
 * What of the work waits for somebody and nobody is free for it: the demand a swarm grows by. Derived from the state alone,
 * in the order in which it is met: a review holds up a merge, a risk review holds up a review, work comes after both.
 */
import { isTogether } from "./collab.ts";
import { keptFor } from "./decide-task.ts";
import { isKept, jobState } from "./job.ts";
import type { Seat, State, Task } from "./model.ts";
import { MODES } from "./modes/index.ts";
import { mayTake } from "./modes/recruit.ts";
import { freeSession } from "./ready.ts";
import { unsavedOf } from "./recovery.ts";
import { wantedRole } from "./resolver.ts";
import { isRiskSeat, kindOf, providersOf, suits } from "./review-queue.ts";
import { NEED_KINDS, type Need, type Template } from "./scaling.ts";
import { sessionOf } from "./state.ts";

/** Something that waits, and who may take it. */
export interface Demand extends Need {
  /** Whether an agent of the team may, once it is free. */
  fits(seat: Readonly<Seat>): boolean;
  /** Whether an agent that joins would. */
  wants(joins: Pick<Template, "role" | "duty" | "provider">): boolean;
  /** Providers it is better kept away from, because they stand behind an author. */
  readonly behind: ReadonlySet<string | undefined>;
}

/** Waiting jobs that no agent is free for or about to be free for. Nothing waits: empty. */
export function demand(state: Readonly<State>, now: number): readonly Demand[] {
  const all = waiting(state, now);
  if (all.length === 0) return [];
  const free = new Set([...state.seats.values()].filter((seat) => isFree(state, seat)));
  return all.filter((one) => {
    for (const seat of free) if (one.fits(seat)) return !free.delete(seat);
    return true;
  });
}

function waiting(state: Readonly<State>, now: number): readonly Demand[] {
  const all = [...reviews(state), ...work(state, now), ...planning(state)];
  return NEED_KINDS.flatMap((kind) => all.filter((one) => one.kind === kind));
}

const NOBODY: ReadonlySet<string> = new Set();

function* reviews(state: Readonly<State>): Iterable<Demand> {
  for (const id of state.byStatus.reviewing) {
    const task = state.tasks.get(id);
    if (!task || task.gate !== null) continue;
    if (task.openReview) {
      const open = task.openReview.doubts.filter(({ answer, verifier }) => answer === null && verifier === null);
      const fits = (seat: Readonly<Seat>): boolean => suits(seat, task, "review") && answersFresh(state, seat);
      for (const _ of open) yield review(state, task, "review", fits);
    } else if (task.reviewer === null) {
      const kind = kindOf(state, task);
      yield review(state, task, kind, (seat) => suits(seat, task, kind));
    }
  }
}

const review = (state: Readonly<State>, task: Readonly<Task>, kind: "review" | "risk", fits: Demand["fits"]): Demand => ({
  kind,
  task: task.id,
  fits,
  wants: (joins) => joins.duty === "reviewer" && isRiskSeat(joins) === (kind === "risk"),
  behind: providersOf(state, task.authors),
});

/** A doubt is answered by a session that has nothing of the review in mind. */
function answersFresh(state: Readonly<State>, { seat }: Readonly<Seat>): boolean {
  const session = sessionOf(state, seat);
  return session === undefined || !isKept(state, session);
}

/** Open tasks that nothing holds. None of them shares a file with a running one: no plan and no extension allows it. */
function* work(state: Readonly<State>, now: number): Iterable<Demand> {
  for (const id of state.byStatus.open) {
    const task = state.tasks.get(id);
    if (!task || task.human || task.gate !== null || unsavedOf(state, task) || keptFor(state, task, now)) continue;
    if (isTogether(task)) {
      yield* places(task);
      continue;
    }
    const { role } = wantedRole(state, task);
    const wants = (joins: Pick<Template, "role" | "duty">): boolean => joins.duty === "worker" && joins.role === role;
    yield { kind: "work", task: id, fits: wants, wants, behind: NOBODY };
  }
}

/** One for each place of a task that is done together: who is free may take one of them. */
function* places({ id, mode: spec }: Readonly<Task>): Iterable<Demand> {
  for (const seat of spec?.seats ?? []) {
    const fits = (one: Parameters<typeof mayTake>[3]): boolean => spec !== undefined && mayTake(MODES[spec.kind], spec, seat, one);
    yield { kind: "work", task: id, fits, wants: (joins) => fits({ ...joins, own: joins }), behind: NOBODY };
  }
}

/** A plan waits for its reviewer. The queen is one, and stays alone. */
function* planning({ plan }: Readonly<State>): Iterable<Demand> {
  if (plan.status !== "reviewing" || !plan.pending || plan.reviewer !== null || plan.gate) return;
  const wants = (joins: Pick<Template, "role" | "duty">): boolean => joins.duty === "reviewer" && !isRiskSeat(joins);
  yield { kind: "planning", task: null, fits: wants, wants, behind: NOBODY };
}

/**
 * Whether an agent has nothing to do, or is about to have nothing. One that rests or waits for a gate counts: what keeps it
 * would keep the next one like it as well.
 */
function isFree(state: Readonly<State>, seat: Readonly<Seat>): boolean {
  if (seat.status !== "active") return false;
  const session = sessionOf(state, seat.seat);
  if (!session || freeSession(state, seat)) return true;
  if (session.person) return false;
  if (session.status === "ending") return session.restart === null;
  if (jobState(state, session) === "done") return true;
  // It lets go of its task when what it submitted is committed.
  return session.job.kind === "task" && state.tasks.get(session.job.task)?.status === "submitted";
}
