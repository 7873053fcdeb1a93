import type { SessionId, SwarmId } from "../base/ids.ts";

/**
 * The contract of an agent CLI. An adapter is one file: how to find it, how to start it, and a codec between its
 * structured stream and these events. It owns no process, no timer and no file: `session.ts` runs any adapter.
 */
export interface Harness {
  readonly id: string;
  /** Whose models stand behind it; a reviewer prefers another provider than the author's. */
  readonly provider: string;
  readonly capabilities: Capabilities;
  /** Variables of the user's environment this CLI needs (sign-in, endpoint); the host copies these into `order.env`, no others. */
  readonly passes: readonly string[];
  detect(env: Env): Promise<Found | Missing>;
  launch(order: LaunchOrder): Launch;
  /** A fresh codec per process run. */
  codec(order: LaunchOrder): Codec;
}
export type Env = Readonly<Record<string, string | undefined>>;
export interface Found {
  readonly found: true;
  /** Absolute path of the native binary, started directly. */
  readonly path: string;
  readonly version: string;
}
export interface Missing {
  readonly found: false;
  readonly why: string;
  readonly fix: string;
}
export interface Capabilities {
  /** Takes text while a turn runs (at the next tool boundary). */
  readonly steer: boolean;
  readonly interrupt: boolean;
  /** A dead session can be continued by its CLI session id. */
  readonly resume: boolean;
  /** Proves per message that it was taken in. */
  readonly receipts: boolean;
  readonly cost: boolean;
  /** Enforces the guarded preset itself. */
  readonly toolPolicy: boolean;
}

export type Preset = "read-only" | "guarded" | "full";

/** All an adapter may know about the session it starts. */
export interface LaunchOrder {
  readonly swarm: SwarmId;
  readonly session: SessionId;
  readonly seat: string;
  readonly role: string;
  readonly binary: string;
  readonly cwd: string;
  /** The CLI's own session id, chosen by us where the CLI allows (a UUID). */
  readonly cliSession: string;
  readonly resume: boolean;
  /** System / developer text: the role file with the shared blocks. */
  readonly rolePrompt: string;
  readonly model?: string;
  /** MCP endpoint of the host and the token of this run; the token never goes to argv or environment. */
  readonly mcp: { readonly url: string; readonly token: string };
  readonly preset: Preset;
  /** Shell commands the guarded preset allows beside the fixed ones, as argv lists. */
  readonly commands: readonly (readonly string[])[];
  /** Of one run: model calls a single message may lead to, and money. Turns, age and silence of a session are the engine's. */
  readonly limits: { readonly steps: number; readonly usd: number | null };
  /** What earlier runs of this session were already counted with; for CLIs that report a total. Absent: nothing. */
  readonly usdBefore?: number;
  /** The allow-listed environment; an adapter may add to it, never widen it from the host's. */
  readonly env: Readonly<Record<string, string>>;
  /** Free settings of this harness from config, e.g. the path of a playbook. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Launch {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Lines written to stdin right after the start, before any message. */
  readonly stdin: readonly string[];
}

/** Pure: lines in, events out; messages in, lines out. */
export interface Codec {
  /** Never throws: an unreadable line is a `noise` event. */
  read(line: string): readonly HarnessEvent[];
  /** Lines that hand `text` to the session. `receipt` comes back in a receipt event where the CLI can. */
  message(text: string, receipt: string, urgency: "next" | "now"): readonly string[];
  interrupt(): readonly string[];
  /** Lines that ask the program to end by itself; stdin is closed after them. */
  end(): readonly string[];
}

/** Tokens and money of one turn (never cumulative; the codec subtracts). */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  /** US dollars, or null when the CLI does not say. */
  readonly usd: number | null;
}
export type HarnessEvent =
  /** The program took messages up; `cliSession` is its own id for resuming. */
  | { readonly type: "ready"; readonly cliSession: string; readonly version?: string; readonly mcp: "connected" | "failed" | "unknown" }
  | { readonly type: "turn_started" }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool"; readonly name: string; readonly input: unknown }
  | { readonly type: "denied"; readonly tool: string; readonly why: string }
  /** The session took the message with this receipt into its context. */
  | { readonly type: "receipt"; readonly receipt: string }
  /** The CLI retries its model: alive, but not progressing. */
  | { readonly type: "retry"; readonly why: string }
  | { readonly type: "alive" }
  | { readonly type: "turn_ended"; readonly ok: boolean; readonly text: string; readonly error: string | null; readonly usage: Usage }
  /** Lines the host must write back, e.g. an answer to a permission question. */
  | { readonly type: "reply"; readonly lines: readonly string[] }
  | { readonly type: "noise"; readonly line: string };
