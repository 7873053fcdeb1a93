/**
 * What there is to know about a swarm when it is over: a plain value made from its log alone, so that it can be made again at
 * any time. Texts of agents stand in it as they are; whoever renders it escapes them.
 */
import type { Spend } from "../spend.ts";
import type { Lesson } from "./lessons.ts";

export interface Report {
  readonly swarm: string;
  readonly title: string;
  readonly goal: string;
  readonly team: string;
  readonly status: string;
  /** Why it failed, or what the queen said at the end. */
  readonly ending: string;
  readonly startedAt: number;
  /** null: it goes on. */
  readonly endedAt: number | null;
  /** Time of the last event it knows of. */
  readonly asOf: number;
  /** From its start to its end, or as far as it has come; and without the time it was paused. */
  readonly ms: number;
  readonly ranMs: number;
  readonly plan: { readonly revision: number; readonly status: string; readonly conditions: readonly string[] };
  readonly work: Work;
  readonly tasks: readonly TaskReport[];
  readonly caught: Caught;
  readonly spent: Spend;
  readonly seats: readonly SeatReport[];
  readonly phases: readonly { readonly phase: Phase; readonly spent: Spend }[];
  readonly gates: readonly GateReport[];
  readonly timeline: readonly { readonly at: number; readonly what: string }[];
  /** Lines in the middle of the timeline that were left out. */
  readonly timelineLeftOut: number;
  readonly lessons: readonly Lesson[];
}

export const PHASES = ["planning", "work", "review", "second look"] as const;
export type Phase = (typeof PHASES)[number];

/** Where the work is, and the commands that land it or take it back. */
export interface Work {
  readonly state: "landed" | "pull_request" | "to_land" | "in_progress" | "nothing";
  readonly branch: string;
  readonly tip: string;
  readonly target: string | null;
  readonly landed: string | null;
  readonly pullRequest: string | null;
  readonly land: string | null;
  readonly undo: string | null;
}

export interface TaskReport {
  readonly task: string;
  readonly title: string;
  readonly role: string;
  readonly risk: string;
  readonly status: string;
  readonly attempts: readonly AttemptReport[];
  readonly authors: readonly string[];
  readonly reviewers: readonly string[];
  readonly spent: Spend;
  readonly commit: string | null;
}
export interface AttemptReport {
  readonly attempt: number;
  readonly seat: string;
  /** null: it is not over. */
  readonly result: string | null;
  readonly why: string;
  /** What stopped it, one line each, e.g. the points of the review. */
  readonly points: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** What every gate looked at, and what it stopped. */
export interface Caught {
  readonly planReviews: { readonly approved: number; readonly returned: number; readonly stopped: readonly string[] };
  /** `stopped`: the attempts, as `t4 attempt 1`. */
  readonly checks: readonly {
    readonly check: string;
    readonly passed: number;
    readonly failed: number;
    readonly ms: number;
    readonly stopped: readonly string[];
  }[];
  /** Submissions that were refused before any check. */
  readonly refused: readonly { readonly why: string; readonly times: number; readonly stopped: readonly string[] }[];
  readonly reviews: {
    readonly approved: number;
    readonly returned: number;
    readonly stopped: readonly string[];
    readonly skipped: number;
    readonly downgraded: number;
    /** Points nobody was sure of, after somebody else looked. */
    readonly confirmed: number;
    readonly refuted: number;
    readonly undecided: number;
  };
  readonly merge: {
    readonly merged: number;
    readonly conflicts: number;
    readonly stopped: readonly string[];
    /** Batches whose merge result passed or failed the checks. */
    readonly verified: number;
    readonly red: number;
    readonly undone: number;
  };
  readonly human: { readonly asked: number; readonly byPerson: number; readonly open: number };
}

export interface SeatReport {
  readonly seat: string;
  readonly role: string;
  readonly harness: string;
  readonly model: string | null;
  readonly sessions: number;
  /** Sessions that ended without their job done. */
  readonly lapses: number;
  readonly spent: Spend;
  /** Tasks it had an attempt at, and those it reviewed. */
  readonly authored: readonly string[];
  readonly reviewed: readonly string[];
}

export interface GateReport {
  readonly gate: string;
  readonly kind: string;
  readonly title: string;
  readonly task: string | null;
  readonly openedAt: number;
  readonly answer: string | null;
  readonly by: string | null;
  /** Until it was answered, or the end. */
  readonly waitedMs: number;
}
