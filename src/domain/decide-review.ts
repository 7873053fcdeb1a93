import type { SeatId } from "../base/ids.ts";
import { ended } from "./attempt-end.ts";
import type { Command } from "./commands.ts";
import { reopen } from "./decide-task.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import { answeredDoubts, findDoubt, type OpenReview, stands } from "./doubt.ts";
import type { Event } from "./events.ts";
import { failed, givenUpMeans } from "./failure.ts";
import { openGate } from "./gate.ts";
import type { Prose, Seat, Session, State, Task } from "./model.ts";
import { escalates } from "./recovery.ts";
import { unreviewed } from "./review-queue.ts";
import { misplaced } from "./task-rules.ts";
import { deriveVerdict } from "./verdict.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

export function readDiff(state: State, command: Of<"read_diff">, session: Session): Decision {
  const task = state.tasks.get(command.task);
  const { job } = session;
  if (job.kind !== "review" || job.task !== command.task)
    return no("NOT_YOURS", `${command.task} is not what this session reviews`, "whoami");
  if (!task || task.sha !== command.sha) return no("SHA_CHANGED", `${command.task} is at another commit`, `diff_get for ${command.task}`);
  if (session.pages.read.has(command.page)) return already();
  return yes({ type: "diff_read", session: session.id, page: command.page, pages: command.pages });
}

/** What holds for whoever speaks about a submitted commit: no author of it, on the commit that is there now. */
function reviewable(state: State, command: Of<"review_task"> | Of<"verify_finding">, seat: Seat): Task | Decision {
  const task = state.tasks.get(command.task);
  if (!task) return no("NOT_FOUND", `no task ${command.task}`, "whoami");
  const wrong = misplaced(task, command.type);
  if (wrong) return { ok: false, refusal: wrong };
  if (task.authors.includes(seat.seat))
    return no("OWN_WORK", `${seat.seat} wrote part of ${task.id} and may not review it`, "end your turn");
  return task;
}

const moved = (task: Task, sha: string): Decision =>
  no(
    "SHA_CHANGED",
    `${task.id} is now at ${task.sha?.slice(0, 12)}; you looked at ${sha.slice(0, 12)}`,
    `diff_get for ${task.id}, then look again`,
  );

/** Bound to the submitted sha and to the seat it was given to; the verdict is derived from criteria and findings. */
export function reviewTask(state: State, command: Of<"review_task">, seat: Seat, session: Session, now: number): Decision {
  const task = reviewable(state, command, seat);
  if ("ok" in task) return task;
  if (task.reviewer !== seat.seat || session.job.kind !== "review" || session.job.task !== task.id)
    return no("NOT_YOURS", `the review of ${task.id} belongs to ${task.reviewer ?? "nobody"}`, "whoami");
  if (task.sha !== command.sha) return moved(task, command.sha);
  const incomplete = unread(session, task) ?? unanswered(command, task);
  if (incomplete) return incomplete;
  const verdict = deriveVerdict(command.criteria, command.findings);
  const { text } = command;
  // What an audit wants to know is what this reviewer said: nobody is asked a second time, and nothing follows.
  if (state.audit !== null) {
    const recorded = { task: task.id, sha: command.sha, by: seat.seat, approved: verdict.approved, text };
    return yes({ type: "review_recorded", ...recorded }, { type: "task_moved", task: task.id, to: "reviewed" });
  }
  const as = session.job.as;
  if (verdict.doubts.length > 0) {
    const { id: by } = session;
    const facts = { task: task.id, sha: command.sha, by: seat.seat, approved: false, text, doubts: verdict.doubts, session: by };
    return yes({ type: "review_recorded", ...facts, ...(as ? { as } : {}) });
  }
  return yes(...concluded(state, task, { by: seat.seat, text, risk: as === "risk" }, verdict.unmet.length + verdict.blocking.length, now));
}

/** One answer to one doubt; the last of them brings the verdict. */
export function verifyFinding(state: State, command: Of<"verify_finding">, seat: Seat, session: Session, now: number): Decision {
  const task = reviewable(state, command, seat);
  if ("ok" in task) return task;
  const review = task.openReview;
  const doubt = findDoubt(task, command.finding);
  if (!review || !doubt) return no("NO_DOUBT", `${command.finding} is no open point of the review of ${task.id}`, "whoami");
  const mine = session.job.kind === "verify" && session.job.task === task.id && session.job.doubt === doubt.id;
  if (doubt.verifier !== seat.seat || !mine || session.id === review.session)
    return no("NOT_YOURS", `${doubt.id} of ${task.id} is looked into by ${doubt.verifier ?? "nobody"}`, "whoami");
  if (task.sha !== command.sha) return moved(task, command.sha);
  if (doubt.answer !== null) return no("ANSWERED", `${doubt.id} of ${task.id} is ${doubt.answer}`, "end your turn");
  // The text holds all answers so far: one that was written beside another answer would lose it.
  if (command.after !== answeredDoubts(review))
    return no("ANSWERED_MEANWHILE", "another point was answered meanwhile", "the same call again", true);
  const { finding, answer, text } = command;
  const answered: Event = { type: "finding_verified", task: task.id, sha: command.sha, finding, by: seat.seat, answer, text };
  const all = review.doubts.map((one) => (one.id === finding ? { ...one, answer } : one));
  if (all.some((one) => one.answer === null)) return yes(answered);
  return yes(answered, ...concluded(state, task, { ...review, text }, all.filter(stands).length, now));
}

/** The verdict, once nothing is in doubt: `count` points stand against the work. */
function concluded(
  state: State,
  task: Task,
  { by, text, risk }: Pick<OpenReview, "by" | "risk"> & { readonly text: Prose },
  count: number,
  now: number,
): readonly Event[] {
  const sha = task.sha ?? "";
  if (risk && count === 0) return [{ type: "risk_reviewed", task: task.id, sha, by, text }];
  const recorded: Event = {
    type: "review_recorded",
    task: task.id,
    sha,
    by,
    approved: count === 0,
    text,
    ...(risk ? { as: "risk" as const } : {}),
  };
  if (count === 0) return [recorded, { type: "task_moved", task: task.id, to: "approved" }];
  return [recorded, ...changesRequested(state, task, text, count, now)];
}

function unread(session: Session, task: Task): Decision | null {
  const pages = unreadPages(session);
  if (pages.length === 0) return null;
  return no(
    "DIFF_UNREAD",
    session.pages.of === 0
      ? `no page of ${task.id}'s diff was fetched`
      : `${pages.length} of ${session.pages.of} pages of ${task.id}'s diff were not fetched`,
    `diff_get for ${task.id} with cursor p${pages[0]}`,
  );
}

function unanswered(command: Of<"review_task">, task: Task): Decision | null {
  const missing = Array.from({ length: task.criteria }, (_, index) => index + 1).filter(
    (n) => !command.criteria.some((criterion) => criterion.n === n),
  );
  if (missing.length === 0) return null;
  return no(
    "CRITERIA_MISSING",
    `no answer to criterion ${missing.join(", ")} of ${task.id}`,
    `task_review_submit with one entry per criterion (1 to ${task.criteria})`,
  );
}

function changesRequested(state: State, task: Task, findings: Prose, count: number, now: number): readonly Event[] {
  const last = task.rounds + 1 >= task.roundsCap;
  const why = `${count} points of the review`;
  if (last && escalates(task)) {
    const end = { result: "changes_requested" as const, why, to: "failed" as const, findings, findingsCount: count };
    return failed(state, task, [ended(task, end)]);
  }
  const events = reopen(state, task, now, { result: "changes_requested", why, findings, findingsCount: count, keep: true });
  if (!last || events.some((event) => event.type === "gate_opened")) return events;
  const gate = openGate(state, now, "rounds", {
    title: `${task.id} was returned ${task.rounds + 1} times by review`,
    question: `${task.id} "${task.title}" was returned ${task.rounds + 1} times. Allow more rounds, or give it up?${givenUpMeans(state, task)}`,
    options: ["retry", "give_up"],
    task: task.id,
  });
  return [...events, gate];
}

export function unreadPages(session: Readonly<Session>): readonly number[] {
  if (session.pages.of === 0) return [1];
  return Array.from({ length: session.pages.of }, (_, index) => index + 1).filter((page) => !session.pages.read.has(page));
}

/** Everybody who could review it wrote part of it, or is gone. */
export function askForReviewer(state: State, command: Of<"ask_for_reviewer">, now: number): Decision {
  const task = state.tasks.get(command.task);
  if (!task || !unreviewed(state).includes(task.id)) return already();
  const authors: readonly SeatId[] = task.authors.filter((seat) => state.seats.get(seat)?.duty === "reviewer");
  const why = authors.length > 0 ? `${authors.join(", ")} wrote part of it` : "no reviewer is left";
  const gate = openGate(state, now, "reviewer", {
    title: `nobody may review ${task.id}`,
    question: `${task.id} "${task.title}" waits for a review, and ${why}. Add a reviewer (spawn_role) and retry, or give it up?${givenUpMeans(state, task)}`,
    options: ["retry", "give_up"],
    task: task.id,
  });
  return yes(gate);
}
