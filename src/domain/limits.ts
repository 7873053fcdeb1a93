/** The numbers decide and react work with, pinned when a swarm is made. Times in milliseconds. */
export interface Limits {
  readonly attempts: number;
  readonly rounds: number;
  /** Refused submissions in one attempt before it ends. */
  readonly refusals: number;
  readonly workers: number;
  readonly planRevisions: number;
  readonly planReviewMs: number;
  /** How long a returned task waits for the seat that knows it. */
  readonly reservedMs: number;
  /** A live session without any sign for this long lapses. */
  readonly silenceMs: number;
  readonly sessionMs: number;
  /** Turns of one session. */
  readonly turns: number;
  /** Model calls of one turn, for harnesses that can cap them. */
  readonly steps: number;
  /** From a void job to the forced end of its session. */
  readonly graceMs: number;
  /** Sessions of one seat that may fail in a row before a gate. */
  readonly lapses: number;
  /** US dollars for the whole swarm; null: no cap. */
  readonly usd: number | null;
  readonly effectTries: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
}

const MINUTE = 60_000;
export const DEFAULT_LIMITS: Limits = {
  attempts: 5,
  rounds: 3,
  refusals: 3,
  workers: 4,
  planRevisions: 8,
  planReviewMs: 15 * MINUTE,
  reservedMs: 10 * MINUTE,
  silenceMs: 15 * MINUTE,
  sessionMs: 90 * MINUTE,
  turns: 60,
  steps: 300,
  graceMs: 20_000,
  lapses: 3,
  usd: null,
  effectTries: 6,
  retryBaseMs: 500,
  retryMaxMs: MINUTE,
};
