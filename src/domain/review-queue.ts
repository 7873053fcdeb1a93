/** Who reviews what: risk first, never an author, another provider where there is one, and doubts in fresh sessions. */
import type { SeatId, TaskId } from "../base/ids.ts";
import type { Job, Seat, State, Task } from "./model.ts";
import { unready } from "./ready.ts";

/** Seats of this role look at what could go wrong, and at nothing else. */
const RISK_ROLE = "risk";
export const isRiskSeat = ({ duty, role }: Pick<Seat, "duty" | "role">): boolean => duty === "reviewer" && role === RISK_ROLE;

type Kind = "review" | "risk";
export const suits = (seat: Readonly<Seat>, task: Readonly<Task>, kind: Kind): boolean =>
  seat.duty === "reviewer" && seat.status === "active" && isRiskSeat(seat) === (kind === "risk") && !task.authors.includes(seat.seat);

/** Seats that may take the next step of this task's review: a doubt, a risk review, or the review itself. */
export const reviewersOf = (state: Readonly<State>, task: Readonly<Task>): readonly Seat[] =>
  [...state.seats.values()].filter((seat) => suits(seat, task, task.openReview ? "review" : kindOf(state, task)));

const someone = (state: Readonly<State>, task: Readonly<Task>, kind: Kind): boolean =>
  [...state.seats.values()].some((seat) => suits(seat, task, kind));

/** Whether a risk review of this commit comes before the ordinary one. */
const wantsRisk = (state: Readonly<State>, task: Readonly<Task>): boolean =>
  task.risk === "high" && task.screened !== task.sha && someone(state, task, "risk");

export const kindOf = (state: Readonly<State>, task: Readonly<Task>): Kind => (wantsRisk(state, task) ? "risk" : "review");

type ReviewJob = Extract<Job, { kind: "review" }>;
type VerifyJob = Extract<Job, { kind: "verify" }>;

function reviewJob(state: Readonly<State>, task: Readonly<Task>, sha: string): ReviewJob {
  const job: ReviewJob = { kind: "review", task: task.id, attempt: task.attempt, round: task.rounds + 1, sha };
  return wantsRisk(state, task) ? { ...job, as: "risk" } : job;
}

/** Why a seat may not have this review, or null. The one rule behind dispatch and `start_job`. */
export function unreviewable(state: Readonly<State>, seat: Readonly<Seat>, job: ReviewJob): string | null {
  const task = state.tasks.get(job.task);
  if (task?.status !== "reviewing" || task.sha !== job.sha || task.attempt !== job.attempt) return "another commit or no review";
  if (task.reviewer !== null || task.openReview !== null) return "it is under review";
  const kind = kindOf(state, task);
  if ((job.as ?? "review") !== kind) return `a ${kind} is next`;
  return suits(seat, task, kind) ? null : `${seat.seat} may not`;
}

/** Likewise for one doubt of a review. */
export function unverifiable(state: Readonly<State>, seat: Readonly<Seat>, job: VerifyJob): string | null {
  const task = state.tasks.get(job.task);
  if (task?.status !== "reviewing" || task.sha !== job.sha) return "another commit or no review";
  const doubt = task.openReview?.doubts.find(({ id }) => id === job.doubt);
  if (!doubt || doubt.answer !== null || doubt.verifier !== null) return "the doubt is settled or in other hands";
  if (seat.session !== null) return "a fresh session answers it";
  return suits(seat, task, "review") ? null : `${seat.seat} may not`;
}

/** Whether another seat could begin this very moment. */
function another(state: Readonly<State>, seat: Readonly<Seat>, now: number, fits: (other: Readonly<Seat>) => boolean): boolean {
  for (const other of state.seats.values())
    if (other.seat !== seat.seat && other.session === null && fits(other) && unready(state, other, now) === null) return true;
  return false;
}

export const providersOf = (state: Readonly<State>, authors: readonly SeatId[]): ReadonlySet<string | undefined> =>
  new Set(authors.map((author) => state.seats.get(author)?.provider));

export const jobName = (job: Job): string =>
  "doubt" in job ? `verify:${job.task}:${job.doubt}` : "task" in job ? `${job.kind}:${job.task}` : job.kind;

/** Doubts before reviews: somebody waits for them with a review in hand. */
export function nextReview(state: Readonly<State>, seat: Readonly<Seat>, now: number, taken: ReadonlySet<string>): Job | null {
  const risk = isRiskSeat(seat);
  const { plan } = state;
  if (!risk && plan.status === "reviewing" && plan.pending && plan.reviewer === null && !plan.gate && !taken.has("plan_review"))
    return { kind: "plan_review", revision: plan.pending.revision };
  const waiting = [...state.byStatus.reviewing].flatMap((id) => {
    const task = state.tasks.get(id);
    return task?.sha && task.gate === null ? [{ task, sha: task.sha }] : [];
  });
  if (!risk)
    for (const { task, sha } of waiting) {
      const doubt = nextDoubt(state, seat, task, sha, now, taken);
      if (doubt) return doubt;
    }
  for (const { task, sha } of waiting) {
    const job = reviewJob(state, task, sha);
    if (taken.has(jobName(job)) || unreviewable(state, seat, job)) continue;
    const providers = providersOf(state, task.authors);
    const better = (other: Readonly<Seat>): boolean => suits(other, task, job.as ?? "review") && !providers.has(other.provider);
    if (!providers.has(seat.provider) || !another(state, seat, now, better)) return job;
  }
  return null;
}

function nextDoubt(
  state: Readonly<State>,
  seat: Readonly<Seat>,
  task: Readonly<Task>,
  sha: string,
  now: number,
  taken: ReadonlySet<string>,
): VerifyJob | null {
  const review = task.openReview;
  if (!review) return null;
  for (const { id } of review.doubts) {
    const job: VerifyJob = { kind: "verify", task: task.id, attempt: task.attempt, sha, doubt: id };
    if (taken.has(jobName(job)) || unverifiable(state, seat, job)) continue;
    if (review.by === seat.seat && another(state, seat, now, (other) => suits(other, task, "review"))) return null;
    return job;
  }
  return null;
}

/** Tasks whose review nobody of the team may do: a person has to say what becomes of them. */
export function unreviewed(state: Readonly<State>): readonly TaskId[] {
  return [...state.byStatus.reviewing].filter((id) => {
    const task = state.tasks.get(id);
    if (!task || task.gate !== null || task.reviewer !== null) return false;
    return reviewersOf(state, task).length === 0;
  });
}

/** What this review lacks of what it should be, in words; null: nothing. */
export function shortcoming(state: Readonly<State>, seat: Readonly<Seat>, task: Readonly<Task>): string | null {
  const lacks: string[] = [];
  if (task.risk === "high" && task.screened !== task.sha && !isRiskSeat(seat)) lacks.push("no seat of the role risk looks at it first");
  if (providersOf(state, task.authors).has(seat.provider)) lacks.push(`${seat.provider} also stands behind an author`);
  return lacks.length === 0 ? null : lacks.join("; ");
}
