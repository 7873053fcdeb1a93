/**
 * One client of the operator over HTTP that stays: it has a server of its own, answers as event streams, and a stream for what
 * is told unasked. It ends by its client's DELETE, by the host, or when nothing of it was heard for a while.
 */
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { CancelledNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import type { Cancel, Clock } from "../base/clock.ts";
import { mintToken } from "../base/ids.ts";
import { atMost } from "./at-most.ts";
import { watched } from "./watched.ts";

export interface ConnectionParts {
  /** `closing` ends its waits; `reachable`: whether what is sent unasked finds its client. */
  readonly serve: (closing: AbortSignal, reachable: () => boolean) => McpServer;
  readonly clock: Clock;
  readonly idleMs: number;
}

/** How long an ending connection waits for calls under way; their waits end at once. */
const LAST_WORDS_MS = 5_000;

export class Connection {
  readonly #parts: ConnectionParts;
  readonly #ended: () => void;
  readonly #mcp: McpServer;
  readonly #transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: mintToken });
  readonly #closing = new AbortController();
  /** Answers under way, and the stream of what is told unasked. */
  #calls = 0;
  #streams = 0;
  #cancelRest: Cancel | null = null;
  #quiet: () => void = () => undefined;
  /** When the last stream of it ended, on the clock that never steps back. */
  restsSince = 0;

  private constructor(parts: ConnectionParts, ended: () => void) {
    this.#parts = parts;
    this.#ended = ended;
    this.#mcp = parts.serve(this.#closing.signal, () => this.#streams > 0);
    this.#mcp.server.onclose = () => {
      this.#closing.abort();
      this.#cancelRest?.();
      ended();
    };
  }

  /** `ended`: called when no further request may be given to it. */
  static async open(parts: ConnectionParts, ended: () => void): Promise<Connection> {
    const made = new Connection(parts, ended);
    await made.#mcp.connect(made.#transport);
    return made;
  }

  /** Given to its client with the first answer. */
  get id(): string | undefined {
    return this.#transport.sessionId;
  }

  get busy(): number {
    return this.#calls + this.#streams;
  }

  /** `message`: what was posted; undefined for GET and DELETE. */
  async answer(request: Request, message: unknown): Promise<Response> {
    const stays = request.method === "GET";
    this.#begin(stays);
    let response: Response;
    try {
      response = await this.#transport.handleRequest(request, message === undefined ? {} : { parsedBody: message });
    } catch (error) {
      this.#end(stays);
      throw error;
    }
    this.#dropCancelled(message);
    return watched(response, () => this.#end(stays));
  }

  async close(): Promise<void> {
    this.#ended();
    this.#closing.abort();
    const quiet = new Promise<void>((resolve) => {
      this.#quiet = resolve;
      if (this.#calls === 0) resolve();
    });
    await atMost(LAST_WORDS_MS, quiet);
    await this.#mcp.close();
  }

  /** A call that is taken back gets no answer: its stream would stay, and count, for as long as the client does. */
  #dropCancelled(message: unknown): void {
    const { data } = CancelledNotificationSchema.safeParse(message);
    if (data?.params.requestId !== undefined) this.#transport.closeSSEStream(data.params.requestId);
  }

  #begin(stays: boolean): void {
    if (stays) this.#streams += 1;
    else this.#calls += 1;
    this.#cancelRest?.();
    this.#cancelRest = null;
  }

  #end(stays: boolean): void {
    if (stays) this.#streams -= 1;
    else this.#calls -= 1;
    if (this.#calls === 0) this.#quiet();
    if (this.busy > 0 || this.#closing.signal.aborted) return;
    const { clock, idleMs } = this.#parts;
    this.restsSince = clock.monotonic();
    this.#cancelRest?.();
    this.#cancelRest = clock.after(idleMs, () => void this.close());
  }
}
