/** What the watch over sessions is told, and what it writes down. */
import type { SessionId } from "../base/ids.ts";
import type { Prose } from "./model.ts";
import type { Because, Remedy } from "./supervision.ts";

/** From the engine. */
export type SupervisionCommand =
  /** A tier's time had come, and the session was looked at. */
  | {
      readonly type: "record_look";
      readonly session: SessionId;
      readonly run: number;
      readonly because: Because;
      readonly tier: number;
      /** The newest sign of work, of whatever kind; null: none was found. */
      readonly active: { readonly at: number; readonly by: "events" | "files" | "tools" } | null;
      /** Whether its work could be seen at all. */
      readonly readable: boolean;
      /** Whether a word reaches it in the middle of its turn. */
      readonly reachable: boolean;
    }
  /** What came of asking it; `note` is what it said. */
  | {
      readonly type: "record_probe";
      readonly session: SessionId;
      readonly run: number;
      readonly answered: boolean;
      readonly note: Prose | null;
    }
  | { readonly type: "check_in" }
  /** The letter about the stall that was found at this time lies in the operator's inbox. */
  | { readonly type: "record_written"; readonly session: SessionId; readonly at: number }
  /** The same tool with the same arguments, so often in a row; once: another call was made. */
  | { readonly type: "record_loop"; readonly session: SessionId; readonly run: number; readonly tool: string; readonly times: number };

export type SupervisionEvent =
  | { readonly type: "queen_checks_in" }
  | {
      readonly type: "session_stalled";
      readonly session: SessionId;
      readonly because: Because;
      /** Counted from 0; for turns their number. */
      readonly tier: number;
      /** An end that was not due after all is a warning. */
      readonly does: Remedy;
      /** In words: what is wrong with it. */
      readonly why: string;
      /** silent: nothing was found · unknown: nothing can be told · files: its files change */
      readonly evidence: "silent" | "unknown" | "files";
      /** The word to it could not be handed over: its turn takes none. */
      readonly unreached?: true;
      /** The operator is written to: the first warning of this stall. */
      readonly letter?: true;
    }
  | { readonly type: "operator_written"; readonly session: SessionId; readonly at: number }
  | { readonly type: "session_looping"; readonly session: SessionId; readonly tool: string; readonly times: number };
