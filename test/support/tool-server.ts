/**
 * A small MCP server over stateless Streamable HTTP, wired as the host's endpoint is: JSON answers, bearer token, 405 on GET.
 * Tests give it plain functions; it remembers every call with the token it came with.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

export type Args = Readonly<Record<string, unknown>>;
export type ToolFunction = (args: Args, caller: { token: string; signal: AbortSignal }) => unknown;
export interface ToolCall {
  readonly token: string;
  readonly tool: string;
  readonly args: Args;
}
export interface ToolServer {
  readonly url: string;
  readonly calls: readonly ToolCall[];
  /** The next `count` POSTs are cut without an answer, as when a host dies in the middle of a call. */
  cut(count: number): void;
  close(): Promise<void>;
}

/** Thrown by a tool function to answer a refusal. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export async function startToolServer(
  tools: Readonly<Record<string, ToolFunction>>,
  options: { tokens: readonly string[]; port?: number },
): Promise<ToolServer> {
  const calls: ToolCall[] = [];
  let toCut = 0;
  const http = createServer((request, response) => {
    if (toCut > 0 && request.method === "POST") {
      toCut -= 1;
      request.socket.destroy();
      return;
    }
    answer(request, response, tools, options.tokens, calls).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    calls,
    cut(count) {
      toCut = count;
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  tools: Readonly<Record<string, ToolFunction>>,
  tokens: readonly string[],
  calls: ToolCall[],
): Promise<void> {
  if (request.method !== "POST") {
    response.writeHead(405).end();
    return;
  }
  const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  if (!tokens.includes(token)) {
    response.writeHead(401, { "content-type": "application/json" }).end('{"error":"unauthorized"}');
    return;
  }
  const server = new Server({ name: "skep", version: "0.0.0" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: Object.keys(tools).map((name) => ({ name, description: `Test tool ${name}`, inputSchema: { type: "object" as const } })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const args = params.arguments ?? {};
    calls.push({ token, tool: params.name, args });
    return render(async () => tools[params.name]?.(args, { token, signal: extra.signal }));
  });
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.on("close", () => void server.close());
  await server.connect(transport as Transport);
  await transport.handleRequest(request, response);
}

async function render(run: () => Promise<unknown>): Promise<CallToolResult> {
  try {
    const value = await run();
    if (typeof value === "string") return { content: [{ type: "text", text: value }] };
    const facts = (value ?? {}) as Record<string, unknown>;
    return { content: [{ type: "text", text: JSON.stringify(facts) }], structuredContent: facts };
  } catch (error) {
    const code = error instanceof Refused ? error.code : "INTERNAL";
    const message = error instanceof Error ? error.message : String(error);
    return {
      isError: true,
      content: [{ type: "text", text: `${code}: ${message}. Next: whoami.` }],
      _meta: { "dev.skep/error": { code, message, retryable: code === "BUSY", next: "whoami" } },
    };
  }
}
