/** What a request hears that never reaches a tool: status, code, and the next step, as a JSON-RPC error. */
import type { Context } from "hono";
import { type Fault, renderFault } from "../base/errors.ts";
import { CROWD } from "../engine/host/crowd.ts";
import { LIVE_PATH, MCP_PATH } from "./paths.ts";

const REFUSALS = {
  host: [403, "BAD_HOST", "this endpoint answers only to its own loopback name", "use http://127.0.0.1 with its port"],
  origin: [403, "BAD_ORIGIN", "a page of another origin may not call this endpoint", "call it from a program"],
  path: [404, "NO_PATH", "there is nothing here", `POST ${MCP_PATH}`],
  method: [405, "BAD_METHOD", "this endpoint is stateless and takes POST alone", `POST ${MCP_PATH}`],
  verb: [405, "BAD_METHOD", "this endpoint takes POST, GET and DELETE", `POST ${LIVE_PATH}`],
  token: [401, "BAD_TOKEN", "the bearer token is missing, or its session is over", "end your turn; an operator reads the token file again"],
  operator: [403, "NOT_ALLOWED", "this endpoint is for the operator's client; an agent has no connection of its own", `POST ${MCP_PATH}`],
  unknown: [404, "NO_CONNECTION", "this connection has ended, or the host was replaced", "initialize again, without mcp-session-id"],
  size: [413, "TOO_LARGE", `the body is larger than ${CROWD.bodyBytes} bytes`, "send less, or name a file that holds the text"],
  type: [415, "BAD_TYPE", "the body is not declared as JSON", "send it with content-type: application/json"],
  accept: [406, "BAD_ACCEPT", "answers are JSON or an event stream", "send accept: application/json, text/event-stream"],
  json: [400, "BAD_JSON", "the body is no JSON", "send one JSON-RPC message"],
  message: [400, "BAD_MESSAGE", "the body is no JSON-RPC 2.0 message", "send one such message; batches are gone from the protocol"],
  first: [400, "BAD_MESSAGE", "a connection begins with initialize", "initialize, then name it in mcp-session-id"],
  crowd: [503, "BUSY", "too many calls are under way", "the same call again in a second; a caller waits for its answers"],
  clients: [503, "BUSY", "as many clients as may stay are connected and listen", "the same call again when one of them is closed"],
  closing: [503, "CLOSING", "the host is ending or being replaced", "the same call again"],
} as const;
export type RefusalKind = keyof typeof REFUSALS;

export function refuse(c: Context, what: RefusalKind): Response {
  const [status, code, message, next] = REFUSALS[what];
  if (what === "method") c.header("allow", "POST");
  if (what === "verb") c.header("allow", "POST, GET, DELETE");
  const busy = what === "crowd" || what === "clients";
  if (busy) c.header("retry-after", "1");
  if (what === "token") c.header("www-authenticate", "Bearer");
  return reply(c, status, { code, message, next, retryable: busy || what === "closing" });
}

/** JSON-RPC's own numbers, where it has one. */
const RPC_CODE: Readonly<Record<string, number>> = { BAD_JSON: -32_700, BAD_MESSAGE: -32_600 };

export function reply(c: Context, status: 400 | 401 | 403 | 404 | 405 | 406 | 413 | 415 | 500 | 503, fault: Fault): Response {
  const { code, message, next, retryable } = fault;
  const error = { code: RPC_CODE[code] ?? -32_000, message: renderFault(fault), data: { code, message, next, retryable } };
  return c.json({ jsonrpc: "2.0", error, id: null }, status);
}
