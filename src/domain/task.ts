/** A task: what the plan says of it, and how far it has come. */
import type { GateId, SeatId, SessionId, TaskId } from "../base/ids.ts";
import type { OpenReview } from "./doubt.ts";
import type { Caps } from "./limits.ts";
import type { Proof, Prose, Risk } from "./model.ts";
import type { Collab, ModeSpec } from "./modes/mode.ts";
import type { Spend } from "./spend.ts";

export type TaskStatus =
  | "proposed"
  | "blocked"
  | "open"
  | "claimed"
  | "submitted"
  | "checking"
  | "reviewing"
  | "approved"
  | "merging"
  | "merged"
  /** Of an audit: a reviewer said what there is to say, and nothing follows from it. */
  | "reviewed"
  | "failed"
  | "cancelled";
export const ENDED: ReadonlySet<TaskStatus> = new Set(["merged", "reviewed", "failed", "cancelled"]);

/** A program of a plan's own. fail: it has to exit with another code than 0, as one does that shows a defect. */
export interface TaskCheck {
  readonly argv: readonly string[];
  readonly expect: "pass" | "fail";
  readonly minutes: number;
}

/** A task as a plan states it. */
export interface TaskSpec {
  readonly id: TaskId;
  readonly title: string;
  readonly role: string;
  readonly files: readonly string[];
  readonly after: readonly TaskId[];
  /** How many criteria `text` holds. */
  readonly criteria: number;
  readonly proof: Proof;
  readonly meets: readonly number[];
  readonly risk: Risk;
  /** JSON of TaskText. */
  readonly text: Prose;
  /** What skep chose where the plan left it open, and why: its role, its risk. One sentence each. */
  readonly because?: readonly string[];
  /** Nothing but a review proves it: a project's rule that skips reviews does not hold for it. */
  readonly mustReview?: true;
  /** Its failure ends a swarm whose policy is `abort_on_critical_fail`. */
  readonly critical?: true;
  /** What it may spend, in place of what every task may. */
  readonly caps?: Partial<Caps>;
  /** The role that takes it up once more when it fails for good. */
  readonly escalate?: string;
  /** It changes nothing: its result is what its submission says. */
  readonly report?: true;
  /** Programs it has to pass beside the usual ones, as the plan states them. */
  readonly ownChecks?: readonly TaskCheck[];
  /** A person does it: a gate asks for it where others get a session. */
  readonly human?: true;
  /** What that gate asks; absent: what the task says. */
  readonly asks?: Prose;
  /** The failed task it takes up. */
  readonly recovers?: TaskId;
  /** Several do it together. Absent: one alone. */
  readonly mode?: ModeSpec;
}
/** The prose of a task, kept as one artifact. */
export interface TaskText {
  readonly brief: string;
  readonly criteria: readonly string[];
  readonly contract: string | null;
}

export type AttemptResult =
  | "merged"
  | "checks_failed"
  | "changes_requested"
  | "conflict"
  | "out_of_scope"
  | "empty"
  | "lapsed"
  | "released"
  | "undone"
  | "cancelled";
export interface AttemptRecord {
  readonly attempt: number;
  readonly seat: SeatId;
  readonly result: AttemptResult;
  /** One line: why it ended so. */
  readonly why: string;
  /** What was tried, in the author's words: of the submission, else of the last note. */
  readonly approach?: Prose | null;
  /** Its work missed a metric: the next attempt does not build on it. */
  readonly keep?: false;
}

/** A number a check took. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  /** What it had to be: `at most 10`. */
  readonly wanted: string;
}
/** What one check said, without its words. */
export interface CheckSum {
  readonly check: string;
  readonly passed: boolean;
  /** Hash of what it looked at. */
  readonly input: string;
  readonly ms: number;
  readonly measured?: readonly Measured[];
}
/** The check whose failure discards the work: try, measure, keep or discard. */
export const METRIC = "metric";

/** Files a running task asked for and got. */
export interface Grant {
  readonly attempt: number;
  readonly files: readonly string[];
  /** In the asking agent's words. */
  readonly why: string;
}

export interface Task extends Omit<TaskSpec, "files" | "risk" | "because"> {
  /** Those of the plan, and those granted later. */
  files: readonly string[];
  granted?: readonly Grant[];
  /** As planned, or raised by what it touches. */
  risk: Risk;
  because?: readonly string[];
  status: TaskStatus;
  attempt: number;
  /** Attempts allowed; raised by a human's answer. */
  attemptsCap: number;
  seat: SeatId | null;
  session: SessionId | null;
  reserved: { readonly seat: SeatId; readonly until: number } | null;
  /** Submissions made in this attempt; fences a late commit effect. */
  submissions: number;
  /** Submissions of this attempt refused for scope or emptiness. */
  refusals: number;
  /** Commit the current attempt's worktree was opened on. */
  base: string | null;
  /** The submitted commit: what is checked, reviewed and merged. */
  sha: string | null;
  /** Last known work of an earlier attempt, offered to the next. */
  prior: { readonly sha: string; readonly attempt: number } | null;
  /** Last submitted work that reached its metrics: where the next attempt begins when one after it is discarded. */
  kept: { readonly sha: string; readonly attempt: number } | null;
  /** A lapsed or released attempt whose work is still to be saved from this seat's worktree. */
  unsaved: { readonly seat: SeatId; readonly attempt: number } | null;
  /** JSON of the findings that returned it, newest round only. */
  findings: Prose | null;
  findingsCount: number;
  /** JSON of CheckResult[] of the submitted sha. */
  checks: Prose | null;
  /** JSON of the review that last asked for changes; the next reviewer closes its findings. */
  review: Prose | null;
  /** Reviews that asked for changes. */
  rounds: number;
  roundsCap: number;
  reviewer: SeatId | null;
  /** A review that waits for its doubts. */
  openReview: OpenReview | null;
  /** The commit a risk review found nothing in. */
  screened: string | null;
  /** What the last review looked at; the next one is told what changed since. */
  reviewed: { readonly sha: string; readonly base: string } | null;
  /** Why its submission needs no review, by the project's own rule. */
  skip: string | null;
  /** What the review of a commit lacks of what it should be. */
  downgraded: { readonly sha: string; readonly why: string } | null;
  /** Summary, evidence and `unsure` of the submission; never shown to the reviewer. */
  submission: Prose | null;
  /** JSON {done, next, learned}. */
  progress: Prose | null;
  authors: SeatId[];
  /** Ended attempts, newest last, at most 8. */
  history: AttemptRecord[];
  conflict: readonly string[];
  /** The work of this task that met a conflict when an attempt was opened; the result is compared with it. */
  clash?: { readonly sha: string; readonly paths: readonly string[] };
  gate: GateId | null;
  /** Of a task with a mode: how far it has come together, and what was made. */
  collab?: Collab;
  /** The commit a person let merge, where the swarm asks for that. */
  cleared?: string;
  spent: Spend;
  mergedSha: string | null;
  /** The task that takes this one up, once it has failed. */
  recovery?: TaskId;
  proposedBy: SeatId | null;
  /** Tasks that wait for this one; of a task that is being recovered, for the one that recovers it. */
  dependants: TaskId[];
  /** Dependencies not merged yet. */
  missing: number;
  changedAt: number;
}
