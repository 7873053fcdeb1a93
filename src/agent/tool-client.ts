/**
 * The scripted agent's MCP client: Streamable HTTP with its own token. A call that was cut, or answered "retryable", is made
 * again: every tool that changes something is safe to repeat, and no agent CLI would get through a host restart otherwise.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport, StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolResultSchema, McpError } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { sleep, systemClock } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { ToolAnswer } from "./interpreter.ts";

export interface ToolClient {
  call(tool: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** How long an unreachable host is waited for, and how long one call may take (waits answer within 50 s). */
const PATIENCE_MS = 30_000;
const CALL_MS = 60_000;
const PAUSE_MS = 100;

const fault = z.looseObject({ code: z.string(), retryable: z.boolean().optional() });

export async function connectTools(url: string, token: string, signal: AbortSignal): Promise<ToolClient> {
  const deadline = systemClock.monotonic() + PATIENCE_MS;
  for (;;) {
    const client = new Client({ name: "skep-scripted-agent", version: "1" });
    const requestInit = { headers: { Authorization: `Bearer ${token}` } };
    try {
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }) as Transport);
      return { call: (tool, args, stop) => callTool(client, tool, args, stop), close: () => client.close() };
    } catch (error) {
      if (!passing(error) || signal.aborted || systemClock.monotonic() > deadline) throw error;
    }
    await sleep(PAUSE_MS, signal);
  }
}

async function callTool(client: Client, tool: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolAnswer> {
  const deadline = systemClock.monotonic() + PATIENCE_MS;
  for (;;) {
    const late = signal.aborted || systemClock.monotonic() > deadline;
    try {
      const result = await client.callTool({ name: tool, arguments: { ...args } }, CallToolResultSchema, { signal, timeout: CALL_MS });
      const answer = read(CallToolResultSchema.parse(result));
      if (!answer.retryable || late) return answer;
    } catch (error) {
      if (signal.aborted || late || !passing(error)) return refused(error);
    }
    await sleep(PAUSE_MS, signal);
  }
}

function read(result: z.output<typeof CallToolResultSchema>): ToolAnswer & { retryable: boolean } {
  const text = result.content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
  const error = fault.safeParse(result._meta?.["dev.skep/error"]);
  const code = error.success ? error.data.code : (/^([A-Z][A-Z0-9_]+):/.exec(text)?.[1] ?? null);
  return {
    isError: result.isError === true,
    code: result.isError ? code : null,
    text,
    structured: result.structuredContent ?? asJson(text),
    retryable: result.isError === true && error.success && error.data.retryable === true,
  };
}

function asJson(text: string): unknown {
  if (!text.startsWith("{")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null; // prose that begins with a brace
  }
}

/** Nobody answered; an answer that says no (401, an MCP error) is not retried. */
const passing = (error: unknown): boolean => !(error instanceof McpError || error instanceof StreamableHTTPError || isUnauthorized(error));
const isUnauthorized = (error: unknown): boolean => error instanceof Error && /unauthorized|401/i.test(`${error.name} ${error.message}`);

const refused = (error: unknown): ToolAnswer => ({ isError: true, code: "TRANSPORT", text: describeError(error), structured: null });
