/** Where a session stands, selected from the state in one synchronous step: plain data, prose left as references. */

import type { SessionId } from "../base/ids.ts";
import { swarmCap } from "./budget.ts";
import { inline } from "./foreign.ts";
import type { AttemptResult, Duty, Job, Proof, Prose, Session, State, TaskStatus } from "./model.ts";
import { nextStep } from "./next.ts";

export interface WhoamiFacts {
  readonly agent: string;
  readonly role: string;
  readonly duty: Duty;
  readonly swarm: string;
  readonly status: State["status"];
  readonly goal: Prose;
  readonly job: Job;
  readonly task: TaskPart | null;
  readonly plan: PlanPart | null;
  readonly worktree: string | null;
  readonly base: string | null;
  readonly gates: readonly { readonly id: string; readonly title: string; readonly minutes: number }[];
  /** null: the queen's session has no end of its own. */
  readonly minutesLeft: number | null;
  readonly next: string;
}
export interface TaskPart {
  readonly id: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly rounds: number;
  readonly roundsLeft: number;
  readonly attemptsLeft: number;
  readonly proof: Proof;
  readonly files: readonly string[];
  readonly text: Prose;
  /** The author's side only; a reviewer sees neither. */
  readonly progress: Prose | null;
  readonly findings: Prose | null;
  readonly history: readonly { readonly attempt: number; readonly result: AttemptResult }[];
}
export interface PlanPart {
  readonly revision: number;
  readonly status: State["plan"]["status"];
  readonly hash: string | null;
  readonly findings: Prose | null;
  readonly tasks: Readonly<Partial<Record<TaskStatus, number>>>;
  /** Tasks that need the queen. */
  readonly needs: readonly { readonly task: string; readonly what: string; readonly title: string }[];
  readonly usd: number;
  readonly usdCap: number | null;
}

/** null: the session is over; its token resolves no more. */
export function whoamiFacts(state: Readonly<State>, id: SessionId, now: number): WhoamiFacts | null {
  const session = state.sessions.get(id);
  const seat = session && state.seats.get(session.seat);
  if (!session || !seat) return null;
  return {
    agent: seat.seat,
    role: seat.role,
    duty: seat.duty,
    swarm: state.id,
    status: state.status,
    goal: state.goal,
    job: { ...session.job },
    task: taskPart(state, session),
    plan: session.job.kind === "plan" || session.job.kind === "plan_review" ? planPart(state, session) : null,
    worktree: session.worktree,
    base: session.job.kind === "task" ? (state.tasks.get(session.job.task)?.base ?? null) : null,
    gates: gatesOf(state, session, now),
    minutesLeft: session.job.kind === "plan" ? null : Math.max(0, Math.round((session.startedAt + state.limits.sessionMs - now) / 60_000)),
    next: nextStep(state, session).text,
  };
}

function taskPart(state: Readonly<State>, { job, seat }: Readonly<Session>): TaskPart | null {
  if (job.kind !== "task" && job.kind !== "review" && job.kind !== "collab") return null;
  const task = state.tasks.get(job.task);
  if (!task) return null;
  const { id, title, status, rounds, proof, text } = task;
  const author = job.kind === "task" && task.seat === seat;
  return {
    ...{ id, title, status, rounds, proof, text },
    attempt: job.attempt,
    roundsLeft: Math.max(0, task.roundsCap - rounds),
    attemptsLeft: Math.max(0, task.attemptsCap - task.attempt),
    files: [...task.files],
    progress: author ? task.progress : null,
    findings: author ? task.findings : null,
    history: author ? task.history.map(({ attempt, result }) => ({ attempt, result })) : [],
  };
}

function planPart(state: Readonly<State>, { job }: Readonly<Session>): PlanPart {
  const { plan, byStatus } = state;
  const queen = job.kind === "plan";
  const counts = Object.entries(byStatus).flatMap(([status, ids]) => (ids.size > 0 ? [[status, ids.size] as const] : []));
  return {
    revision: job.kind === "plan_review" ? job.revision : plan.revision,
    status: plan.status,
    hash: job.kind === "plan_review" && plan.pending?.revision === job.revision ? plan.pending.hash : null,
    findings: queen && plan.findingsCount > 0 ? plan.findings : null,
    tasks: queen ? Object.fromEntries(counts) : {},
    needs: queen ? needsQueen(state) : [],
    usd: state.spent.usd,
    usdCap: swarmCap(state, "usd"),
  };
}

const NEEDS = 8;

function needsQueen(state: Readonly<State>): PlanPart["needs"] {
  const found: { task: string; what: string; title: string }[] = [];
  const add = (id: string, what: string, title: string): void =>
    void (found.length < NEEDS && found.push({ task: id, what, title: inline(title, 80) }));
  for (const id of state.byStatus.proposed) add(id, "proposal", state.tasks.get(id)?.title ?? "");
  for (const status of ["open", "blocked", "failed"] as const) {
    for (const id of state.byStatus[status]) {
      const task = state.tasks.get(id);
      const released = task?.history.filter(({ result }) => result === "released").length ?? 0;
      if (task && status === "failed") add(id, "failed", task.title);
      else if (task && released > 1) add(id, `given back ${released} times`, task.title);
    }
  }
  return found;
}

function gatesOf(state: Readonly<State>, { job, seat }: Readonly<Session>, now: number): WhoamiFacts["gates"] {
  return [...state.openGates].flatMap((id) => {
    const gate = state.gates.get(id);
    const mine = gate && (job.kind === "plan" || gate.seat === seat || ("task" in job && gate.task === job.task));
    return mine ? [{ id, title: gate.title, minutes: Math.max(0, Math.round((now - gate.openedAt) / 60_000)) }] : [];
  });
}
