/** One line of a session's transcript: what it was told, said, did and ended with. Grows by new types and new fields. */
import type { HarnessEvent, Usage } from "../../harness/harness.ts";
import type { Exit } from "../../harness/session.ts";

export type Entry =
  /** A process was started for the session; `resumed` when its CLI goes on with what it keeps of an earlier run. */
  | { readonly type: "started"; readonly seat: string; readonly harness: string; readonly model: string | null; readonly resumed: boolean }
  | { readonly type: "ready"; readonly cli: string; readonly mcp: string }
  /** A message that skep handed over. */
  | { readonly type: "message"; readonly text: string; readonly urgency: string }
  | { readonly type: "text"; readonly text: string }
  /** `input` is the beginning of its JSON. */
  | { readonly type: "tool"; readonly name: string; readonly input: string }
  | { readonly type: "tool_result"; readonly name: string; readonly ok: boolean; readonly text: string }
  | { readonly type: "denied"; readonly tool: string; readonly why: string }
  | { readonly type: "retry"; readonly why: string }
  | { readonly type: "turn_ended"; readonly ok: boolean; readonly error: string | null; readonly usage: Usage }
  | { readonly type: "broken"; readonly kind: string; readonly message: string }
  /** `unreadable` counts the lines that were no events. */
  | {
      readonly type: "exit";
      readonly code: number | null;
      readonly signal: string | null;
      readonly stderr: string;
      readonly unreadable: number;
    }
  /** The file is full: from here on only the ends of turns and processes are kept. */
  | { readonly type: "cut"; readonly bytes: number }
  /** So many lines could not be written here. */
  | { readonly type: "lost"; readonly lines: number; readonly why: string };

export type Line = { readonly v: 1; readonly at: number; readonly run: number } & Entry;

/** Characters kept of one text. */
const MOST = { message: 16_000, text: 16_000, detail: 2_000, why: 500, stderr: 4_000 } as const;

const begin = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max)}…` : text);

/** null for what nobody needs to read: signs of life, receipts, lines that are no events. */
export function entryOf(event: HarnessEvent): Entry | null {
  switch (event.type) {
    case "ready":
      return { type: "ready", cli: event.cliSession, mcp: event.mcp };
    case "text":
      return { type: "text", text: begin(event.text, MOST.text) };
    case "tool":
      return { type: "tool", name: event.name, input: begin(JSON.stringify(event.input) ?? "", MOST.detail) };
    case "tool_result":
      return { type: "tool_result", name: event.name, ok: event.ok, text: begin(event.text, MOST.detail) };
    case "denied":
      return { type: "denied", tool: event.tool, why: begin(event.why, MOST.why) };
    case "retry":
      return { type: "retry", why: begin(event.why, MOST.why) };
    case "turn_ended":
      return { type: "turn_ended", ok: event.ok, error: event.error === null ? null : begin(event.error, MOST.why), usage: event.usage };
    case "broken":
      return { type: "broken", kind: event.problem.kind, message: begin(event.problem.message, MOST.why) };
    default:
      return null;
  }
}

export const messageEntry = (text: string, urgency: string): Entry => ({ type: "message", text: begin(text, MOST.message), urgency });

export const exitEntry = ({ code, signal, stderr }: Exit, unreadable: number): Entry => ({
  type: "exit",
  code,
  signal,
  stderr: stderr.slice(-MOST.stderr),
  unreadable,
});
