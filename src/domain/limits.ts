import type { Floods } from "./flood.ts";
import type { Verify } from "./merge-queue.ts";
import type { Scaling } from "./scaling.ts";
import { DEFAULT_SUPERVISION, type Supervision } from "./supervision.ts";
import type { Automation } from "./tier.ts";

/** The numbers decide and react work with, pinned when a swarm is made. Times in milliseconds. */
export interface Limits {
  readonly attempts: number;
  readonly rounds: number;
  /** Refused submissions in one attempt before it ends. */
  readonly refusals: number;
  readonly workers: number;
  /** When the checks run once more, on what a merge would give. */
  readonly verify: Verify;
  /** Approved tasks that may be verified together. */
  readonly batch: number;
  /** In a row without an approval, before a person is asked. */
  readonly planRevisions: number;
  readonly planReviewMs: number;
  /** How long a returned task waits for the seat that knows it. */
  readonly reservedMs: number;
  readonly supervision: Supervision;
  readonly sessionMs: number;
  /** Turns of one session. */
  readonly turns: number;
  /** Model calls of one turn, for harnesses that can cap them. */
  readonly steps: number;
  /** From a void job to the forced end of its session. */
  readonly graceMs: number;
  /** Sessions of one seat that may fail in a row before a gate. */
  readonly lapses: number;
  /** A CLI that only retries its model for this long is stopped and started when the provider serves again. */
  readonly retryingMs: number;
  /** A process that ends this soon, before any turn, died at once: its provider is degraded. */
  readonly rapidMs: number;
  /** How long a degraded provider is passed over where a role names another. */
  readonly degradedMs: number;
  /** How long a used-up provider rests when it does not say until when; doubled each time, at most an hour. */
  readonly quotaMs: number;
  /** Fresh sessions for the same job and attempt. */
  readonly restarts: number;
  /** A session kept for more work ends when none came for this long. */
  readonly keptMs: number;
  readonly budgets: Budgets;
  /** The share of a cap at which a warning is written. */
  readonly warnAt: number;
  /** Absent: the usual ones. */
  readonly floods?: Floods;
  /** Nothing has moved for so long: the swarm pauses itself. Absent, null: never. */
  readonly pauseMs?: number | null;
  /** Absent: no caps beside these, and nobody joins by themselves. */
  readonly scaling?: Scaling;
  /** How often a person is asked. Absent: only where nothing goes on by itself. */
  readonly automation?: Automation;
  readonly effectTries: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

export const MEASURES = ["usd", "tokens", "turns", "minutes"] as const;
export type Measure = (typeof MEASURES)[number];
/** Null is no cap. Minutes of a task or agent are time in turns, those of a swarm the time it was not paused. */
export type Caps = { readonly [M in Measure]: number | null };
export interface Budgets {
  readonly swarm: Caps & { readonly agents: number | null };
  readonly task: Caps;
  readonly agent: Caps;
  /** All swarms of a project together, by UTC days. */
  readonly day: Caps;
}
const NO_CAPS: Caps = { usd: null, tokens: null, turns: null, minutes: null };

const MINUTE = 60_000;
export const DEFAULT_LIMITS: Limits = {
  attempts: 5,
  rounds: 3,
  refusals: 3,
  workers: 4,
  verify: "when-target-moved",
  batch: 4,
  planRevisions: 8,
  planReviewMs: 15 * MINUTE,
  reservedMs: 10 * MINUTE,
  supervision: DEFAULT_SUPERVISION,
  sessionMs: 90 * MINUTE,
  turns: 60,
  steps: 300,
  graceMs: 20_000,
  lapses: 3,
  retryingMs: 3 * MINUTE,
  rapidMs: 15_000,
  degradedMs: 15 * MINUTE,
  quotaMs: 10 * MINUTE,
  restarts: 3,
  keptMs: 10 * MINUTE,
  budgets: { swarm: { ...NO_CAPS, agents: null }, task: NO_CAPS, agent: NO_CAPS, day: NO_CAPS },
  warnAt: 0.8,
  effectTries: 6,
  retryBaseMs: 500,
  retryMaxMs: MINUTE,
};
