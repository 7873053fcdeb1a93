import type { Command } from "./commands.ts";
import { reopen } from "./decide-task.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { openGate } from "./gate.ts";
import type { Seat, Session, State, Task } from "./model.ts";
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

/** Bound to the submitted sha and to the seat it was given to; the verdict is derived from criteria and findings. */
export function reviewTask(state: State, command: Of<"review_task">, seat: Seat, session: Session, now: number): Decision {
  const task = state.tasks.get(command.task);
  if (!task) return no("NOT_FOUND", `no task ${command.task}`, "whoami");
  const wrong = misplaced(task, "review_task");
  if (wrong) return { ok: false, refusal: wrong };
  if (task.authors.includes(seat.seat))
    return no("OWN_WORK", `${seat.seat} wrote part of ${task.id} and may not review it`, "end your turn");
  if (task.reviewer !== seat.seat || session.job.kind !== "review" || session.job.task !== task.id)
    return no("NOT_YOURS", `the review of ${task.id} belongs to ${task.reviewer ?? "nobody"}`, "whoami");
  if (task.sha !== command.sha)
    return no(
      "SHA_CHANGED",
      `${task.id} is now at ${task.sha?.slice(0, 12)}; you reviewed ${command.sha.slice(0, 12)}`,
      `diff_get for ${task.id}, then review again`,
    );
  const unread = unreadPages(session);
  if (unread.length > 0)
    return no(
      "DIFF_UNREAD",
      session.pages.of === 0
        ? `no page of ${task.id}'s diff was fetched`
        : `${unread.length} of ${session.pages.of} pages of ${task.id}'s diff were not fetched`,
      `diff_get for ${task.id} with cursor p${unread[0]}`,
    );
  const missing = Array.from({ length: task.criteria }, (_, index) => index + 1).filter(
    (n) => !command.criteria.some((criterion) => criterion.n === n),
  );
  if (missing.length > 0)
    return no(
      "CRITERIA_MISSING",
      `no answer to criterion ${missing.join(", ")} of ${task.id}`,
      `task_review_submit with one entry per criterion (1 to ${task.criteria})`,
    );
  const verdict = deriveVerdict(command.criteria, command.findings);
  const recorded: Event = {
    type: "review_recorded",
    task: task.id,
    sha: command.sha,
    by: seat.seat,
    approved: verdict.approved,
    text: command.text,
  };
  if (verdict.approved) return yes(recorded, { type: "task_moved", task: task.id, to: "approved" });
  return yes(recorded, ...changesRequested(state, task, command, verdict.unmet.length + verdict.blocking.length, now));
}

function changesRequested(state: State, task: Task, command: Of<"review_task">, count: number, now: number): Event[] {
  const events = reopen(state, task, now, {
    result: "changes_requested",
    why: `${count} points of the review`,
    findings: command.text,
    findingsCount: count,
    keep: true,
  });
  if (task.rounds + 1 < task.roundsCap || events.some((event) => event.type === "gate_opened")) return events;
  const gate = openGate(state, now, "rounds", {
    title: `${task.id} was returned ${task.rounds + 1} times by review`,
    question: `${task.id} "${task.title}" was returned ${task.rounds + 1} times. Allow more rounds, or give it up?`,
    options: ["retry", "give_up"],
    task: task.id,
  });
  return [...events, gate];
}

export function unreadPages(session: Readonly<Session>): readonly number[] {
  if (session.pages.of === 0) return [1];
  return Array.from({ length: session.pages.of }, (_, index) => index + 1).filter((page) => !session.pages.read.has(page));
}
