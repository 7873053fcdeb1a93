/** What follows a step, with the questions that a person is asked before it. */
import { type After, type Collab, type Cursor, DEFAULTS, type DoneBy, type Mode, type ModeSpec } from "./mode.ts";
import { isBlocked } from "./votes.ts";

export type StepEnd =
  | { readonly go: Cursor }
  | { readonly done: DoneBy }
  /** `then`: where it goes on when the answer is yes, null: to the end. */
  | { readonly gate: "blocked" | "tier"; readonly then: Cursor | null; readonly more: Cursor };

/** Call when the step of the cursor is complete. A blocked vote is always a person's to decide. */
export function stepEnd(mode: Mode, spec: ModeSpec, collab: Readonly<Collab>): StepEnd {
  const after = mode.after(spec, collab);
  const then = "go" in after ? after.go : null;
  // In the middle of a round others still have their say.
  const settles = "done" in after || after.asks !== null;
  if (settles && isBlocked(collab)) return { gate: "blocked", then, more: mode.again(collab) };
  if (after.asks !== null && (spec.tier ?? DEFAULTS.tier) >= after.asks) return { gate: "tier", then, more: mode.again(collab) };
  return plain(after);
}

const plain = (after: After): StepEnd => ("go" in after ? { go: after.go } : { done: after.done });
