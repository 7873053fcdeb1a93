/** The operator's clients that stay connected over HTTP: few, found by the id their client was given, and none outlives the host. */
import { isInitializeRequest, isJSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";
import type { Crowd } from "../engine/host/crowd.ts";
import { Connection, type ConnectionParts } from "./connection.ts";
import type { RefusalKind } from "./http-refusals.ts";

export type Answered = { readonly response: Response } | { readonly refused: RefusalKind };

export class Connections {
  readonly #parts: ConnectionParts;
  readonly #crowd: Pick<Crowd, "clients" | "callsOfClient">;
  readonly #open = new Map<string, Connection>();
  #beginning = 0;

  constructor(parts: ConnectionParts, crowd: Pick<Crowd, "clients" | "callsOfClient">) {
    this.#parts = parts;
    this.#crowd = crowd;
  }

  /** `message`: what was posted; undefined for GET and DELETE. */
  async answer(request: Request, message: unknown): Promise<Answered> {
    const id = request.headers.get("mcp-session-id");
    if (id === null) return isInitializeRequest(message) ? this.#begin(request, message) : { refused: "first" };
    const connection = this.#open.get(id);
    if (!connection) return { refused: "unknown" };
    // What ends a call or answers a question is let in: it makes room.
    const stays = request.method === "GET" || isJSONRPCRequest(message);
    if (stays && connection.busy >= this.#crowd.callsOfClient) return { refused: "crowd" };
    return { response: await connection.answer(request, message) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((connection) => connection.close()));
  }

  async #begin(request: Request, message: unknown): Promise<Answered> {
    if (!this.#makeRoom()) return { refused: "clients" };
    this.#beginning += 1;
    try {
      let ended = false;
      const connection: Connection = await Connection.open(this.#parts, () => {
        ended = true;
        if (connection.id !== undefined) this.#open.delete(connection.id);
      });
      const response = await connection.answer(request, message);
      if (connection.id === undefined) await connection.close();
      else if (!ended) this.#open.set(connection.id, connection);
      return { response };
    } finally {
      this.#beginning -= 1;
    }
  }

  /** A client that went without a word has no stream any more: the one that rests the longest gives way, and is unknown at once. */
  #makeRoom(): boolean {
    if (this.#open.size + this.#beginning < this.#crowd.clients) return true;
    const [oldest] = [...this.#open.values()].filter(({ busy }) => busy === 0).sort((a, b) => a.restsSince - b.restsSince);
    void oldest?.close();
    return oldest !== undefined;
  }
}
