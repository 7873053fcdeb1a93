/**
 * The state of one swarm and its vocabulary.
 *
 * command   a wish with its sender; comes from a tool call, an effect's result or a deadline
 * event     something that happened; the only thing stored, never refused
 * effect    what the world still owes the state; derived by `react`, never stored
 * refusal   a command that does not apply, as a value with a code and the next step
 * attempt   rises by one on every claim; an older number is refused everywhere (the fence)
 * seat      a place in the team (`dev-0`); session: one harness process behind it, for one job
 * gate      a question only a human may answer
 */
import type { GateId, SeatId, SessionId, SwarmId, TaskId } from "../base/ids.ts";
import type { Reckoning } from "./estimate.ts";
import type { Pace } from "./flood.ts";
import type { Gate } from "./gate-kind.ts";
import type { Job } from "./job-kind.ts";
import type { Limits } from "./limits.ts";
import type { MergeQueue } from "./merge-queue.ts";
import type { OperatorLetter } from "./operator-letter.ts";
import type { OwedTurn, WakeReason } from "./owed-turn.ts";
import type { ProblemFact, Provider, Route } from "./provider.ts";
import type { SelfPause } from "./self-pause.ts";
import type { Spend } from "./spend.ts";
import type { Watch } from "./supervision.ts";
import type { Task, TaskSpec, TaskStatus } from "./task.ts";

export type { Gate, GateKind } from "./gate-kind.ts";
export type { Job } from "./job-kind.ts";
export type { OwedTurn, WakeReason } from "./owed-turn.ts";
export type { AttemptRecord, AttemptResult, CheckSum, Grant, Task, TaskSpec, TaskStatus, TaskText } from "./task.ts";
export { ENDED, METRIC } from "./task.ts";

/** Raised with every change of what decide or evolve make of the same input; a swarm pins it at birth. */
export const RULES = 3;

/** An ended swarm that another one goes on from, and what the new one is told of it. */
export interface Continues {
  readonly swarm: SwarmId;
  readonly brief: Prose;
}

/** Text that decide never reads: inline when short, else the sha256 of an artifact. */
export type Prose = string | { readonly artifact: string; readonly bytes: number };

export type Duty = "queen" | "reviewer" | "worker";
export type Proof = "tests_pass" | "fail_then_pass" | "check_only" | "review_only";
export type Risk = "low" | "normal" | "high";

/** Process identity as the log keeps it: enough to prove that a process is ours before ending it. */
export interface Proc {
  readonly pid: number;
  readonly start: string;
  readonly machine: string;
  readonly boot: string;
}

export interface SeatSpec {
  readonly seat: SeatId;
  readonly role: string;
  readonly duty: Duty;
  readonly harness: string;
  readonly provider: string;
  readonly model: string | null;
  /** Where it may turn when its provider does not serve, in this order. */
  readonly fallbacks?: readonly Route[];
  /** One session goes on from job to job. Absent: a fresh one for each. */
  readonly keeps?: true;
}
/** Harness, provider and model are those of the route it is on now. */
export interface Seat extends Omit<SeatSpec, "harness" | "provider" | "model">, Route {
  harness: string;
  provider: string;
  model: string | null;
  /** What its role asks for. */
  readonly own: Route;
  /** 0: its own; n: the n-th fallback. */
  route: number;
  spent: Spend;
  status: "active" | "stopping" | "stopped";
  session: SessionId | null;
  /** The task this seat holds a claim on. */
  task: TaskId | null;
  /** Sessions of this seat that ended without doing their job, in a row. */
  lapses: number;
  /** No new session before this time: back-off after a lapse. */
  restUntil: number;
  gate: GateId | null;
  /** It joined by itself: when, and since when it has no session. */
  scaled?: { readonly at: number; freeAt: number };
  /** The task it has a part in together with others; it takes nothing else meanwhile. */
  collab?: TaskId;
}

export interface Session {
  readonly id: SessionId;
  readonly seat: SeatId;
  job: Job;
  /** wanted → opened (worktree ready) → live → ending; gone from the state when ended. */
  status: "wanted" | "opened" | "live" | "ending";
  /** Rises with every start of a process for it; results of an older run are refused. */
  run: number;
  /** The host epoch that started the live run. */
  epoch: number;
  worktree: string | null;
  /** Whether the worktree stands ready for the present job. */
  opened: boolean;
  proc: Proc | null;
  /** The CLI's own session id, for resuming. */
  cli: string | null;
  /** sha256 of the newest token. */
  tokenHash: string | null;
  /** The run that token was minted for; it may call before its process is written down. */
  tokenRun: number;
  turn: "running" | "idle";
  /** When the running turn began. */
  turnAt: number | null;
  /** When the present process was started, and the turns it has finished. */
  runAt: number;
  runTurns: number;
  /** Since when its CLI only retries the model, and why. */
  retrying: { readonly since: number; readonly problem: ProblemFact } | null;
  /** It is being ended to begin anew: with nothing of the old session, or as the same one. */
  restart: "fresh" | "same" | null;
  /** How often its present job began anew with nothing of the old session. */
  restarts: number;
  /** Why the session before it in the same job ended; told to the fresh one. */
  handOff: string | null;
  /** Turns finished, over all runs. */
  turns: number;
  /** Number of the latest owed turn; each is delivered once. */
  asked: number;
  owed: OwedTurn | null;
  nudged: boolean;
  /** Its last sign of work. */
  seenAt: number;
  watch: Watch;
  startedAt: number;
  /** When its job was done or void while a turn still ran; it has a short grace to end its turn. */
  voidAt: number | null;
  usd: number;
  tokens: number;
  /** Denied tool calls written down; capped, since some models try without end. */
  denials: number;
  /** Why it is ending or what its last turn failed with. */
  why: string | null;
  /** It ended with nothing to do when the swarm paused itself: it is resumed without a turn, and what is owed to it stays. */
  asleep?: true;
  /** It is being handed to a person, or is in their hands. */
  person?: Person;
  /** Letters about it to the operator. */
  letters?: number;
  /** Pages of the diff under review that this session fetched. */
  pages: { readonly of: number; readonly read: Set<number> };
}

/** `now`: its turn is cut. `parkedAt`: since when its program is gone and a gate asks for it. `back`: it is to be resumed. */
export interface Person {
  readonly now: boolean;
  readonly parkedAt: number | null;
  readonly gate: GateId | null;
  readonly back: boolean;
}

export const POLICIES = ["continue_best_effort", "abort_on_first_fail", "abort_on_critical_fail"] as const;
export type Policy = (typeof POLICIES)[number];

export interface PlanRevision {
  readonly revision: number;
  readonly hash: string;
  readonly by: SeatId | "engine";
  readonly goal: string;
  readonly conditions: readonly string[];
  /** JSON {approach, assumptions}. */
  readonly text: Prose;
  /** All tasks; of a partial revision (`task_create`) only the added one. */
  readonly tasks: readonly TaskSpec[];
  readonly partial: boolean;
  /** Ids of live tasks this amendment would cancel. */
  readonly cancels: readonly TaskId[];
  readonly at: number;
  /** The pipeline it was compiled from. */
  readonly pipeline?: string;
  /** What a task that fails for good means for the rest. Absent: what can go on goes on. */
  readonly policy?: Policy;
}
export interface Plan {
  /** none → reviewing → approved | returned; an amendment goes through reviewing again. */
  status: "none" | "reviewing" | "returned" | "approved";
  revision: number;
  pending: PlanRevision | null;
  /** What is in force; its tasks live in `State.tasks`. */
  approved: Pick<PlanRevision, "revision" | "hash" | "goal" | "conditions" | "text" | "pipeline" | "policy"> | null;
  deadlineAt: number | null;
  /** JSON PlanFinding[] of the last review that returned it. */
  findings: Prose | null;
  findingsCount: number;
  reviewer: SeatId | null;
  gate: GateId | null;
  /** The revision its review approved, while a person has the last word. */
  endorsed?: number;
}

export type SwarmStatus = "none" | "opening" | "running" | "paused" | "completed" | "stopped" | "failed";
export const OVER: ReadonlySet<SwarmStatus> = new Set(["completed", "stopped", "failed"]);

export interface Failure {
  count: number;
  retryAt: number;
  error: string;
}

/** Private to decide, evolve and react; what leaves is a frozen projection (`view.ts`). */
export interface State {
  seq: number;
  rules: number;
  id: SwarmId;
  status: SwarmStatus;
  /** Who wants it paused; a budget that is raised does not end the pause of a person. */
  pausedBy: "operator" | "budget" | "itself" | null;
  itself?: SelfPause;
  goal: Prose;
  title: string;
  team: string;
  solo: boolean;
  /** JSON AuditManifest of a swarm that only reviews what was planted for it; agents never see it. */
  audit: Prose | null;
  /** Where the swarm started; its config, roles and rules are those of this commit. */
  base: string;
  branch: string;
  /** The user's branch, null when detached. */
  target: string | null;
  /** Uncommitted files at creation, which the swarm does not see. */
  unseen: readonly string[];
  /** JSON of the pinned settings: config and role texts. */
  settings: Prose;
  limits: Limits;
  estimate: string | null;
  /** What the estimate comes from. */
  reckoning?: Reckoning;
  /** The swarm it goes on from. */
  continues?: Continues;
  /** A pipeline its queen plans from. */
  draft?: Prose;
  createdAt: number;
  endedAt: number | null;
  /** Why it failed or what the queen said at the end. */
  ending: Prose | null;
  epoch: number;
  lease: { readonly holder: Proc & { readonly id: string }; readonly address: string } | null;
  /** Tip of the integration branch as skep last wrote it. */
  tip: string;
  /** A foreign tip that a person told skep to put on a backup ref. */
  putAside: string | null;
  merges: MergeQueue;
  plan: Plan;
  tasks: Map<TaskId, Task>;
  /** Tasks with a mode. */
  together?: Set<TaskId>;
  /** Ids by status, so that nothing scans finished work. */
  byStatus: Record<TaskStatus, Set<TaskId>>;
  /** Tasks whose last attempt left work in a worktree, and open tasks kept for a seat. */
  unsaved: Set<TaskId>;
  reserved: Set<TaskId>;
  seats: Map<SeatId, Seat>;
  sessions: Map<SessionId, Session>;
  gates: Map<GateId, Gate>;
  openGates: Set<GateId>;
  gateCount: number;
  sessionCount: number;
  failures: Map<string, Failure>;
  /** Of the starts of sessions in a minute; absent: none was counted yet. */
  starts?: Pace;
  /** Why the queen is to be woken, oldest first; emptied when a digest is handed over. */
  wake: WakeReason[];
  /** What she is told at her next check-in, and when she last looked. */
  news: WakeReason[];
  queenAt: number;
  spent: Spend;
  /** What this swarm spent on a day, and what the other swarms of the project did. */
  day: Spend & { readonly day: number };
  elsewhere: Spend & { readonly day: number };
  /** Running time up to `ranSince`; null: it does not run. */
  ranMs: number;
  ranSince: number | null;
  /** Caps a person raised, and those that were warned of, by scope and measure. */
  raised: Map<string, number>;
  warned: Set<string>;
  providers: Map<string, Provider>;
  /** Whether worktrees of an ended swarm were put away. */
  closed: boolean;
  /** Letters to the operator that are not written yet. Absent: none. */
  letters?: readonly OperatorLetter[];
  /** Where the user's branch was when the work came to it. */
  landed: string | null;
  /** Address of the pull request that holds the work. */
  pullRequest: string | null;
  /** Idempotency keys → seq of the commit that holds the first answer. */
  keys: Map<string, number>;
  changedAt: number;
}
