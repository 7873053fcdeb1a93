/**
 * The facts of a swarm that everybody shares: `swarm_status`, the command line, the demo, the event feed. A plain copy that
 * shares nothing with the state. What only looks different for each reader belongs to the reader.
 */

import { isParked, warnings } from "./budget.ts";
import { runningOf } from "./collab.ts";
import { inline } from "./foreign.ts";
import { meaningOf } from "./gate-answer.ts";
import { idleWords } from "./idle-turns.ts";
import { jobState } from "./job.ts";
import { jobWords } from "./job-kind.ts";
import { type Gate, OVER, type Session, type State, type Task, type TaskStatus } from "./model.ts";
import { opensAt } from "./provider.ts";

export interface SwarmView {
  readonly swarm: string;
  readonly title: string;
  readonly status: State["status"];
  readonly team: string;
  /** Commits of the log this was folded from; where a feed goes on. */
  readonly cursor: number;
  readonly plan: { readonly status: State["plan"]["status"]; readonly revision: number; readonly conditions: readonly string[] };
  /** How many tasks stand where; statuses without a task are left out. */
  readonly tasks: Readonly<Partial<Record<TaskStatus, number>>>;
  /** Tasks between open and merged, oldest change first. */
  readonly moving: readonly MovingTask[];
  readonly agents: readonly AgentView[];
  readonly gates: readonly GateView[];
  /** Work of skep's own that fails and is tried again. */
  readonly failing: readonly { readonly what: string; readonly times: number; readonly error: string }[];
  readonly spent: { readonly usd: number; readonly tokens: number };
  /** Providers that do not serve, or did not lately. */
  readonly providers: readonly ProviderView[];
  /** Agents that work on another harness than their role asks for. */
  readonly routed: readonly { readonly agent: string; readonly from: string; readonly to: string }[];
  /** Budgets that near their cap, in words. */
  readonly budgets: readonly string[];
  readonly branch: string;
  readonly base: string;
  readonly tip: string;
  readonly target: string | null;
  readonly landed: string | null;
  readonly pullRequest: string | null;
  readonly unseen: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number | null;
}
export interface MovingTask {
  readonly task: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly agent: string | null;
  /** Why its last attempt ended, when it was returned. */
  readonly returned: string | null;
  /** What its approval lacks: a review at all, or what the review should have been. */
  readonly note: string | null;
}
export interface AgentView {
  readonly agent: string;
  readonly role: string;
  readonly doing: string;
}
export interface ProviderView {
  readonly provider: string;
  readonly kind: string;
  /** Foreign text. */
  readonly why: string;
  /** Nobody starts a turn before this time; 0: no pause. */
  readonly pausedUntil: number;
  readonly degradedUntil: number;
  readonly gate: string | null;
}
export interface GateView {
  readonly gate: string;
  readonly kind: Gate["kind"];
  readonly title: string;
  readonly question: Gate["question"];
  /** null: the question says it all. */
  readonly context: Gate["question"] | null;
  readonly options: readonly string[];
  /** What happens after an option. */
  readonly means: Readonly<Record<string, string>>;
  readonly fallback: string | null;
  readonly deadlineAt: number | null;
  readonly task: string | null;
  readonly agent: string | null;
}

const MOVING = ["open", "claimed", "submitted", "checking", "reviewing", "approved", "merging"] as const;

export function swarmView(state: Readonly<State>): SwarmView {
  const { id, title, status, team, seq, plan, branch, base, tip, target, landed, pullRequest, createdAt, endedAt } = state;
  const over = OVER.has(status);
  const counts = Object.entries(state.byStatus).flatMap(([name, ids]) => (ids.size > 0 ? [[name, ids.size] as const] : []));
  return {
    swarm: id,
    ...{ title, status, team, branch, base, tip, target, landed, pullRequest, endedAt },
    cursor: seq,
    plan: { status: plan.status, revision: plan.revision, conditions: [...((plan.pending ?? plan.approved)?.conditions ?? [])] },
    tasks: Object.fromEntries(counts),
    moving: moving(state),
    agents: agents(state),
    gates: [...state.openGates].flatMap((gate) => gateView(state.gates.get(gate))),
    failing: [...state.failures].map(([what, { count, error }]) => ({ what, times: count, error })),
    spent: { usd: state.spent.usd, tokens: state.spent.tokens },
    providers: (over ? [] : [...state.providers]).map(([provider, { kind, why, pausedUntil, degradedUntil, gate }]) => ({
      ...{ provider, kind, why, pausedUntil, degradedUntil },
      gate,
    })),
    routed: (over ? [] : [...state.seats.values()]).flatMap((seat) =>
      seat.route === 0 ? [] : [{ agent: seat.seat, from: seat.own.harness, to: seat.harness }],
    ),
    budgets: warnings(state),
    unseen: [...state.unseen],
    startedAt: createdAt,
  };
}

function moving(state: Readonly<State>): readonly MovingTask[] {
  const tasks = MOVING.flatMap((status) => [...state.byStatus[status]].flatMap((id) => state.tasks.get(id) ?? []));
  return tasks
    .sort((a, b) => a.changedAt - b.changedAt)
    .map((task) => ({
      ...{ task: task.id, title: task.title, status: task.status, attempt: task.attempt, agent: task.seat },
      returned: task.status === "open" || task.status === "claimed" ? (task.history.at(-1)?.why ?? null) : null,
      note: noteOf(task),
    }));
}

function noteOf(task: Readonly<Task>): string | null {
  const { status, sha, risk, skip, downgraded } = task;
  const together = runningOf(task)?.collab;
  if (together) return `done together, step ${together.step}: ${together.cursor.phase} of round ${together.cursor.round}`;
  if (status !== "reviewing" && status !== "approved" && status !== "merging") return null;
  if (skip !== null && risk !== "high") return `not reviewed: ${skip}`;
  return downgraded !== null && downgraded.sha === sha ? `its review is less than it should be: ${downgraded.why}` : null;
}

function agents(state: Readonly<State>): readonly AgentView[] {
  return [...state.seats.values()]
    .filter(({ status }) => status !== "stopped")
    .map((seat) => {
      const session = seat.session === null ? undefined : state.sessions.get(seat.session);
      const idle = seat.gate ? `waits for gate ${seat.gate}` : "idle";
      return { agent: seat.seat, role: seat.role, doing: session ? doing(state, session) : idle };
    });
}

function doing(state: Readonly<State>, session: Readonly<Session>): string {
  const { job } = session;
  const what =
    job.kind === "plan"
      ? "the plan"
      : job.kind === "plan_review"
        ? `review of plan revision ${job.revision}`
        : job.kind === "task"
          ? `${job.task} attempt ${job.attempt}`
          : job.kind === "verify" || job.kind === "collab"
            ? jobWords(job)
            : `${job.as === "risk" ? "risk review" : "review"} of ${job.task}`;
  const seat = state.seats.get(session.seat);
  const opens = seat ? opensAt(state, seat) : 0;
  const held = session.turn === "idle" && (opens === null || opens > state.changedAt);
  if (session.status === "ending") return `${what}, ending`;
  if (session.person?.gate) return `${what}, in a person's hands (gate ${session.person.gate})`;
  if (held) return `${what}, waits for ${seat?.provider}`;
  if (session.status !== "live") return `${what}, starting`;
  if (isParked(state, session)) return `${what}, parked: its budget is used up`;
  if (session.retrying) return `${what}, its CLI retries the model`;
  if (session.turn === "running") return `${what}${trouble(session)}`;
  if (session.turn === "idle" && jobState(state, session) === "done") return "idle, its session is kept";
  return `${what}, ${jobState(state, session) === "waiting" ? "waits" : "between turns"}`;
}

/** What the watch over it found. */
function trouble({ watch, seenAt }: Readonly<Session>): string {
  if (watch.probe) return ", asked for a sign of life before it is ended";
  if (watch.turns && watch.turns.told !== null) return `, ${idleWords(watch.turns)}`;
  if (watch.loop) return `, calls ${inline(watch.loop.tool, 60)} again and again (${watch.loop.times} times)`;
  const since = `since ${new Date(seenAt).toISOString()}`;
  if (watch.silence > 0) return watch.unknown ? `, its work cannot be seen ${since}` : `, no sign of work ${since}`;
  return "";
}

export function gateView(gate: Readonly<Gate> | undefined): readonly GateView[] {
  if (!gate) return [];
  const { id, kind, title, question, context = null, options, fallback, deadlineAt, task, seat } = gate;
  const asked = { gate: id, kind, title, question, context };
  return [{ ...asked, options: [...options], means: meanings(kind, options), fallback, deadlineAt, task, agent: seat }];
}

/** By option; one whose meaning is the asking agent's alone is left out. */
function meanings(kind: Gate["kind"], options: readonly string[]): Readonly<Record<string, string>> {
  const known = options.map((option) => [option, meaningOf(kind, option)] as const);
  return Object.fromEntries(known.filter((one): one is readonly [string, string] => one[1] !== null));
}
