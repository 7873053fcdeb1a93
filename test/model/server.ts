/**
 * A scripted model behind the APIs that agent CLIs speak, on loopback: they are driven through a playbook without a model.
 * It keeps no conversation; what it remembers is for the test to look at.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Playbook } from "../../src/agent/playbook.ts";
import { systemClock } from "../../src/base/clock.ts";
import { anthropic } from "./anthropic.ts";
import { chat } from "./chat.ts";
import type { Conversation } from "./conversation.ts";
import { decideReply } from "./decide.ts";
import { type Dialect, json, type Reply, type Toolbox, USAGE } from "./dialect.ts";
import { gemini } from "./gemini.ts";
import { responses } from "./responses.ts";

const DIALECTS: readonly Dialect[] = [anthropic, chat, responses, gemini];

/** An answer that means failure: a status with the dialect's own words, or with these. */
export type Failure = number | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

export interface ModelServer {
  readonly url: string;
  readonly requests: readonly Conversation[];
  /** Everything a client sent, headers and bodies as they came: what must not be in there is looked for here. */
  readonly raw: readonly string[];
  /** Playbook faults met so far: a test that drives a swarm expects none. */
  readonly faults: readonly string[];
  /** When each of `requests` came, in milliseconds since the epoch, and by which API. */
  readonly arrivals: readonly { readonly at: number; readonly path: string }[];
  /** Every request of the API with this path fails so, until null takes it back; returns how many did so far. */
  refuse(path: string, failure: Failure | null): { readonly count: number };
  /** Answers the next requests with these failures instead. */
  failWith(...failures: Failure[]): void;
  /** Failures that no request has met yet are forgotten. */
  recover(): void;
  close(): Promise<void>;
}

/** What the model says next, when no playbook tells. */
export type Script = (tools: Toolbox, conversation: Conversation) => Reply;

export async function startModelServer(script: Playbook | Script, port = 0): Promise<ModelServer> {
  const decide: Script = typeof script === "function" ? script : (tools, conversation) => decideReply(script, tools, conversation);
  const requests: Conversation[] = [];
  const raw: string[] = [];
  const faults: string[] = [];
  const failures: Failure[] = [];
  const arrivals: { at: number; path: string }[] = [];
  const refused = new Map<string, { failure: Failure | null; count: number }>();
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
    const dialect = request.method === "POST" ? DIALECTS.find(({ path }) => where.endsWith(path)) : undefined;
    if (!dialect) return json(response, where === "/" ? 200 : 404, {});
    const standing = refused.get(dialect.path);
    if (standing?.failure) {
      standing.count += 1;
      return fail(response, dialect, standing.failure);
    }
    const failure = failures.shift();
    if (failure !== undefined) return fail(response, dialect, failure);
    const conversation = dialect.read(JSON.parse(body));
    requests.push(conversation);
    arrivals.push({ at: systemClock.now(), path: dialect.path });
    const reply = decide(dialect.tools, conversation);
    if (reply.fault) faults.push(reply.fault);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    await dialect.write(response, conversation, reply, requests.length, gone.signal);
  }
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    raw,
    faults,
    arrivals,
    refuse(path, failure) {
      const standing = refused.get(path) ?? { failure, count: 0 };
      standing.failure = failure;
      refused.set(path, standing);
      return standing;
    },
    failWith: (...next) => void failures.push(...next),
    recover: () => void failures.splice(0),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function fail(response: ServerResponse, dialect: Dialect, failure: Failure): void {
  const { status, body, headers } = typeof failure === "number" ? { status: failure, body: undefined, headers: {} } : failure;
  json(response, status, body ?? dialect.failure(status), headers);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
