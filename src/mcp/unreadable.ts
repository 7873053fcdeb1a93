/**
 * What a client on stdio hears of a line that cannot be read. There is no id to answer under; it is answered all the same,
 * since a client that waits in silence believes that somebody works.
 */
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { renderFault } from "../base/errors.ts";

/** JSON-RPC's own number, then skep's code, message and next step. */
const UNREADABLE = {
  json: [-32_700, "BAD_JSON", "a line on stdin is no JSON", "send one JSON-RPC message per line"],
  message: [-32_600, "BAD_MESSAGE", "a line on stdin is no JSON-RPC 2.0 message", "send one such message per line"],
  size: [-32_600, "TOO_LARGE", "a line on stdin is too long; this server ends", "start it again; name a file that holds the text"],
} as const;

/** Answers `error` of the transport when it is about what was read. */
export function refuseUnreadable(transport: Transport, error: Error): void {
  const kind = kindOf(error);
  if (kind === null) return;
  const [number, code, message, next] = UNREADABLE[kind];
  const data = { code, message, next, retryable: false };
  void transport.send({ jsonrpc: "2.0", error: { code: number, message: renderFault(data), data } });
}

/** The transport tells by the error alone what it was. */
function kindOf(error: Error): keyof typeof UNREADABLE | null {
  if (error instanceof SyntaxError) return "json";
  if (error.name === "ZodError" || error.name === "$ZodError") return "message";
  return /maximum size/.test(error.message) ? "size" : null;
}
