/**
 * The first words of a client to a server, to learn whether a command starts one: `initialize`, and then the process is
 * ended with all it started. What it answers, prints or leaves unsaid is told, never thrown.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, type JSONRPCMessage, JSONRPCMessageSchema, McpError } from "@modelcontextprotocol/sdk/types.js";
import type { Clock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import { type Group, spawnGroup } from "../proc/group.ts";

export interface HandshakeOrder {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly version: string;
}

export type Handshake = { readonly ms: number } & (
  | { readonly outcome: "answered"; readonly name: string; readonly version: string }
  /** `stderr`: the end of what it said there. */
  | { readonly outcome: "silent" | "refused" | "exited" | "not started"; readonly why: string; readonly stderr: string }
);

const GRACE_MS = 1_000;
const LONGEST_LINE = 1024 * 1024;

/** Resolves when the process is gone. */
export async function shakeHands({ argv, cwd, env, deadlineMs, clock, version }: HandshakeOrder): Promise<Handshake> {
  const began = clock.monotonic();
  const lasted = (): number => Math.round(clock.monotonic() - began);
  const group = await spawnGroup(argv, { cwd, env, maxLine: LONGEST_LINE });
  if (!group.started) return { outcome: "not started", why: group.problem, stderr: "", ms: lasted() };
  const client = new Client({ name: "skep-doctor", version });
  const gone = { now: false };
  void group.exit.then(() => {
    gone.now = true;
  });
  try {
    await client.connect(overPipes(group) as Transport, { timeout: deadlineMs });
    const { name = "", version: its = "" } = client.getServerVersion() ?? {};
    return { outcome: "answered", name, version: its, ms: lasted() };
  } catch (error) {
    const ms = lasted();
    const open = !gone.now && !isClosed(error);
    const { code, signal } = await group.end(GRACE_MS);
    const stderr = group.stderr();
    if (isTimeout(error)) return { outcome: "silent", why: `no answer in ${deadlineMs} ms`, stderr, ms };
    if (open) return { outcome: "refused", why: describeError(error), stderr, ms };
    return { outcome: "exited", why: signal ?? `exit code ${code}`, stderr, ms };
  } finally {
    await group.end(GRACE_MS);
  }
}

const isTimeout = (error: unknown): boolean => error instanceof McpError && error.code === ErrorCode.RequestTimeout;
const isClosed = (error: unknown): boolean => error instanceof McpError && error.code === ErrorCode.ConnectionClosed;

/** The SDK's own transport ends one process; a command like npx starts others, which have to go with it. */
function overPipes(group: Group): Transport {
  const transport: Transport = {
    async start() {
      void read();
    },
    async send(message) {
      if (!group.write(`${JSON.stringify(message)}\n`)) transport.onclose?.();
    },
    async close() {
      transport.onclose?.();
    },
  };
  return transport;

  async function read(): Promise<void> {
    for await (const line of group.lines) {
      const message = parse(line);
      if (message !== null) transport.onmessage?.(message);
    }
    // Only then its end: an answer that was written before it counts.
    transport.onclose?.();
  }
}

/** null: no message. Clients pass over such lines, too. */
function parse(line: string): JSONRPCMessage | null {
  try {
    return JSONRPCMessageSchema.parse(JSON.parse(line));
  } catch {
    return null; // npm prints notices, a shell a greeting
  }
}
