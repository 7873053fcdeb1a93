/**
 * Revision 2026-07-28 over HTTP: a request, a server for it, an answer; one that brings news on its way comes as a stream. Only what
 * is followed stays, as the stream of the request that asked for it. Loaded when a client speaks it.
 */
import { createMcpHandler } from "@modelcontextprotocol/server";
import { lookOf } from "./answers.ts";
import { Followed } from "./followed.ts";
import { type ModernParts, modernServer } from "./modern-server.ts";
import { about } from "./resources.ts";
import { listensTo } from "./revision.ts";
import { RpcFault } from "./rpc-fault.ts";
import { watched } from "./watched.ts";

export interface ModernOrder extends ModernParts {
  /** Another server on the same wiring, for tests of the wiring. */
  readonly build?: typeof modernServer | undefined;
}

/** `ended`: called once, when the last of the answer has gone out or its reader is gone. */
export async function answerModern(request: Request, message: unknown, order: ModernOrder, ended: () => void): Promise<Response> {
  const { build = modernServer, ...parts } = order;
  const handler = createMcpHandler(() => build(parts), { legacy: "reject" });
  const uris = listensTo(message);
  const over = new AbortController();
  const end = (): void => {
    if (over.signal.aborted) return;
    over.abort();
    ended();
  };
  try {
    const response = watched(await handler.fetch(request, { parsedBody: message }), end);
    // Refused, it is over already.
    if (!uris || over.signal.aborted || parts.caller.kind !== "operator") return response;
    const ending = AbortSignal.any([over.signal, parts.closing]);
    // What is followed ends with a last word; calls under way end by themselves.
    const close = (): void => void handler.close();
    if (ending.aborted) close();
    ending.addEventListener("abort", close, { once: true });
    const followed = new Followed(lookOf(parts), ending);
    try {
      for (const uri of uris) await about(uri, parts.logger, () => followed.add(uri, request, () => handler.notify.resourceUpdated(uri)));
      return response;
    } catch (error) {
      await response.body?.cancel();
      if (!(error instanceof RpcFault)) throw error;
      return Response.json({ jsonrpc: "2.0", id: (message as { readonly id: unknown }).id, error: error.modern() });
    }
  } catch (error) {
    end();
    throw error;
  }
}
