/** What reviews, their doubts and the project's rules about them make of a task. */
import type { EventOf } from "./events.ts";
import { fileName } from "./foreign.ts";
import type { Session, State, Task } from "./model.ts";
import { dismissReviewer, moveTask, sessionOf } from "./state.ts";

function get(state: State, id: Task["id"]): Task {
  const task = state.tasks.get(id);
  if (!task) throw new Error(`event about unknown task ${id}`);
  return task;
}

const forgive = (state: State, by: string): void => {
  const seat = state.seats.get(by as never);
  if (seat) seat.lapses = 0;
};

export function reviewWanted(state: State, { task: id, base, sha }: EventOf<"review_wanted">, at: number): void {
  const task = get(state, id);
  task.attempt = 1;
  task.base = base;
  task.sha = sha;
  moveTask(state, task, "reviewing", at);
}

export function reviewRecorded(state: State, event: EventOf<"review_recorded">, at: number): void {
  const task = get(state, event.task);
  forgive(state, event.by);
  if (event.doubts && event.session) {
    const doubts = event.doubts.map((id) => ({ id, verifier: null, answer: null }));
    task.openReview = { by: event.by, session: event.session, risk: event.as === "risk", text: event.text, doubts };
    dismissReviewer(state, task, at);
    return;
  }
  if (task.base !== null) task.reviewed = { sha: event.sha, base: task.base };
  if (event.approved) return;
  task.rounds += 1;
  task.review = event.text;
}

/** The ordinary review begins from nothing: what risk looked at is no word on the rest. */
export function riskReviewed(state: State, event: EventOf<"risk_reviewed">, at: number): void {
  const task = get(state, event.task);
  task.screened = event.sha;
  task.openReview = null;
  dismissReviewer(state, task, at);
  forgive(state, event.by);
}

export function findingVerified(state: State, event: EventOf<"finding_verified">, at: number): void {
  const review = get(state, event.task).openReview;
  const doubt = review?.doubts.find(({ id }) => id === event.finding);
  if (!review || !doubt) return;
  doubt.answer = event.answer;
  review.text = event.text;
  forgive(state, event.by);
  const session = sessionOf(state, event.by);
  if (session?.job.kind === "verify" && session.job.task === event.task) session.voidAt ??= at;
}

export function riskRaised(state: State, { task: id, path, pattern }: EventOf<"risk_raised">): void {
  const task = get(state, id);
  task.risk = "high";
  task.because = [...(task.because ?? []), `has a high risk: it changes ${fileName(path)}, risky by ${fileName(pattern)}`];
}

export function reviewDowngraded(state: State, { task, sha, why }: EventOf<"review_downgraded">): void {
  get(state, task).downgraded = { sha, why };
}

/** Whoever a session was started for: the seat has that review, or that doubt. */
export function takesReview(state: State, { job, seat }: Pick<Session, "job" | "seat">): void {
  if (job.kind !== "review" && job.kind !== "verify") return;
  const task = state.tasks.get(job.task);
  if (!task) return;
  if (job.kind === "review") task.reviewer = seat;
  else for (const doubt of task.openReview?.doubts ?? []) if (doubt.id === job.doubt) doubt.verifier = seat;
}

/** The session is gone; what it did not answer is another's. */
export function leavesReview(state: State, { job, seat }: Pick<Session, "job" | "seat">): void {
  if (job.kind !== "review" && job.kind !== "verify") return;
  const task = state.tasks.get(job.task);
  if (!task) return;
  if (job.kind === "review" && task.reviewer === seat) task.reviewer = null;
  if (job.kind === "verify")
    for (const doubt of task.openReview?.doubts ?? [])
      if (doubt.id === job.doubt && doubt.verifier === seat && doubt.answer === null) doubt.verifier = null;
}
