import type { SessionId, SwarmId } from "../base/ids.ts";
import type { Group } from "../proc/group.ts";

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
  /** The same for one session's settings, where they name variables of their own. */
  passesFor?(settings: Readonly<Record<string, unknown>>): readonly string[];
  /** `settings` as the session will get them: some of them name the program itself. */
  detect(env: Env, settings?: Readonly<Record<string, unknown>>): Promise<Found | Missing>;
  /** The version everything here was tried with on the real program. */
  readonly tried?: string;
  /** By what it would sign in: a variable, or a file that is there. Reads none. Absent: skep cannot tell. */
  signIn?(env: Env, settings?: Readonly<Record<string, unknown>>): SignInLook;
  launch(order: LaunchOrder): Launch;
  /** A fresh codec per process run. */
  codec(order: LaunchOrder): Codec;
  /** How the codec's lines travel; absent: by the program's stdin and stdout. */
  readonly wire?: OpenWire;
  /** Whose models stand behind a session with this model and these settings; absent: always `provider`. */
  providerOf?(model: string | null, settings: Readonly<Record<string, unknown>>): string;
  /** What the end of the program means, where its exit code or last words tell more than that it ended. Pure. */
  diagnose?(exit: { readonly code: number | null; readonly signal: string | null; readonly stderr: string }): Problem | null;
  /** The command with which a person goes on in this session in a terminal; absent: the CLI cannot. */
  attach?(session: Attachable): Attach;
}

/** Carries the codec's lines to a program that does not read them from stdin, such as a local HTTP server. */
export interface Wire {
  /** Lines for `Codec.read`, in order; ends when the program does. One reader. */
  readonly lines: AsyncIterable<string>;
  /** Takes one line of the codec. Never throws: who cannot be reached any more is told by the program's end. */
  write(line: string): void;
  /** The session is being ended: lets go of every connection. Safe to repeat. */
  close(): void;
}
/** `end` is for programs that only a signal ends: their wire calls it from `close`. */
export type OpenWire = (program: Pick<Group, "lines" | "exit" | "write" | "end">, order: LaunchOrder) => Wire;

/** What is known of a session that is handed to a person. */
export interface Attachable {
  readonly binary: string;
  readonly cwd: string;
  readonly cliSession: string;
  /** `LaunchOrder.home` of the session. */
  readonly home: string;
}
export interface Attach {
  readonly argv: readonly [string, ...string[]];
  /** Added to the person's own environment. Holds no secret. */
  readonly env: Readonly<Record<string, string>>;
}
export type SignInLook = { readonly found: true; readonly by: string } | { readonly found: false; readonly fix: string };
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
  /** Tells what it does while a turn runs; where it does not, silence says nothing. */
  readonly watchable: boolean;
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
  /** Folder of this session alone (0700, outside every worktree); the same for every run of it. */
  readonly home: string;
  /** The CLI's own session id, chosen by us where the CLI allows (a UUID); the CLI's own answer comes with `ready`. */
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
  /** The variable in `env` that everything this session starts inherits; an adapter hands it on as it is. */
  readonly mark?: string;
  /** Free settings of this harness from config, e.g. the path of a playbook. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Launch {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Lines written right after the start, before any message. */
  readonly stdin: readonly string[];
  /** Written below `order.home` before the start, readable by the owner alone. */
  readonly files?: readonly PrivateFile[];
}
/** One file in the session's own folder: text, or a link to a file of the user's (a sign-in that must stay in one place). */
export type PrivateFile = { readonly path: string } & (
  | { readonly text: string; readonly executable?: boolean }
  | { readonly linkTo: string }
);

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
  /** The model that answered, where the CLI says; prices are looked up by it when `usd` is null. */
  readonly model?: string;
  /** `usd` was reckoned by skep from a price table. */
  readonly estimated?: true;
}

/**
 * Why a turn or a session failed, in words that decide something: quota (used up until its reset), rate_limit (too fast),
 * overloaded (5xx), auth, model (unknown or not allowed), context_full, network (no answer), request (refused as wrong), crash.
 */
export interface Problem {
  readonly kind: "quota" | "rate_limit" | "overloaded" | "auth" | "model" | "context_full" | "network" | "request" | "crash";
  /** One line, at most 300 characters. Foreign text. */
  readonly message: string;
  /** When the provider says it serves again: a time in milliseconds, or from now on; null: it did not say. */
  readonly reset: { readonly at: number } | { readonly inMs: number } | null;
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
  /** A tool call came back; `text` is the beginning of what it said. */
  | { readonly type: "tool_result"; readonly name: string; readonly ok: boolean; readonly text: string }
  /** The CLI retries its model: alive, but not progressing. */
  | { readonly type: "retry"; readonly why: string; readonly problem?: Problem }
  /** A line that says no more than that; with `output`: the model or a tool puts something out. */
  | { readonly type: "alive"; readonly output?: true }
  | {
      readonly type: "turn_ended";
      readonly ok: boolean;
      readonly text: string;
      readonly error: string | null;
      readonly usage: Usage;
      readonly problem?: Problem;
    }
  /** The program lives, but nothing will come of this session: the host ends it. */
  | { readonly type: "broken"; readonly problem: Problem }
  /** Lines the host must write back, e.g. an answer to a permission question. */
  | { readonly type: "reply"; readonly lines: readonly string[] }
  | { readonly type: "noise"; readonly line: string };
