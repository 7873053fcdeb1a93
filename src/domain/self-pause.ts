/** A swarm paused itself: for how long nothing had moved, and what it waits for, in words. */
import { span } from "./due-tier.ts";
import { inline } from "./foreign.ts";

export interface SelfPause {
  readonly afterMs: number;
  /** Holds foreign text. */
  readonly waits: string;
}

export const selfPauseText = ({ afterMs, waits }: SelfPause): string =>
  `paused itself after ${span(afterMs)} in which nothing moved; ${inline(waits, 300)}`;
