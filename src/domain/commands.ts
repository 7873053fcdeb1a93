import type { SeatId, SessionId, SwarmId, TaskId } from "../base/ids.ts";
import type { AuditOrder } from "./audit.ts";
import type { CollabCommand, ContributeCommand } from "./collab-commands.ts";
import type { Unmade } from "./commit-rules.ts";
import type { Reckoning } from "./estimate.ts";
import type { AnswerGate, GateCommand } from "./gate-commands.ts";
import type { LandStrategy } from "./landing.ts";
import type { Limits } from "./limits.ts";
import type { MergeCommand, UndoCommand } from "./merge-commands.ts";
import type { CheckSum, Continues, Job, PlanRevision, Policy, Proc, Proof, Prose, Risk, SeatSpec, TaskSpec, WakeReason } from "./model.ts";
import type { ProblemFact } from "./provider.ts";
import type { ReviewCommand } from "./review-commands.ts";
import type { Need } from "./scaling.ts";
import type { SupervisionCommand } from "./supervision-commands.ts";

export type { FindingEffect, ReviewCriterion, ReviewFinding } from "./review-commands.ts";

/** Who asks. Taken from a token or from the process, never from an argument. */
export type Actor =
  | { readonly kind: "operator" }
  | { readonly kind: "session"; readonly seat: SeatId; readonly session: SessionId; readonly run: number }
  | { readonly kind: "engine"; readonly epoch: number };

export interface PlanFinding {
  readonly kind:
    | "missing_work"
    | "wrong_order"
    | "overlap"
    | "too_big"
    | "not_checkable"
    | "unneeded"
    | "wrong_assumption"
    | "one_agent_would_do";
  readonly task: string | null;
  readonly blocking: boolean;
}

export type ReleaseReason = "stuck" | "impossible" | "needs_other_files" | "not_mine";

/** A plan no agent made. */
export type RulePlan = Pick<PlanRevision, "hash" | "conditions" | "text" | "tasks" | "pipeline" | "policy">;

export type OperatorCommand =
  | {
      readonly type: "create_swarm";
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
      /** Roles that may do anything, as the project or a flag allowed in so many words. */
      readonly full?: readonly string[];
      /** What it will probably cost: in words, and what those come from. */
      readonly estimate?: string;
      readonly reckoning?: Reckoning;
      readonly continues?: Continues;
      /** A pipeline the queen plans from: its tasks as she would hand them in. */
      readonly draft?: Prose;
      /** Solo only: the one task the goal is compiled into. */
      readonly task: TaskSpec | null;
      /** What a pipeline was compiled into: approved as it stands. */
      readonly plan?: RulePlan;
      /** Instead of work: commits to review, and what is known about them. */
      readonly audit?: AuditOrder;
    }
  | { readonly type: "pause_swarm" }
  | { readonly type: "resume_swarm" }
  /** The operator wrote to somebody in it. */
  | { readonly type: "rouse_swarm" }
  | { readonly type: "stop_swarm"; readonly why: string }
  | AnswerGate
  | {
      readonly type: "record_landed";
      readonly sha: string;
      readonly strategy?: LandStrategy;
      /** Of a pull request: the work is not on the user's branch yet. */
      readonly url?: string;
    }
  | UndoCommand
  /** The session of a seat goes to a person, at the end of its turn or now, and back. */
  | { readonly type: "hand_over"; readonly seat: SeatId; readonly now: boolean }
  | { readonly type: "hand_back"; readonly seat: SeatId };

export type AgentCommand =
  | { readonly type: "spawn_seat"; readonly seat: SeatSpec }
  | { readonly type: "stop_seat"; readonly seat: SeatId }
  | {
      readonly type: "submit_plan";
      readonly hash: string;
      readonly goal: string;
      readonly conditions: readonly string[];
      readonly text: Prose;
      readonly tasks: readonly TaskSpec[];
      /** Of the pipeline it was made from. */
      readonly policy?: Policy;
    }
  | {
      readonly type: "review_plan";
      readonly revision: number;
      readonly hash: string;
      /** Per condition (1-based, in order): the tasks that meet it, as the reviewer sees it. */
      readonly coverage: readonly { readonly condition: number; readonly tasks: readonly string[] }[];
      readonly findings: readonly PlanFinding[];
      readonly text: Prose;
    }
  | { readonly type: "create_task"; readonly spec: TaskSpec; readonly from: TaskId | null }
  | { readonly type: "cancel_task"; readonly task: TaskId; readonly why: string }
  | { readonly type: "complete_swarm"; readonly summary: Prose }
  | { readonly type: "claim_task"; readonly task: TaskId | null }
  | { readonly type: "report_progress"; readonly task: TaskId; readonly attempt: number; readonly progress: Prose }
  | {
      readonly type: "extend_task";
      readonly task: TaskId;
      readonly attempt: number;
      readonly files: readonly string[];
      /** One line. */
      readonly why: string;
    }
  | {
      readonly type: "submit_task";
      readonly task: TaskId;
      readonly attempt: number;
      /** Criteria numbers that came with a line of evidence. */
      readonly evidence: readonly number[];
      readonly submission: Prose;
    }
  | {
      readonly type: "release_task";
      readonly task: TaskId;
      readonly attempt: number;
      readonly reason: ReleaseReason;
      readonly detail: Prose;
      readonly line: string;
    }
  | {
      readonly type: "propose_task";
      readonly id: TaskId;
      readonly title: string;
      readonly files: readonly string[];
      readonly criteria: number;
      readonly proof: Proof;
      readonly risk: Risk;
      readonly text: Prose;
      /** The proposer's own task cannot go on without it. */
      readonly blocking: boolean;
    }
  | {
      readonly type: "ask_human";
      readonly title: string;
      readonly question: Prose;
      readonly context?: Prose;
      readonly options: readonly string[];
      readonly fallback: string | null;
      readonly minutes: number | null;
    }
  | ReviewCommand
  | ContributeCommand;

export interface TurnUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly usd: number | null;
  /** `usd` was reckoned from a price table: the CLI counts tokens alone. */
  readonly estimated?: true;
}

export type EngineCommand =
  | { readonly type: "take_lease"; readonly over: number; readonly holder: Proc & { readonly id: string }; readonly address: string }
  | { readonly type: "record_opened"; readonly tip: string }
  | { readonly type: "start_job"; readonly seat: SeatId; readonly job: Job }
  /** Something waits that nobody is free for; and one that came for such a need has had nothing to do for long. */
  | { readonly type: "scale_up"; readonly seat: SeatSpec; readonly need: Need }
  | { readonly type: "reap_seat"; readonly seat: SeatId }
  /** Nothing has moved for long, and no letter came. */
  | { readonly type: "pause_itself" }
  | {
      readonly type: "record_worktree";
      readonly session: SessionId;
      readonly job: Job;
      readonly path: string;
      readonly base: string;
      readonly conflict: readonly string[];
      /** Changes of an earlier session that had no claim on them, kept on a backup ref. */
      readonly discarded: readonly string[];
    }
  | { readonly type: "fail_setup"; readonly session: SessionId; readonly output: Prose }
  /** Before the process starts: it connects with the token before anyone can write down that it runs. */
  | { readonly type: "mint_token"; readonly session: SessionId; readonly run: number; readonly tokenHash: string }
  | {
      readonly type: "record_session";
      readonly session: SessionId;
      readonly run: number;
      readonly proc: Proc;
      readonly cli: string;
      readonly turn: "running" | "idle";
    }
  | {
      readonly type: "record_turn_started";
      readonly session: SessionId;
      readonly run: number;
      readonly asked: number | null /** How many wake reasons the text told of. */;
      readonly reasons: number;
    }
  | {
      readonly type: "record_turn_ended";
      readonly session: SessionId;
      readonly run: number;
      readonly ok: boolean;
      readonly error: string | null;
      readonly usage: TurnUsage;
      readonly problem?: ProblemFact;
      /** The session holds a message this turn did not take up: its next turn begins by itself. */
      readonly goesOn?: true;
    }
  /** The CLI only retries its model: it lives and gets nowhere. */
  | { readonly type: "record_retrying"; readonly session: SessionId; readonly run: number; readonly problem: ProblemFact }
  | { readonly type: "stop_retrying"; readonly session: SessionId }
  | { readonly type: "enforce_budget" }
  /** What the other swarms of the project spent today. */
  | { readonly type: "record_elsewhere"; readonly day: number; readonly usd: number; readonly tokens: number; readonly turns: number }
  | { readonly type: "record_alive"; readonly session: SessionId; readonly run: number }
  /** The CLI chose its own session id. */
  | { readonly type: "name_session"; readonly session: SessionId; readonly run: number; readonly cli: string }
  | { readonly type: "nudge_session"; readonly session: SessionId }
  | { readonly type: "lapse_session"; readonly session: SessionId; readonly why: string }
  | {
      readonly type: "record_session_end";
      readonly session: SessionId;
      readonly run: number;
      readonly why: string;
      readonly output: Prose | null;
      /** It was to be resumed and ended before it took anything up: its CLI does not know it any more. */
      readonly unresumed?: boolean;
      readonly problem?: ProblemFact;
      /** It ended by itself, not by a signal. */
      readonly exited?: boolean;
    }
  /** The preset of a session refused it a tool. */
  | { readonly type: "record_denied"; readonly session: SessionId; readonly run: number; readonly tool: string; readonly why: string }
  | {
      readonly type: "record_commit";
      readonly task: TaskId;
      readonly attempt: number;
      readonly submission: number;
      /** null: nothing differs from the base. */
      readonly sha: string | null;
      readonly outside: readonly string[];
      /** The backup ref that holds a commit refused for those files. */
      readonly kept?: string;
      /** Files whose conflict with the base is not decided. */
      readonly conflict: readonly string[];
      /** Who made the commits of the range, as they say themselves. */
      readonly authors?: readonly SeatId[];
      /** The first changed path that the project calls risky, and the pattern that does. */
      readonly risky?: { readonly path: string; readonly pattern: string };
      /** Every changed path matches the project's list of what needs no review. */
      readonly skip?: string;
    }
  | { readonly type: "record_saved"; readonly task: TaskId; readonly attempt: number; readonly sha: string | null }
  | {
      readonly type: "record_checks";
      readonly task: TaskId;
      readonly attempt: number;
      readonly sha: string;
      readonly checks: readonly CheckSum[];
      /** JSON Finding[] of the blocking ones. */
      readonly findings: Prose | null;
      readonly findingsCount: number;
      /** JSON CheckResult[]. */
      readonly results: Prose;
    }
  | { readonly type: "ask_for_reviewer"; readonly task: TaskId }
  /** The time of a task has come that a person does. */
  | { readonly type: "ask_for_task"; readonly task: TaskId }
  | MergeCommand
  | SupervisionCommand
  | CollabCommand
  | { readonly type: "wake_queen"; readonly reason: WakeReason }
  | { readonly type: "expire_plan_review"; readonly revision: number }
  | GateCommand
  | { readonly type: "finish_solo" }
  | { readonly type: "record_closed" }
  | {
      readonly type: "fail_effect";
      readonly key: string;
      readonly error: string;
      /** Set where only a person can mend it: it is not tried again before the answer. */
      readonly unmade?: Unmade;
    };

export type Command = OperatorCommand | AgentCommand | EngineCommand;
export type CommandType = Command["type"];
