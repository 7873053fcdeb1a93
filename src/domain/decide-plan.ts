import type { SeatId } from "../base/ids.ts";
import { ended } from "./attempt-end.ts";
import type { Command } from "./commands.ts";
import { endorse } from "./decide-tier.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event } from "./events.ts";
import { openGate } from "./gate.ts";
import { isMerging } from "./merge-queue.ts";
import { ENDED, type PlanRevision, type State, type Task } from "./model.ts";
import { additionProblems, planProblems } from "./plan-problems.ts";
import { asksAtPlan } from "./tier.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** The queen hands in a whole plan; a later one replaces it, and after approval it is an amendment. */
export function submitPlan(state: State, command: Of<"submit_plan">, seat: SeatId, now: number): Decision {
  if (state.plan.pending?.hash === command.hash) return already();
  if (state.plan.status === "approved" && state.plan.approved?.hash === command.hash) return already();
  const problems = planProblems(state, command);
  if (problems.length > 0) return no(`PLAN_REFUSED`, `(${problems.length}) ${problems.join("; ")}`, "plan_submit with these mended");
  const held = heldByGate(state);
  if (held) return held;
  if (unapproved(state) >= state.limits.planRevisions) return tooManyRevisions(state, now);
  const { type: _, ...body } = command;
  const named = new Set<string>(body.tasks.map((task) => task.id));
  const cancels = [...liveTasks(state)].filter((task) => !named.has(task.recovers ?? task.id)).map((task) => task.id);
  const plan: PlanRevision = { ...body, revision: state.plan.revision + 1, by: seat, partial: false, cancels, at: now };
  return yes({ type: "plan_submitted", plan, deadlineAt: now + state.limits.planReviewMs });
}

/** While a person is asked about the plan it stays the one they were asked about. */
const heldByGate = ({ plan }: State): Decision | null =>
  plan.gate === null ? null : no("WAITING_HUMAN", `gate ${plan.gate} about the plan is open`, "end your turn; you are woken by the answer");

/** Revisions since the last approved one: a long swarm may amend its plan many times, and none of that is disagreement. */
export const unapproved = ({ plan }: State): number => plan.revision - (plan.approved?.revision ?? 0);

function tooManyRevisions(state: State, now: number): Decision {
  const count = unapproved(state);
  return yes(
    openGate(state, now, "plan_review", {
      title: `the plan was returned ${count} times`,
      question: `The queen and the reviewer do not agree on a plan after ${count} revisions. Go on with another revision, or stop the swarm?`,
      options: ["another", "stop"],
    }),
  );
}

/** The queen adds one task to a plan in force, perhaps out of a worker's proposal. */
export function createTask(state: State, command: Of<"create_task">, seat: SeatId, now: number): Decision {
  const { plan } = state;
  if (plan.status !== "approved" || !plan.approved)
    return no("WRONG_STATUS", `the plan is ${plan.status}; tasks are added to an approved one`, "plan_submit");
  const held = heldByGate(state);
  if (held) return held;
  const from = command.from === null ? null : state.tasks.get(command.from);
  if (command.from !== null && from?.status !== "proposed") return no("NOT_FOUND", `no proposal ${command.from}`, "task_list");
  const problems = additionProblems(state, command.spec);
  if (problems.length > 0) return no("PLAN_REFUSED", `(${problems.length}) ${problems.join("; ")}`, "task_create with these mended");
  const revision = plan.revision + 1;
  const { goal, conditions, text } = plan.approved;
  const pending: PlanRevision = {
    revision,
    hash: `add-${command.spec.id}-${revision}`,
    by: seat,
    goal,
    conditions,
    text,
    tasks: [command.spec],
    partial: true,
    cancels: [],
    at: now,
  };
  const events: Event[] = [{ type: "plan_submitted", plan: pending, deadlineAt: now + state.limits.planReviewMs }];
  if (from && from.id !== command.spec.id)
    events.push({ type: "task_cancelled", task: from.id, to: "cancelled", why: `taken up as ${command.spec.id}` });
  return yes(...events);
}

export function cancelTask(state: State, command: Of<"cancel_task">): Decision {
  const task = state.tasks.get(command.task);
  if (!task) return no("NOT_FOUND", `no task ${command.task}`, "task_list");
  if (task.status === "cancelled") return already();
  if (ENDED.has(task.status) || isMerging(state, task))
    return no("WRONG_STATUS", `${task.id} is ${ENDED.has(task.status) ? task.status : "merging"}`, "task_list");
  return yes(...cancelEvents(task, command.why));
}

/** Ends a task for good; work of a running attempt stays on its branch. */
export function cancelEvents(task: Task, why: string, to: "cancelled" | "failed" = "cancelled"): Event[] {
  const running = task.seat !== null && (task.status === "claimed" || task.status === "submitted");
  if (!running) return [{ type: "task_cancelled", task: task.id, to, why }];
  return [ended(task, { result: "cancelled", why, to, approach: task.progress })];
}

/** Bound to the revision and hash it was read at; the verdict follows from coverage and findings. */
export function reviewPlan(state: State, command: Of<"review_plan">, seat: SeatId, now: number): Decision {
  const pending = state.plan.pending;
  if (pending && state.plan.endorsed === pending.revision && pending.revision === command.revision) return already();
  if (!pending || state.plan.status !== "reviewing")
    return no("WRONG_STATUS", `no plan is under review; the plan is ${state.plan.status}`, "end your turn");
  if (pending.revision !== command.revision || pending.hash !== command.hash)
    return no(
      "PLAN_CHANGED",
      `the plan is at revision ${pending.revision}; you reviewed ${command.revision}`,
      "whoami, read the new revision, then plan_review_submit",
    );
  const unread = pending.partial ? [] : missingCoverage(pending, command.coverage);
  if (unread.length > 0)
    return no(
      "COVERAGE_MISSING",
      `no entry for condition ${unread.join(", ")}`,
      `plan_review_submit with one entry per condition (1 to ${pending.conditions.length})`,
    );
  const unmapped = pending.partial
    ? []
    : command.coverage.filter((entry) => !entry.tasks.some((id) => pending.tasks.some((task) => task.id === id)));
  const blocking = command.findings.filter((finding) => finding.blocking && finding.kind !== "one_agent_would_do").length;
  const approved = unmapped.length === 0 && blocking === 0;
  const late = afterAll(state, now);
  if (approved && asksAtPlan(state)) return yes(...late, ...endorse(state, pending, seat, command.text, now));
  return yes(...late, {
    type: "plan_reviewed",
    revision: pending.revision,
    by: seat,
    approved,
    findings: command.text,
    findingsCount: blocking + unmapped.length,
  });
}

/** A review that comes after its time settles the plan all the same: nobody has to say any more what happens without it. */
function afterAll({ plan }: State, now: number): readonly Event[] {
  return plan.gate === null ? [] : [{ type: "gate_answered", gate: plan.gate, answer: "reviewed", by: "engine", at: now }];
}

function missingCoverage(pending: PlanRevision, coverage: Of<"review_plan">["coverage"]): number[] {
  const named = new Set(coverage.map((entry) => entry.condition));
  return [...pending.conditions.keys()].map((index) => index + 1).filter((n) => !named.has(n));
}

/** A silent reviewer approves nothing: a person is asked. */
export function expirePlanReview(state: State, command: Of<"expire_plan_review">, now: number): Decision {
  const { plan, limits } = state;
  if (plan.status !== "reviewing" || plan.pending?.revision !== command.revision || plan.gate) return already();
  if (plan.deadlineAt === null || now < plan.deadlineAt) return no("TOO_EARLY", "the review still has time", "wait", true);
  return yes(
    openGate(state, now, "plan_review", {
      title: `no review of plan revision ${command.revision}`,
      question: `The reviewer did not answer within ${Math.round(limits.planReviewMs / 60_000)} minutes. Wait once more, approve the plan yourself, return it to the queen, or stop the swarm?`,
      options: ["wait", "approve", "return", "stop"],
    }),
  );
}

export function proposeTask(state: State, command: Of<"propose_task">, seat: SeatId, role: string): Decision {
  const { type: _, blocking, ...body } = command;
  if (state.tasks.has(command.id)) return already();
  return yes({ type: "task_proposed", spec: { ...body, role, after: [], meets: [] }, by: seat });
}

function* liveTasks(state: State): Iterable<Task> {
  for (const task of state.tasks.values()) if (!ENDED.has(task.status) && task.status !== "proposed" && !isMerging(state, task)) yield task;
}
