/**
 * The HTTP wiring. For launched agents and programs: stateless, a fresh server per request, JSON answers, so that a session
 * survives a host that was down for a while. For the operator's clients, beside it: connections that stay. Loopback only; the
 * host owns the socket, this answers its requests.
 */
import { getRequestListener } from "@hono/node-server";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { describeError } from "../base/errors.ts";
import type { Caller } from "../engine/caller.ts";
import type { Face, OpenFace } from "../engine/host/context.ts";
import { CROWD, type Crowd } from "../engine/host/crowd.ts";
import type { Services } from "../tools/services.ts";
import { atMost } from "./at-most.ts";
import { buildServer } from "./build-server.ts";
import type { ConnectionParts } from "./connection.ts";
import { Connections } from "./connections.ts";
import { dropBody } from "./drop-body.ts";
import { type RefusalKind, refuse, reply } from "./http-refusals.ts";
import type { ModernOrder } from "./modern-http.ts";
import { LIVE_PATH, MCP_PATH } from "./paths.ts";
import { isModern, listensTo } from "./revision.ts";

/** How long a closing endpoint waits for calls under way; their waits end at once. */
const LAST_WORDS_MS = 5_000;

const LIVE_METHODS: ReadonlySet<string> = new Set(["POST", "GET", "DELETE"]);

export interface FaceParts {
  readonly services: Services;
  readonly version: string;
  readonly crowd?: Crowd;
  /** Another server on the same wirings, for tests of the wirings. */
  readonly build?: typeof buildServer;
  readonly buildModern?: ModernOrder["build"] | undefined;
}

export function mcpFace({ services, version, crowd = CROWD, build = buildServer, buildModern }: FaceParts): OpenFace {
  return ({ project, callers, logger, clock, port }) => {
    const closing = new AbortController();
    const calls = new Map<Promise<unknown>, string>();
    /** Streams of what is followed, as revision 2026-07-28 has them. */
    let followers = 0;
    /** There is one person, however many clients speak that revision: each says who it is with every call. */
    const memory = {};
    const hosts = new Set(["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`));
    const app = new Hono();
    const parts = { ground: async () => ({ project, services }), clock, logger, version };
    const serve: ConnectionParts["serve"] = (over, reachable) =>
      build({ ...parts, caller: { kind: "operator" }, closing: over, lasting: true, reachable });
    const connections = new Connections({ serve, clock, idleMs: crowd.clientIdleMs }, crowd);

    app.use(async (c, next) => {
      const origin = c.req.header("origin");
      if (!hosts.has(c.req.header("host") ?? "")) return refuse(c, "host");
      if (origin !== undefined && !hosts.has(origin.replace(/^http:\/\//, ""))) return refuse(c, "origin");
      const stays = c.req.path === LIVE_PATH;
      if (c.req.path !== MCP_PATH && !stays) return refuse(c, "path");
      if (!stays && c.req.method !== "POST") return refuse(c, "method");
      if (stays && !LIVE_METHODS.has(c.req.method)) return refuse(c, "verb");
      if (closing.signal.aborted) return refuse(c, "closing");
      return next();
    });
    // Nothing else has a body that is read.
    app.on(
      "POST",
      "*",
      bodyLimit({
        maxSize: CROWD.bodyBytes,
        async onError(c) {
          await dropBody(c.req.raw);
          return refuse(c, "size");
        },
      }),
    );
    app.post(MCP_PATH, async (c) => {
      const caller = await callerOf(c);
      if (!caller) return refuse(c, "token");
      const posted = await messageIn(c);
      if ("refused" in posted) return refuse(c, posted.refused);
      if (isModern(posted.message, revisionOf(c))) return modern(c, caller, posted.message);
      if (isCrowded(caller)) return refuse(c, "crowd");
      return answer(c, caller, posted.message).finally(underWay(caller));
    });
    app.all(LIVE_PATH, async (c) => {
      const caller = await callerOf(c);
      if (!caller) return refuse(c, "token");
      if (caller.kind !== "operator") return refuse(c, "operator");
      const posted = c.req.method === "POST" ? await messageIn(c) : { message: undefined };
      if ("refused" in posted) return refuse(c, posted.refused);
      if (posted.message !== undefined && isModern(posted.message, revisionOf(c))) return modern(c, caller, posted.message);
      const answered = await connections.answer(c.req.raw, posted.message);
      return "refused" in answered ? refuse(c, answered.refused) : answered.response;
    });
    app.onError((error, c) => {
      logger.error({ err: error }, "a request failed");
      return reply(c, 500, { code: "INTERNAL", message: describeError(error).slice(0, 120), next: "the same call again", retryable: true });
    });

    async function callerOf(c: Context): Promise<Caller | null> {
      const token = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
      return token === undefined ? null : callers.resolve(token);
    }

    /** One caller that waits for nothing must not keep the others out. */
    function isCrowded(caller: Caller): boolean {
      if (calls.size >= crowd.calls) return true;
      const most = caller.kind === "operator" ? crowd.callsOfOperator : crowd.callsOfOne;
      return calls.size >= most && [...calls.values()].filter((one) => one === who(caller)).length >= most;
    }

    async function answer(c: Context, caller: Caller, message: unknown): Promise<Response> {
      // It left while it was asked who it is: nothing would tell so later.
      if (c.req.raw.signal.aborted) return c.body(null);
      const server = build({ ...parts, caller, closing: closing.signal });
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

    function following(): () => void {
      followers += 1;
      return () => {
        followers -= 1;
      };
    }

    function underWay(caller: Caller): () => void {
      let ended = (): void => undefined;
      const answering = new Promise<void>((resolve) => {
        ended = resolve;
      });
      calls.set(answering, who(caller));
      return () => {
        calls.delete(answering);
        ended();
      };
    }

    async function modern(c: Context, caller: Caller, message: unknown): Promise<Response> {
      const { answerModern } = await import("./modern-http.ts");
      const follows = listensTo(message) !== null;
      if (follows && followers >= crowd.clients) return refuse(c, "clients");
      if (!follows && isCrowded(caller)) return refuse(c, "crowd");
      const order = { ...parts, caller, closing: closing.signal, memory, build: buildModern };
      return answerModern(c.req.raw, message, order, follows ? following() : underWay(caller));
    }

    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    const face: Face = {
      listener: (request, response) => void listener(request, response),
      async close() {
        closing.abort();
        await atMost(LAST_WORDS_MS, Promise.allSettled([...calls.keys(), connections.close()]));
      },
    };
    return face;
  };
}

const revisionOf = (c: Context): string | null => c.req.header("mcp-protocol-version") ?? null;

const who = (caller: Caller): string => (caller.kind === "operator" ? "" : `${caller.swarm} ${caller.session}`);

/** The posted message, or why there is none to answer. */
async function messageIn(c: Context): Promise<{ readonly message: unknown } | { readonly refused: RefusalKind }> {
  if (!/^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "")) return { refused: "type" };
  const accept = c.req.header("accept") ?? "";
  if (!accept.includes("application/json") || !accept.includes("text/event-stream")) return { refused: "accept" };
  const message = parsed(await c.req.text());
  if (message === undefined) return { refused: "json" };
  return JSONRPCMessageSchema.safeParse(message.value).success ? { message: message.value } : { refused: "message" };
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined; // the caller says so
  }
}
