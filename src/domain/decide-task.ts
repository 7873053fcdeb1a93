import type { SeatId, SessionId, TaskId } from "../base/ids.ts";
import { ended } from "./attempt-end.ts";
import { isTogether, runningOf } from "./collab.ts";
import type { Command } from "./commands.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event, EventOf } from "./events.ts";
import { failed, givenUpMeans } from "./failure.ts";
import { openGate } from "./gate.ts";
import type { AttemptResult, Prose, Seat, Session, State, Task } from "./model.ts";
import { escalates, unsavedOf } from "./recovery.ts";
import { wantedRole } from "./resolver.ts";
import { misplaced, stale } from "./task-rules.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** Why `task` cannot be claimed by `seat` now, or null. The one rule behind dispatch and `task_claim`. */
export function unclaimable(state: Readonly<State>, task: Readonly<Task>, seat: Readonly<Seat>, now: number): string | null {
  if (task.status !== "open") return `it is ${task.status}`;
  if (task.human) return "a person does it";
  if (task.gate) return `it waits for gate ${task.gate}`;
  if (unsavedOf(state, task)) return "work of its last attempt is being saved";
  if (isTogether(task)) return "several do it together";
  if (seat.collab) return `${seat.seat} has a part in ${seat.collab}`;
  if (seat.task) return `${seat.seat} already holds ${seat.task}`;
  if (seat.status !== "active") return `${seat.seat} is ${seat.status}`;
  const { role } = wantedRole(state, task);
  if (role !== seat.role) return `it wants the role ${role}`;
  const kept = keptFor(state, task, now);
  return kept && kept.seat !== seat.seat ? `it is kept for ${kept.seat}` : null;
}

/** The seat an open task is kept for at this time, while that one is there to take it. */
export function keptFor(state: Readonly<State>, task: Readonly<Task>, now: number): Task["reserved"] {
  const { reserved } = task;
  if (!reserved || now >= reserved.until) return null;
  const seat = state.seats.get(reserved.seat);
  const there = seat?.status === "active" && seat.role === wantedRole(state, task).role && !seat.gate;
  return there ? reserved : null;
}

/** The next task for a seat: what is reserved for it first, then the oldest that suits. Looks at open tasks only. */
export function nextTask(state: Readonly<State>, seat: Readonly<Seat>, now: number, taken?: ReadonlySet<string>): Task | null {
  for (const ids of [state.reserved, state.byStatus.open])
    for (const id of ids) {
      const task = state.tasks.get(id);
      if (!task || taken?.has(`task:${id}`) || unclaimable(state, task, seat, now)) continue;
      if (ids === state.byStatus.open || task.reserved?.seat === seat.seat) return task;
    }
  return null;
}

export function claimed(state: Readonly<State>, task: Task, seat: SeatId, session: SessionId | null): EventOf<"task_claimed"> {
  const { because } = wantedRole(state, task);
  const event = { type: "task_claimed", task: task.id, attempt: task.attempt + 1, seat, session } as const;
  return because === null ? event : { ...event, because };
}

/** A session that holds nothing takes a task itself, in the same worktree. */
export function claimTask(state: State, command: Of<"claim_task">, seat: Seat, session: Session, now: number): Decision {
  if (seat.task && (command.task === null || command.task === seat.task)) return already();
  if (seat.task) return no("HOLDS_TASK", `you hold ${seat.task}; a seat holds one task`, `task_submit or task_release for ${seat.task}`);
  if (state.status !== "running") return no("NO_TASK", `the swarm is ${state.status}`, "end your turn; you are woken when work opens");
  const task = command.task === null ? nextTask(state, seat, now) : state.tasks.get(command.task);
  if (!task) return command.task === null ? noTask(state) : no("NOT_FOUND", `no task ${command.task}`, "task_list");
  const why = unclaimable(state, task, seat, now);
  if (why) return no("NOT_CLAIMABLE", `${task.id} cannot be claimed: ${why}`, "task_claim without an id for the next that suits you");
  return yes(claimed(state, task, seat.seat, session.id));
}

function noTask(state: State): Decision {
  const waiting = state.byStatus.blocked.size;
  const running = state.byStatus.claimed.size + state.byStatus.checking.size + state.byStatus.reviewing.size;
  return no(
    "NO_TASK",
    `nothing is open for you; ${waiting} wait for others, ${running} are in work`,
    "end your turn; you are woken when one opens",
  );
}

/** The task a worker speaks of, when attempt, holder and status all fit. */
export function held(
  state: State,
  command: { type: "report_progress" | "extend_task" | "submit_task" | "release_task"; task: TaskId; attempt: number },
  seat: SeatId,
): Task | Decision {
  const task = state.tasks.get(command.task);
  if (!task) return no("NOT_FOUND", `no task ${command.task}`, "whoami");
  const old = stale(task, command.attempt);
  if (old) return { ok: false, refusal: old };
  if (task.seat !== seat) return no("NOT_YOURS", `${task.id} is held by ${task.seat ?? "nobody"}`, "whoami");
  const wrong = misplaced(task, command.type);
  if (wrong) return { ok: false, refusal: wrong };
  if (runningOf(task)) return no("DONE_TOGETHER", `${task.id} is still being done together`, "collab_contribute, or whoami");
  return task;
}

export function reportProgress(state: State, command: Of<"report_progress">, seat: SeatId): Decision {
  const task = held(state, command, seat);
  if ("ok" in task) return task;
  return yes({ type: "progress_noted", task: task.id, progress: command.progress });
}

export function submitTask(state: State, command: Of<"submit_task">, seat: SeatId): Decision {
  const task = state.tasks.get(command.task);
  if (task && task.attempt === command.attempt && task.authors.at(-1) === seat && afterSubmit(task)) return already();
  const mine = held(state, command, seat);
  if ("ok" in mine) return mine;
  const missing = Array.from({ length: mine.criteria }, (_, index) => index + 1).filter((n) => !command.evidence.includes(n));
  if (missing.length > 0)
    return no(
      "EVIDENCE_MISSING",
      `${mine.id} has ${mine.criteria} criteria, you sent ${command.evidence.length} lines; ${missing.join(", ")} missing`,
      `task_submit with ${mine.criteria} lines, one per criterion, in order`,
    );
  return yes({ type: "task_submitted", task: mine.id, submission: mine.submissions + 1, text: command.submission });
}

const afterSubmit = (task: Task): boolean => ["submitted", "checking", "reviewing", "approved", "merging", "merged"].includes(task.status);

export function releaseTask(state: State, command: Of<"release_task">, seat: SeatId, now: number): Decision {
  const last = state.tasks.get(command.task)?.history.at(-1);
  if (last?.attempt === command.attempt && last.seat === seat && last.result === "released") return already();
  const task = held(state, command, seat);
  if ("ok" in task) return task;
  return yes(
    ...reopen(state, task, now, { result: "released", why: `${command.reason}: ${command.line}`, approach: command.detail, keep: false }),
  );
}

export interface Reopening {
  readonly result: AttemptResult;
  readonly why: string;
  readonly approach?: Prose | null;
  readonly findings?: Prose | null;
  readonly findingsCount?: number;
  readonly conflict?: readonly string[];
  /** Whether the same seat gets the first chance at it. */
  readonly keep: boolean;
  /** Its work is not what the next attempt goes on from. */
  readonly discard?: boolean;
}

/**
 * An attempt ends and the task is open again. With its attempts used up a person is asked, or another role takes it up where
 * the plan says so.
 */
export function reopen(state: State, task: Task, now: number, how: Reopening): readonly Event[] {
  const { result, why, approach, findings, findingsCount, conflict, keep, discard } = how;
  const seat = task.authors.at(-1) as SeatId;
  const last = task.attempt >= task.attemptsCap;
  const gone = last && escalates(task);
  const end = ended(task, {
    ...{ result, why, to: gone ? ("failed" as const) : ("open" as const) },
    ...(approach == null ? {} : { approach }),
    ...(discard ? { keep: false as const } : {}),
    ...{ findings: findings ?? null, findingsCount: findingsCount ?? 0, conflict: conflict ?? [] },
    reserved: keep && !gone ? { seat, until: now + state.limits.reservedMs } : null,
  });
  if (gone) return failed(state, task, [end]);
  if (!last) return [end];
  const tried = [...task.history.map((past) => `${past.attempt}: ${past.result}`), `${task.attempt}: ${how.result}`].join(", ");
  const gate = openGate(state, now, "attempts", {
    title: `${task.id} used its ${task.attemptsCap} attempts`,
    question: `${task.id} "${task.title}" was tried ${task.attempt} times (${tried}). Give it two more attempts, or give it up?${givenUpMeans(state, task)}`,
    options: ["retry", "give_up"],
    task: task.id,
  });
  return [end, gate];
}
