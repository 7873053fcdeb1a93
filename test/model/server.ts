/**
 * A scripted model behind the Anthropic Messages API, on loopback: real CLIs are driven through a playbook without a model.
 * It keeps no conversation; what it remembers is for the test to look at.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Playbook } from "../../src/agent/playbook.ts";
import { sleep } from "../../src/base/clock.ts";
import { type Conversation, readConversation } from "./conversation.ts";
import { decideReply, type Reply } from "./decide.ts";

export interface ModelServer {
  readonly url: string;
  readonly requests: readonly Conversation[];
  /** Everything a client sent, headers and bodies as they came: what must not be in there is looked for here. */
  readonly raw: readonly string[];
  /** Playbook faults met so far: a test that drives a swarm expects none. */
  readonly faults: readonly string[];
  /** Answers the next requests with these statuses instead. */
  failWith(...statuses: number[]): void;
  close(): Promise<void>;
}

const USAGE = { input: 100, output: 20 };

export async function startModelServer(playbook: Playbook, port = 0): Promise<ModelServer> {
  const requests: Conversation[] = [];
  const raw: string[] = [];
  const faults: string[] = [];
  const failures: number[] = [];
  const http = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 400, { type: "error", error: { type: "invalid_request_error", message: String(error) } });
      else response.destroy();
    });
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    raw.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}\n${body}`);
    const where = (request.url ?? "").split("?")[0] ?? "";
    if (where.endsWith("/count_tokens")) return json(response, 200, { input_tokens: USAGE.input });
    if (!where.endsWith("/v1/messages")) return json(response, where === "/" ? 200 : 404, {});
    const failure = failures.shift();
    if (failure !== undefined)
      return json(response, failure, { type: "error", error: { type: "api_error", message: `scripted ${failure}` } });
    const conversation = readConversation(JSON.parse(body));
    requests.push(conversation);
    const reply = decideReply(playbook, conversation);
    if (reply.fault) faults.push(reply.fault);
    await answer(response, conversation, reply, requests.length);
  }
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    raw,
    faults,
    failWith: (...statuses) => void failures.push(...statuses),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

async function answer(response: ServerResponse, { model, stream }: Conversation, reply: Reply, n: number): Promise<void> {
  const content: readonly Record<string, unknown>[] = [
    ...(reply.text ? [{ type: "text", text: reply.text }] : []),
    ...(reply.call ? [{ type: "tool_use", id: `toolu_${String(n).padStart(24, "0")}`, ...reply.call }] : []),
  ];
  const usage = { input_tokens: USAGE.input, output_tokens: USAGE.output, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  const stop = reply.call ? "tool_use" : "end_turn";
  const message = { id: `msg_${n}`, type: "message", role: "assistant", model, content, stop_reason: stop, stop_sequence: null, usage };
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  if (!stream) {
    await sleep(reply.sleepMs, gone.signal);
    return json(response, 200, message);
  }
  response.writeHead(200, { "content-type": "text/event-stream", "request-id": `req_${n}` });
  const event = (type: string, data: Record<string, unknown>): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  event("message_start", { message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } } });
  await sleep(reply.sleepMs, gone.signal);
  content.forEach((block, index) => {
    const empty = block.type === "text" ? { ...block, text: "" } : { ...block, input: {} };
    event("content_block_start", { index, content_block: empty });
    const delta =
      block.type === "text"
        ? { type: "text_delta", text: block.text }
        : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    event("content_block_delta", { index, delta });
    event("content_block_stop", { index });
  });
  event("message_delta", { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: USAGE.output } });
  event("message_stop", {});
  response.end();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
