/**
 * How long a running turn may show no sign of work, and what is done then: tiers, as data. The same tiers count how often a
 * session made one tool call again and again. A nudge, an echo or a spinner is no sign; what cannot be read ends nobody.
 */

/** nudge: a word to the session · warn: the queen and the user · end: asked once more, then ended and its job given anew. */
export type Remedy = "nudge" | "warn" | "end";
export interface Tier {
  /** In stall times, or in rows of the same call. */
  readonly after: number;
  readonly do: Remedy;
}

export interface Supervision {
  /** The unit of the tiers for silence. */
  readonly stallMs: number;
  readonly tiers: readonly Tier[];
  /** How long a session has to answer before it is ended. */
  readonly probeMs: number;
  /** The unit of the tiers for a repeated call: so often in a row, with the same arguments. */
  readonly loop: number;
  /** So many turns in a row without progress, and it is told; one more, and a fresh session goes on. Absent: the usual number. */
  readonly idleTurns?: number;
  /** The queen is told what changed without her no more often than this. */
  readonly checkInMs: number;
}

const MINUTE = 60_000;
export const DEFAULT_SUPERVISION: Required<Supervision> = {
  stallMs: 5 * MINUTE,
  tiers: [
    { after: 1, do: "nudge" },
    { after: 2, do: "warn" },
    { after: 3, do: "end" },
  ],
  probeMs: MINUTE,
  loop: 5,
  idleTurns: 5,
  checkInMs: 5 * MINUTE,
};

export type Because = "silence" | "loop" | "turns";

/** How the turns of a session's present job end. */
export interface IdleTurns {
  /** Ended in a row without progress. */
  readonly count: number;
  /** When the first of them began: a file that changed later is progress. */
  readonly since: number;
  /** There was progress in the turn that runs. */
  readonly moved: boolean;
  /** It has shown progress in this job, once at least. */
  readonly shown: boolean;
  /** At how many it was looked at last. */
  readonly looked: number;
  /** At how many it was told; null: not yet. */
  readonly told: number | null;
}

/** What is known of a session beside its job: how far it went up the tiers, and whether it is being asked. */
export interface Watch {
  /** Tiers it has reached in the present silence. */
  readonly silence: number;
  /** It was not ended at the last tier, for it could not be told whether it works: looked at again from then on. 0: not so. */
  readonly againAt: number;
  /** What was last found wrong with it. */
  readonly why: string;
  /** Nothing can be told of its work: it is warned of, and not ended for its silence. */
  readonly unknown: boolean;
  /** The call it makes again and again, the tiers that brought, and at how many it is looked at again though not ended. */
  readonly loop: { readonly tool: string; readonly times: number; readonly tiers: number; readonly again: number } | null;
  /** Loops so far. */
  readonly loops: number;
  /** Absent: no turn of it has counted, and nothing was done for the job. */
  readonly turns?: IdleTurns;
  /** It was asked whether it is there; its answer or the end of `Supervision.probeMs` ends it. */
  readonly probe: { readonly at: number; readonly because: Because; readonly noted: boolean } | null;
}
export const UNWATCHED: Watch = { silence: 0, againAt: 0, why: "", unknown: false, loop: null, loops: 0, probe: null };

/** A tier whose time has come, or the number of turns without progress that has: the session is looked at first. */
export interface DueTier {
  readonly because: Because;
  readonly tier: number;
}

/** Turns without progress in a row before a session is told; swarms made before this was a setting have the usual number. */
export const idleTurnsOf = ({ idleTurns }: Supervision): number => idleTurns ?? DEFAULT_SUPERVISION.idleTurns;

/** When a silent session is asked and ended; null: never by its silence. */
export function endsAfter({ tiers, stallMs }: Supervision): number | null {
  const last = tiers.find((tier) => tier.do === "end");
  return last ? last.after * stallMs : null;
}
