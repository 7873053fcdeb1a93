import type { Command } from "./commands.ts";
import { reopen } from "./decide-task.ts";
import { commitUnmade } from "./decide-unmade.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import { effectKey } from "./effects.ts";
import type { Event } from "./events.ts";
import { openGate } from "./gate.ts";
import { type CheckSum, METRIC, OVER, type State, type Task } from "./model.ts";
import { misplaced, stale, type TaskCommand } from "./task-rules.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** What the engine's own effects report about submitted work: commit, checks, merge, saved work. */
export function at(state: State, command: { type: TaskCommand; task: Task["id"]; attempt: number }): Task | Decision {
  const task = state.tasks.get(command.task);
  if (!task) return no("NOT_FOUND", `no task ${command.task}`, "task_list");
  const refusal = stale(task, command.attempt) ?? misplaced(task, command.type);
  return refusal ? { ok: false, refusal } : task;
}

export function recordCommit(state: State, command: Of<"record_commit">, now: number): Decision {
  const task = at(state, command);
  if ("ok" in task) return task;
  if (task.submissions !== command.submission)
    return no("STALE_SUBMISSION", `${task.id} is at submission ${task.submissions}, not ${command.submission}`, "look again");
  const why = refusedFor(command);
  if (command.sha !== null && why === null) return yes(...committed(state, task, command, command.sha));
  const paths = why === "conflict" ? command.conflict : command.outside;
  const kept = command.kept === undefined ? {} : { kept: command.kept };
  const refused: Event = { type: "submission_refused", task: task.id, why: why ?? "empty", paths, ...kept };
  const there = task.session !== null && state.sessions.has(task.session);
  if (there && task.refusals + 1 < state.limits.refusals) return yes(refused);
  const named = paths.slice(0, 3).join(", ");
  const line = {
    empty: "handed in without any change",
    out_of_scope: `changed ${named} outside its files`,
    conflict: `left conflicts in ${named}`,
  };
  return yes(refused, ...reopen(state, task, now, { result: why ?? "empty", why: line[why ?? "empty"], keep: false }));
}

/** What the commit itself says: who made it, how risky it is, whether it needs a review. */
function committed(state: State, task: Task, { authors = [], risky, skip }: Of<"record_commit">, sha: string): readonly Event[] {
  const others = authors.filter((seat) => state.seats.has(seat) && !task.authors.includes(seat));
  const found = { ...(others.length > 0 ? { authors: others } : {}), ...(skip === undefined || task.mustReview ? {} : { skip }) };
  const done: Event = { type: "submission_committed", task: task.id, sha, ...found };
  return risky && task.risk !== "high" ? [{ type: "risk_raised", task: task.id, ...risky }, done] : [done];
}

/** Unread, by the project's own rule; never what is risky. */
function skipped({ id, risk, skip }: Task, sha: string): readonly Event[] {
  if (skip === null || risk === "high") return [];
  return [
    { type: "review_skipped", task: id, sha, because: skip },
    { type: "task_moved", task: id, to: "approved" },
  ];
}

function refusedFor(command: Of<"record_commit">): "empty" | "out_of_scope" | "conflict" | null {
  if (command.conflict.length > 0) return "conflict";
  if (command.sha === null) return "empty";
  return command.outside.length > 0 ? "out_of_scope" : null;
}

export function recordChecks(state: State, command: Of<"record_checks">, now: number): Decision {
  const task = at(state, command);
  if ("ok" in task) return task;
  if (task.sha !== command.sha) return no("SHA_CHANGED", `${task.id} is at another commit`, "look again");
  const recorded: Event[] = command.checks.map((check) => ({ type: "check_recorded", task: task.id, sha: command.sha, ...check }));
  const failed = command.checks.filter((check) => !check.passed).map((check) => check.check);
  if (failed.length === 0 && command.findingsCount === 0)
    return yes(
      ...recorded,
      { type: "checks_passed", task: task.id, sha: command.sha, results: command.results },
      ...skipped(task, command.sha),
    );
  const { findings, findingsCount } = command;
  const why = `${failed.join(", ")} failed${numbers(command.checks)}`;
  // A metric that is reached while other checks fail is work worth mending; one that is missed is another approach's turn.
  const discard = failed.includes(METRIC);
  return yes(...recorded, ...reopen(state, task, now, { result: "checks_failed", why, findings, findingsCount, keep: true, discard }));
}

function numbers(checks: readonly CheckSum[]): string {
  const measured = checks.flatMap((check) => check.measured ?? []);
  if (measured.length === 0) return "";
  return ` (${measured
    .slice(0, 3)
    .map(({ name, value, wanted }) => `${name} ${value}, wanted ${wanted}`)
    .join("; ")})`;
}

export function recordSaved(state: State, command: Of<"record_saved">): Decision {
  const task = state.tasks.get(command.task);
  if (!task?.unsaved || task.unsaved.attempt !== command.attempt) return already();
  return yes({ type: "work_saved", task: task.id, attempt: command.attempt, sha: command.sha });
}

/** An effect failed: it is tried again later, and after its last try a person is asked. */
export function failEffect(state: State, command: Of<"fail_effect">, now: number): Decision {
  if (command.unmade) return commitUnmade(state, command, command.unmade, now);
  const { limits } = state;
  const count = (state.failures.get(command.key)?.count ?? 0) + 1;
  const retryAt = now + Math.min(limits.retryBaseMs * 2 ** (count - 1), limits.retryMaxMs);
  const failed: Event = { type: "effect_failed", key: command.key, error: command.error, count, retryAt };
  const undone = revoked(state, command.key);
  if (count % limits.effectTries !== 0) return yes(...undone, failed);
  const over = OVER.has(state.status);
  const gate = openGate(state, now, "effect", {
    title: `${command.key} failed ${count} times`,
    question: `${command.key} failed ${count} times, last with: ${command.error}. Mend the cause and retry${over ? "" : ", or stop the swarm"}?`,
    // What has ended cannot be stopped.
    options: over ? ["retry"] : ["retry", "stop"],
    effect: command.key,
  });
  return yes(...undone, failed, gate);
}

/** A start that failed leaves no token that works. */
function revoked(state: State, key: string): readonly Event[] {
  for (const session of state.sessions.values())
    if (session.tokenHash !== null && session.tokenRun > session.run && effectKey.start_session(session) === key)
      return [{ type: "token_revoked", session: session.id, run: session.tokenRun }];
  return [];
}
