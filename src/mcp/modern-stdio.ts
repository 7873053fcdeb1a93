/**
 * Revision 2026-07-28 over stdio, on the same pipe as the revisions before it: this takes the messages that speak it. Loaded when
 * a client sends one.
 */
import type { JSONRPCMessage, Server, Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { lookOf } from "./answers.ts";
import { Followed } from "./followed.ts";
import { type ModernParts, modernServer } from "./modern-server.ts";
import { about } from "./resources.ts";
import { listensTo } from "./revision.ts";
import { RpcFault } from "./rpc-fault.ts";

type Send = (message: JSONRPCMessage) => Promise<void>;

/** The half of a connection that speaks this revision. */
export class ModernHalf {
  readonly #wire: Transport;
  readonly #send: Send;
  readonly #parts: ModernParts;
  readonly #followed: Followed;
  readonly #served: { close(): Promise<void> };
  #server: Server | null = null;

  constructor(parts: ModernParts, send: Send) {
    this.#parts = parts;
    this.#send = send;
    this.#followed = new Followed(lookOf(parts), parts.closing);
    this.#wire = { start: async () => undefined, close: async () => undefined, send: (message) => this.#answer(message) };
    this.#served = serveStdio(
      () => {
        this.#server = modernServer(parts);
        return this.#server;
      },
      { transport: this.#wire, legacy: "reject", onerror: (error) => parts.logger.warn({ err: error }, "a message was not served") },
    );
  }

  async take(message: JSONRPCMessage): Promise<void> {
    const uris = listensTo(message);
    if (uris && "id" in message && this.#parts.caller.kind === "operator") {
      const refusal = await this.#follow(uris, message.id);
      if (refusal) return this.#answer({ jsonrpc: "2.0", id: message.id as string | number, error: refusal.modern() });
    }
    if ("method" in message && message.method === "notifications/cancelled") this.#followed.drop(message.params?.requestId);
    this.#wire.onmessage?.(message);
  }

  close(): Promise<void> {
    return this.#served.close();
  }

  /** With its answer a request is over, a refused one too: what it followed is let go of. */
  #answer(message: JSONRPCMessage): Promise<void> {
    if (!("method" in message)) this.#followed.drop(message.id);
    return this.#send(message);
  }

  async #follow(uris: readonly string[], by: unknown): Promise<RpcFault | null> {
    try {
      for (const uri of uris) await about(uri, this.#parts.logger, () => this.#followed.add(uri, by, () => this.#tell(uri)));
      return null;
    } catch (error) {
      if (error instanceof RpcFault) return error;
      throw error;
    }
  }

  /** To those whose request named it; a client that is gone does not hear it. */
  #tell(uri: string): void {
    this.#server?.sendResourceUpdated({ uri }).catch(() => undefined);
  }
}
