import type { GateId, SeatId, SessionId, SwarmId, TaskId } from "../base/ids.ts";
import type { CollabEvent } from "./collab-commands.ts";
import type { TurnUsage } from "./commands.ts";
import type { DoubtAnswer } from "./doubt.ts";
import type { Reckoning } from "./estimate.ts";
import type { GateEvent } from "./gate-commands.ts";
import type { LandStrategy } from "./landing.ts";
import type { Limits, Measure } from "./limits.ts";
import type { MergeEvent } from "./merge-commands.ts";
import type {
  AttemptResult,
  CheckSum,
  Continues,
  Job,
  OwedTurn,
  PlanRevision,
  Proc,
  Prose,
  SeatSpec,
  TaskSpec,
  TaskStatus,
  WakeReason,
} from "./model.ts";
import type { ProblemFact, Route } from "./provider.ts";
import type { Need } from "./scaling.ts";
import type { SelfPause } from "./self-pause.ts";
import type { SupervisionEvent } from "./supervision-commands.ts";

/** What the log keeps. Additive only: a field is never renamed or given another meaning. */
export type Event =
  | {
      readonly type: "swarm_created";
      readonly rules: number;
      readonly swarm: SwarmId;
      readonly goal: Prose;
      readonly title: string;
      readonly team: string;
      readonly solo: boolean;
      readonly base: string;
      readonly branch: string;
      readonly target: string | null;
      readonly unseen: readonly string[];
      readonly settings: Prose;
      readonly limits: Limits;
      readonly seats: readonly SeatSpec[];
      readonly full?: readonly string[];
      readonly audit?: Prose;
      /** What it will probably cost: in words, and what those come from. */
      readonly estimate?: string;
      readonly reckoning?: Reckoning;
      readonly continues?: Continues;
      readonly draft?: Prose;
    }
  | { readonly type: "rules_raised"; readonly from: number; readonly to: number }
  | { readonly type: "swarm_opened"; readonly tip: string }
  /** `itself`: nothing had moved for long. */
  | { readonly type: "swarm_paused"; readonly why: string; readonly itself?: SelfPause }
  | { readonly type: "swarm_resumed" }
  /** Somebody outside wrote to a swarm that stood still. */
  | { readonly type: "swarm_roused" }
  | { readonly type: "swarm_ended"; readonly status: "completed" | "stopped" | "failed"; readonly ending: Prose }
  | { readonly type: "swarm_closed" }
  | { readonly type: "swarm_landed"; readonly sha: string; readonly strategy?: LandStrategy; readonly url?: string }
  | { readonly type: "lease_taken"; readonly epoch: number; readonly holder: Proc & { readonly id: string }; readonly address: string }
  /** `scaled`: it joined by itself, for this. */
  | { readonly type: "seat_added"; readonly seat: SeatSpec; readonly scaled?: Need }
  | { readonly type: "seat_stopping"; readonly seat: SeatId; readonly idle?: true }
  | { readonly type: "session_wanted"; readonly session: SessionId; readonly seat: SeatId; readonly job: Job }
  | {
      readonly type: "worktree_opened";
      readonly session: SessionId;
      readonly path: string;
      readonly base: string;
      readonly conflict: readonly string[];
      readonly discarded: readonly string[];
    }
  | {
      readonly type: "session_started";
      readonly session: SessionId;
      readonly run: number;
      readonly epoch: number;
      readonly proc: Proc;
      readonly cli: string;
      readonly turn: "running" | "idle";
    }
  | {
      readonly type: "token_minted";
      readonly session: SessionId;
      readonly run: number;
      readonly tokenHash: string;
      /** What is left of a minute's starts after this one. */
      readonly startsLeft?: number;
    }
  /** The start it was minted for failed: nobody may use it. */
  | { readonly type: "token_revoked"; readonly session: SessionId; readonly run: number }
  | { readonly type: "turn_owed"; readonly session: SessionId; readonly turn: OwedTurn }
  | { readonly type: "turn_started"; readonly session: SessionId; readonly asked: number | null; readonly reasons: number }
  | {
      readonly type: "turn_ended";
      readonly session: SessionId;
      readonly ok: boolean;
      readonly error: string | null;
      readonly usage: TurnUsage;
      readonly problem?: ProblemFact;
      /** Its number among those without progress in a row; 0: it made some. Absent: it does not count. */
      readonly idle?: number;
    }
  /** Absent `activeAt`: now. */
  | {
      readonly type: "session_seen";
      readonly session: SessionId;
      readonly activeAt?: number;
      readonly by?: "events" | "files" | "tools";
      readonly progress?: true;
    }
  | SupervisionEvent
  | { readonly type: "session_retrying"; readonly session: SessionId; readonly problem: ProblemFact }
  /** A live session of a seat that keeps its session gets its next job. */
  | { readonly type: "job_changed"; readonly session: SessionId; readonly job: Job }
  | {
      readonly type: "provider_limited";
      readonly provider: string;
      readonly kind: ProblemFact["kind"];
      readonly why: string;
      readonly pausedUntil: number;
      readonly degradedUntil: number;
    }
  | { readonly type: "provider_recovered"; readonly provider: string }
  | ({
      readonly type: "seat_routed";
      readonly seat: SeatId;
      readonly route: number;
      /** Not what its role asks for. */
      readonly downgrade: boolean;
      readonly why: string;
    } & Route)
  | { readonly type: "budget_warned"; readonly scope: string; readonly what: Measure; readonly used: number; readonly cap: number }
  | { readonly type: "spent_elsewhere"; readonly day: number; readonly usd: number; readonly tokens: number; readonly turns: number }
  | { readonly type: "session_named"; readonly session: SessionId; readonly cli: string }
  | {
      readonly type: "session_ending";
      readonly session: SessionId;
      readonly why: string;
      /** Its job goes on in a new run. */
      readonly restart?: "fresh" | "same";
      /** Nothing is asked of it now: its next run begins without a turn. */
      readonly asleep?: true;
    }
  | {
      readonly type: "session_ended";
      readonly session: SessionId;
      readonly why: string;
      /** Whether it left its job undone; counts against the seat. */
      readonly lapsed: boolean;
      readonly restUntil: number;
      readonly output: Prose | null;
    }
  /** Its CLI lost it: the job and the worktree stay, the next run begins anew with the first message. */
  | {
      readonly type: "session_reset";
      readonly session: SessionId;
      readonly why: string;
      readonly output: Prose | null;
      /** same: it is continued by its CLI session id. Absent: fresh. */
      readonly as?: "fresh" | "same";
      readonly asleep?: true;
    }
  /** A person wants to work in it themselves. */
  | { readonly type: "session_handed"; readonly session: SessionId; readonly now: boolean }
  | { readonly type: "session_parked"; readonly session: SessionId; readonly gate: GateId | null }
  | { readonly type: "session_returned"; readonly session: SessionId }
  | { readonly type: "tool_denied"; readonly session: SessionId; readonly tool: string; readonly why: string }
  | { readonly type: "diff_read"; readonly session: SessionId; readonly page: number; readonly pages: number }
  | { readonly type: "queen_woken"; readonly reason: WakeReason }
  | { readonly type: "plan_submitted"; readonly plan: PlanRevision; readonly deadlineAt: number }
  | {
      readonly type: "plan_reviewed";
      readonly revision: number;
      readonly by: SeatId | "engine" | "operator";
      readonly approved: boolean;
      readonly findings: Prose | null;
      readonly findingsCount: number;
    }
  | { readonly type: "task_proposed"; readonly spec: TaskSpec; readonly by: SeatId }
  | {
      readonly type: "task_claimed";
      readonly task: TaskId;
      readonly attempt: number;
      readonly seat: SeatId;
      /** null: several do it together, each step in sessions of its own. */
      readonly session: SessionId | null;
      /** Why it went to another role than the plan names. */
      readonly because?: string;
    }
  | { readonly type: "progress_noted"; readonly task: TaskId; readonly progress: Prose }
  | {
      readonly type: "task_extended";
      readonly task: TaskId;
      readonly attempt: number;
      readonly files: readonly string[];
      readonly why: string;
    }
  | { readonly type: "task_submitted"; readonly task: TaskId; readonly submission: number; readonly text: Prose }
  | {
      readonly type: "submission_committed";
      readonly task: TaskId;
      readonly sha: string;
      /** Others than its holder, found in the commits of the range. */
      readonly authors?: readonly SeatId[];
      /** Why it needs no review. */
      readonly skip?: string;
    }
  /** A commit that no seat made is to be reviewed: how every task of an audit begins. */
  | { readonly type: "review_wanted"; readonly task: TaskId; readonly base: string; readonly sha: string }
  | { readonly type: "risk_raised"; readonly task: TaskId; readonly path: string; readonly pattern: string }
  | {
      readonly type: "submission_refused";
      readonly task: TaskId;
      readonly why: "out_of_scope" | "empty" | "conflict";
      readonly paths: readonly string[];
      /** The backup ref that holds what was refused. */
      readonly kept?: string;
    }
  | ({ readonly type: "check_recorded"; readonly task: TaskId; readonly sha: string } & CheckSum)
  | { readonly type: "checks_passed"; readonly task: TaskId; readonly sha: string; readonly results: Prose }
  | {
      readonly type: "review_recorded";
      readonly task: TaskId;
      readonly sha: string;
      readonly by: SeatId;
      readonly approved: boolean;
      readonly text: Prose;
      /** The verdict waits for these: `approved` says nothing yet, a second event will. */
      readonly doubts?: readonly string[];
      readonly session?: SessionId;
      readonly as?: "risk";
    }
  /** A risk review without a blocking finding: the ordinary one may begin. */
  | { readonly type: "risk_reviewed"; readonly task: TaskId; readonly sha: string; readonly by: SeatId; readonly text: Prose }
  | {
      readonly type: "finding_verified";
      readonly task: TaskId;
      readonly sha: string;
      readonly finding: string;
      readonly by: SeatId;
      readonly answer: DoubtAnswer;
      readonly text: Prose;
    }
  /** Approved by the project's rule, unread. */
  | { readonly type: "review_skipped"; readonly task: TaskId; readonly sha: string; readonly because: string }
  | { readonly type: "review_downgraded"; readonly task: TaskId; readonly sha: string; readonly seat: SeatId; readonly why: string }
  | { readonly type: "task_moved"; readonly task: TaskId; readonly to: TaskStatus }
  | {
      readonly type: "attempt_ended";
      readonly task: TaskId;
      readonly attempt: number;
      readonly seat: SeatId;
      readonly result: AttemptResult;
      readonly why: string;
      /** What was tried, in the author's words. */
      readonly approach: Prose | null;
      /** Its work missed a metric: it stays on its branch, and the next attempt does not build on it. */
      readonly keep?: false;
      readonly to: "open" | "merged" | "failed" | "cancelled";
      readonly findings: Prose | null;
      readonly findingsCount: number;
      readonly conflict: readonly string[];
      readonly reserved: { readonly seat: SeatId; readonly until: number } | null;
      /** The seat's worktree may still hold work of this attempt. */
      readonly unsaved: boolean;
    }
  | { readonly type: "work_saved"; readonly task: TaskId; readonly attempt: number; readonly sha: string | null }
  | MergeEvent
  /** A task failed for good, and another role takes it up. */
  | { readonly type: "recovery_opened"; readonly task: TaskId; readonly spec: TaskSpec }
  /** What comes after a task that failed for good: none of it can begin. */
  | { readonly type: "dependants_lost"; readonly task: TaskId; readonly lost: readonly TaskId[] }
  | CollabEvent
  | { readonly type: "task_cancelled"; readonly task: TaskId; readonly to: "cancelled" | "failed"; readonly why: string }
  | GateEvent
  | { readonly type: "cap_raised"; readonly what: "attempts" | "rounds"; readonly task: TaskId; readonly to: number }
  | { readonly type: "revisions_raised"; readonly to: number }
  | { readonly type: "budget_raised"; readonly to: number | null; readonly scope: string; readonly what: Measure }
  | { readonly type: "tip_adopted"; readonly tip: string }
  | { readonly type: "tip_put_aside"; readonly tip: string }
  | { readonly type: "effect_failed"; readonly key: string; readonly error: string; readonly count: number; readonly retryAt: number }
  | { readonly type: "effect_reset"; readonly key: string };
export type EventType = Event["type"];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;
