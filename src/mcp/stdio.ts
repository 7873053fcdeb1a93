/**
 * The stdio wiring: one client, one server, gone when the client is. stdout carries frames and nothing else. A server that
 * outlives its client is the commonest damage of its kind, so every way a client can leave ends it.
 */
import type { Readable, Writable } from "node:stream";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { isJSONRPCRequest, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { ServerParts } from "./answers.ts";
import { atMost } from "./at-most.ts";
import { buildServer } from "./build-server.ts";
import type { ModernParts } from "./modern-server.ts";
import type { ModernHalf } from "./modern-stdio.ts";
import { isModern, listensTo } from "./revision.ts";
import { refuseUnreadable } from "./unreadable.ts";

export interface StdioOrder extends Omit<ServerParts, "closing" | "lasting"> {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Where SIGINT, SIGTERM and SIGHUP come from: the process. */
  readonly signals: Pick<NodeJS.EventEmitter, "on" | "off">;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Longer than any argument may be; a client that sends more in one line is cut off. */
const LONGEST_LINE = 16 * 1024 * 1024;
/** From the client's leaving to the end: time for calls under way to be answered, since stdout may still be read. */
const LAST_WORDS_MS = 3_000;

/** Resolves when the client has left, by whatever way, and the server is closed. */
export async function serveStdio(order: StdioOrder): Promise<void> {
  const { stdin, stdout, logger } = order;
  const closing = new AbortController();
  const departure = watchDeparture(order);
  const mcp = buildServer({ ...order, closing: closing.signal, lasting: true });
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: LONGEST_LINE });
  mcp.server.onerror = (error) => logger.warn({ err: error }, "unreadable message on stdin");
  transport.onerror = (error) => refuseUnreadable(transport, error);
  const closed = new Promise<string>((resolve) => {
    mcp.server.onclose = () => resolve("transport closed");
  });
  await mcp.connect(transport);
  const modern = splitOff(transport, { ...order, closing: closing.signal, memory: transport });
  const pending = followCalls(transport);
  const why = await Promise.race([departure.why, closed]);
  logger.info({ why }, "the client left");
  closing.abort();
  await atMost(LAST_WORDS_MS, pending.none(), departure.deaf);
  await atMost(LAST_WORDS_MS, modern.close(), departure.deaf);
  departure.stop();
  await mcp.close();
}

/** Messages of revision 2026-07-28 go to a half of its own; a client that never sends one meets what it always met. */
function splitOff(transport: Transport, parts: ModernParts): { close(): Promise<void> } {
  let half: Promise<ModernHalf> | null = null;
  const take = transport.onmessage;
  // Taken in the order they came, also while the half is being loaded.
  let last: Promise<void> = Promise.resolve();
  const pass = (to: Promise<ModernHalf>, message: JSONRPCMessage): void => {
    last = last.then(async () => (await to).take(message)).catch((error) => transport.onerror?.(error));
  };
  transport.onmessage = (message: JSONRPCMessage, extra) => {
    if (isModern(message)) {
      half ??= import("./modern-stdio.ts").then(({ ModernHalf }) => new ModernHalf(parts, (answer) => transport.send(answer)));
      return pass(half, message);
    }
    // It does not say which of the two it is about.
    if (half && "method" in message && message.method === "notifications/cancelled") pass(half, message);
    take?.(message, extra);
  };
  return { close: async () => (await half?.catch(() => null /* never loaded, nothing to close */))?.close() };
}

/** Every sign that nobody is there any more. `deaf` aborts when even an answer would reach nobody. */
function watchDeparture({ stdin, stdout, signals }: StdioOrder): {
  readonly why: Promise<string>;
  readonly deaf: AbortSignal;
  stop(): void;
} {
  const deaf = new AbortController();
  const named = new Map<string, () => void>();
  const why = new Promise<string>((resolve) => {
    stdin.once("end", () => resolve("stdin ended"));
    stdin.once("close", () => resolve("stdin closed"));
    stdin.once("error", () => resolve("stdin failed"));
    const gone = (reason: string) => {
      deaf.abort();
      resolve(reason);
    };
    stdout.once("close", () => gone("stdout closed"));
    // Stays for good: a frame written into a broken pipe later must not end the process with a stack.
    stdout.on("error", (error: NodeJS.ErrnoException) => gone(`stdout failed: ${error.code ?? "unknown"}`));
    for (const name of SIGNALS) named.set(name, () => resolve(name));
  });
  for (const [name, listener] of named) signals.on(name, listener);
  return {
    why,
    deaf: deaf.signal,
    stop() {
      for (const [name, listener] of named) signals.off(name, listener);
    },
  };
}

/** Requests taken in and not answered yet. */
function followCalls(transport: Transport): { none(): Promise<void> } {
  const pending = new Set<string | number>();
  let idle: () => void = () => undefined;
  const take = transport.onmessage;
  const send = transport.send.bind(transport);
  const settle = (id: string | number | undefined) => {
    if (id !== undefined && pending.delete(id) && pending.size === 0) idle();
  };
  transport.onmessage = (message: JSONRPCMessage, extra) => {
    // What is followed is answered at its end alone.
    if (isJSONRPCRequest(message) && listensTo(message) === null) pending.add(message.id);
    else if ("method" in message && message.method === "notifications/cancelled") settle(message.params?.requestId as string | undefined);
    take?.(message, extra);
  };
  transport.send = async (message, options) => {
    await send(message, options);
    if (!("method" in message)) settle(message.id);
  };
  return {
    none: () =>
      new Promise<void>((resolve) => {
        idle = resolve;
        if (pending.size === 0) resolve();
      }),
  };
}
