import type { TaskId } from "../base/ids.ts";
import { pausingGate } from "./budget.ts";
import type { Command, RulePlan } from "./commands.ts";
import { endorseByRule } from "./decide-tier.ts";
import { already, type Decision, no, yes } from "./decision.ts";
import type { Event, EventOf } from "./events.ts";
import { lostTasks } from "./failure.ts";
import { listed } from "./foreign.ts";
import { ENDED, OVER, RULES, type State, type TaskSpec, type TaskStatus } from "./model.ts";
import { planProblems } from "./plan-problems.ts";
import { emptyState, liveCount, movesNoMore, newSeat } from "./state.ts";
import { asksAtPlan } from "./tier.ts";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** Birth, pause, resume, end, lease: what concerns the swarm as a whole. */
export function createSwarm(state: State, command: Of<"create_swarm">, now: number): Decision {
  if (state.status !== "none") return already();
  const { type: _, task, plan, audit, ...facts } = command;
  const created: Event = { type: "swarm_created", rules: RULES, ...facts, ...(audit ? { audit: audit.manifest } : {}) };
  if (audit) {
    const wanted = audit.items.map(({ spec, base, sha }): Event => ({ type: "review_wanted", task: spec.id, base, sha }));
    return yes(created, ...byRule(command.title, whole(command.title, "audit", audit.items)), ...wanted);
  }
  if (plan) {
    const problems = planProblems(atBirth(command), plan);
    if (problems.length > 0)
      return no("PLAN_REFUSED", `(${problems.length}) ${problems.join("; ")}`, "pipeline_preview with the same arguments");
    const [submitted, approved] = byRule(command.title, plan);
    const birth = atBirth(command);
    return asksAtPlan(birth) ? yes(created, submitted, ...endorseByRule(birth, submitted.plan, now)) : yes(created, submitted, approved);
  }
  return task ? yes(created, ...byRule(command.title, whole(command.title, "solo", [{ spec: task }]))) : yes(created);
}

/** The swarm as its first event makes it, for a look at what its plan asks of it. */
export function atBirth({ limits, seats }: Pick<Of<"create_swarm">, "limits" | "seats">): State {
  return { ...emptyState(), limits, seats: new Map(seats.map((spec) => [spec.seat, newSeat(spec)])) };
}

/** A goal that is one piece of work. */
const whole = (title: string, hash: string, items: readonly { readonly spec: TaskSpec }[]): RulePlan => ({
  ...{ hash, conditions: [title], text: "" },
  tasks: items.map(({ spec }) => spec),
});

/** A plan no agent made: approved as it stands, unless a person is to have a word. */
function byRule(goal: string, made: RulePlan): readonly [EventOf<"plan_submitted">, EventOf<"plan_reviewed">] {
  const plan = { revision: 1, by: "engine" as const, goal, ...made, partial: false, cancels: [], at: 0 };
  return [
    { type: "plan_submitted", plan, deadlineAt: 0 },
    { type: "plan_reviewed", revision: 1, by: "engine", approved: true, findings: null, findingsCount: 0 },
  ];
}

export function pauseSwarm(state: State): Decision {
  if (state.pausedBy === "operator") return already();
  if (OVER.has(state.status) || state.status === "none") return no("WRONG_STATUS", `the swarm is ${state.status}`, "swarm_status");
  return yes({ type: "swarm_paused", why: "operator" });
}

export function resumeSwarm(state: State): Decision {
  if (state.status === "running" || state.status === "opening") return already();
  if (state.status !== "paused") return no("WRONG_STATUS", `the swarm is ${state.status}; only a paused one resumes`, "swarm_status");
  const gate = pausingGate(state);
  if (gate) return no("BUDGET_SPENT", `${gate.title}; it has to be raised first`, `gate_answer for ${gate.id} with raise`);
  return yes({ type: "swarm_resumed" });
}

export function stopSwarm(state: State, why: string): Decision {
  if (OVER.has(state.status)) return already();
  return yes({ type: "swarm_ended", status: "stopped", ending: why });
}

export function recordLanded(state: State, { sha, strategy, url }: Of<"record_landed">): Decision {
  if (url === undefined ? state.landed === sha : state.pullRequest === url) return already();
  return yes({ type: "swarm_landed", sha, ...(strategy ? { strategy } : {}), ...(url === undefined ? {} : { url }) });
}

export function takeLease(state: State, command: Of<"take_lease">): Decision {
  if (state.epoch === command.over + 1 && state.lease?.holder.id === command.holder.id) return already();
  if (command.over !== state.epoch)
    return no("LEASE_MOVED", `the lease is at epoch ${state.epoch}, not ${command.over}`, "look again", true);
  return yes({ type: "lease_taken", epoch: command.over + 1, holder: command.holder, address: command.address });
}

export function recordOpened(state: State, tip: string): Decision {
  if (state.tip !== "") return already();
  return yes({ type: "swarm_opened", tip });
}

export function recordClosed(state: State): Decision {
  if (state.closed) return already();
  if (!OVER.has(state.status)) return no("WRONG_STATUS", `the swarm is ${state.status}`, "swarm_status");
  return yes({ type: "swarm_closed" });
}

/** Everything that stands between the swarm and its end, in words; empty when it may complete. */
export function openEnds(state: Readonly<State>): readonly string[] {
  const ends: string[] = [];
  for (const [status, ids] of Object.entries(state.byStatus)) {
    if (ids.size === 0 || ENDED.has(status as TaskStatus)) continue;
    // Nobody could take up a proposal in a swarm without a queen: it is for the user to read.
    if (status === "proposed" && state.solo) continue;
    ends.push(`${[...ids].slice(0, 8).join(", ")} ${ids.size === 1 ? "is" : "are"} ${status}`);
  }
  if (!state.solo) for (const id of state.openGates) ends.push(`gate ${id} is open`);
  if (state.merges.undo) ends.push(`${state.merges.undo.task} is being undone`);
  if (state.plan.status !== "approved") ends.push(`the plan is ${state.plan.status}`);
  const met = new Set<number>();
  for (const id of state.byStatus.merged) for (const n of state.tasks.get(id)?.meets ?? []) met.add(n);
  for (const index of (state.plan.approved?.conditions ?? []).keys())
    if (!met.has(index + 1)) ends.push(`condition ${index + 1} has no merged task`);
  return ends;
}

export function completeSwarm(state: State, command: Of<"complete_swarm">): Decision {
  const ends = openEnds(state);
  if (ends.length > 0) return no("NOT_COMPLETE", ends.join("; "), "finish, cancel or plan what is open, then swarm_complete");
  return yes({ type: "swarm_ended", status: "completed", ending: command.summary });
}

/**
 * A swarm without a queen ends by itself: with every task merged it is complete, with one given up it failed, as soon as no
 * other can go on. An audit is complete when every review is in or given up.
 */
export function finishSolo(state: State): Decision {
  if (!state.solo) return no("WRONG_STATUS", "this swarm has a queen who completes it", "swarm_status");
  if (state.audit !== null) {
    if (liveCount(state) > 0) return no("NOT_COMPLETE", openEnds(state).join("; "), "wait");
    return state.byStatus.reviewed.size > 0
      ? yes({ type: "swarm_ended", status: "completed", ending: "" })
      : yes({ type: "swarm_ended", status: "failed", ending: "nothing was reviewed" });
  }
  const lost = lostTasks(state);
  if (openEnds(state).length === 0 && lost.length === 0) return yes({ type: "swarm_ended", status: "completed", ending: "" });
  return movesNoMore(state)
    ? yes({ type: "swarm_ended", status: "failed", ending: givenUp(state, lost) })
    : no("NOT_COMPLETE", openEnds(state).join("; "), "wait");
}

/** What a swarm that ends by itself has not done. */
function givenUp({ tasks, byStatus }: State, lost: readonly TaskId[]): string {
  if (tasks.size === 1) return "its task was given up";
  const waiting = byStatus.blocked.size === 0 ? "" : `; ${listed([...byStatus.blocked], 8)} waited for that`;
  return `${listed(lost, 8) || "all"} ${lost.length === 1 ? "was" : "were"} given up${waiting}`;
}
