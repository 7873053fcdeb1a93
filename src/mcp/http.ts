/**
 * The HTTP wiring for launched agents and programs: stateless, a fresh server per request, JSON answers, so that a session
 * survives a host that was down for a while. Loopback only; the host owns the socket, this answers its requests.
 */
import { getRequestListener } from "@hono/node-server";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { describeError, type Fault, renderFault } from "../base/errors.ts";
import type { Caller } from "../engine/caller.ts";
import type { Face, OpenFace } from "../engine/host/context.ts";
import { CROWD, type Crowd } from "../engine/host/crowd.ts";
import type { Services } from "../tools/services.ts";
import { atMost } from "./at-most.ts";
import { buildServer } from "./build-server.ts";
import { dropBody } from "./drop-body.ts";

export const MCP_PATH = "/mcp";
/** How long a closing endpoint waits for calls under way; their waits end at once. */
const LAST_WORDS_MS = 5_000;

/** Status and fault of a request that never reaches a tool. */
const REFUSALS = {
  host: [403, "BAD_HOST", "this endpoint answers only to its own loopback name", "use http://127.0.0.1 with its port"],
  origin: [403, "BAD_ORIGIN", "a page of another origin may not call this endpoint", "call it from a program"],
  path: [404, "NO_PATH", "there is nothing here", `POST ${MCP_PATH}`],
  method: [405, "BAD_METHOD", "this endpoint is stateless and takes POST alone", `POST ${MCP_PATH}`],
  token: [401, "BAD_TOKEN", "the bearer token is missing, or its session is over", "end your turn; an operator reads the token file again"],
  size: [413, "TOO_LARGE", `the body is larger than ${CROWD.bodyBytes} bytes`, "send less, or name a file that holds the text"],
  type: [415, "BAD_TYPE", "the body is not declared as JSON", "send it with content-type: application/json"],
  accept: [406, "BAD_ACCEPT", "answers are JSON or an event stream", "send accept: application/json, text/event-stream"],
  json: [400, "BAD_JSON", "the body is no JSON", "send one JSON-RPC message"],
  message: [400, "BAD_MESSAGE", "the body is no JSON-RPC 2.0 message", "send one such message; batches are gone from the protocol"],
  crowd: [503, "BUSY", "too many calls are under way", "the same call again in a second; a caller waits for its answers"],
  closing: [503, "CLOSING", "the host is ending or being replaced", "the same call again"],
} as const;

export interface FaceParts {
  readonly services: Services;
  readonly version: string;
  readonly crowd?: Crowd;
}

export function mcpFace({ services, version, crowd = CROWD }: FaceParts): OpenFace {
  return ({ project, callers, logger, clock, port }) => {
    const closing = new AbortController();
    const calls = new Map<Promise<unknown>, string>();
    const hosts = new Set(["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`));
    const app = new Hono();

    app.use(async (c, next) => {
      const origin = c.req.header("origin");
      if (!hosts.has(c.req.header("host") ?? "")) return refuse(c, "host");
      if (origin !== undefined && !hosts.has(origin.replace(/^http:\/\//, ""))) return refuse(c, "origin");
      if (c.req.path !== MCP_PATH) return refuse(c, "path");
      if (c.req.method !== "POST") return refuse(c, "method");
      if (closing.signal.aborted) return refuse(c, "closing");
      return next();
    });
    app.use(
      bodyLimit({
        maxSize: CROWD.bodyBytes,
        async onError(c) {
          await dropBody(c.req.raw);
          return refuse(c, "size");
        },
      }),
    );
    app.post(MCP_PATH, async (c) => {
      const token = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
      const caller = token === undefined ? null : await callers.resolve(token);
      if (!caller) return refuse(c, "token");
      if (!/^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "")) return refuse(c, "type");
      const accept = c.req.header("accept") ?? "";
      if (!accept.includes("application/json") || !accept.includes("text/event-stream")) return refuse(c, "accept");
      const message = parsed(await c.req.text());
      if (message === undefined) return refuse(c, "json");
      if (!JSONRPCMessageSchema.safeParse(message.value).success) return refuse(c, "message");
      if (isCrowded(caller)) return refuse(c, "crowd");
      const answering = answer(c, caller, message.value);
      calls.set(answering, who(caller));
      return answering.finally(() => calls.delete(answering));
    });
    app.onError((error, c) => {
      logger.error({ err: error }, "a request failed");
      return reply(c, 500, { code: "INTERNAL", message: describeError(error).slice(0, 120), next: "the same call again", retryable: true });
    });

    /** One caller that waits for nothing must not keep the others out. */
    function isCrowded(caller: Caller): boolean {
      if (calls.size >= crowd.calls) return true;
      const most = caller.kind === "operator" ? crowd.callsOfOperator : crowd.callsOfOne;
      return calls.size >= most && [...calls.values()].filter((one) => one === who(caller)).length >= most;
    }

    async function answer(c: Context, caller: Caller, message: unknown): Promise<Response> {
      // It left while it was asked who it is: nothing would tell so later.
      if (c.req.raw.signal.aborted) return c.body(null);
      const server = buildServer({ caller, ground: async () => ({ project, services }), clock, logger, version, closing: closing.signal });
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      // A caller that is gone waits for nothing any more, and the SDK answers nothing to a closed server: both end here.
      const { signal } = c.req.raw;
      let leave = (): void => undefined;
      const gone = new Promise<Response>((resolve) => {
        leave = () => resolve(c.body(null));
        signal.addEventListener("abort", leave, { once: true });
      });
      await server.connect(transport);
      try {
        return await Promise.race([transport.handleRequest(c.req.raw, { parsedBody: message }), gone]);
      } finally {
        // The platform holds a request's signal until the request itself is collected: what listens there and knows the request stays for ever.
        signal.removeEventListener("abort", leave);
        await server.close();
      }
    }

    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    const face: Face = {
      listener: (request, response) => void listener(request, response),
      async close() {
        closing.abort();
        await atMost(LAST_WORDS_MS, Promise.allSettled([...calls.keys()]));
      },
    };
    return face;
  };
}

const who = (caller: Caller): string => (caller.kind === "operator" ? "" : `${caller.swarm} ${caller.session}`);

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined; // the caller says so
  }
}

function refuse(c: Context, what: keyof typeof REFUSALS): Response {
  const [status, code, message, next] = REFUSALS[what];
  if (what === "method") c.header("allow", "POST");
  if (what === "crowd") c.header("retry-after", "1");
  if (what === "token") c.header("www-authenticate", "Bearer");
  return reply(c, status, { code, message, next, retryable: what === "closing" || what === "crowd" });
}

/** JSON-RPC's own numbers, where it has one. */
const RPC_CODE: Readonly<Record<string, number>> = { BAD_JSON: -32_700, BAD_MESSAGE: -32_600 };

function reply(c: Context, status: 400 | 401 | 403 | 404 | 405 | 406 | 413 | 415 | 500 | 503, fault: Fault): Response {
  const { code, message, next, retryable } = fault;
  const error = { code: RPC_CODE[code] ?? -32_000, message: renderFault(fault), data: { code, message, next, retryable } };
  return c.json({ jsonrpc: "2.0", error, id: null }, status);
}
