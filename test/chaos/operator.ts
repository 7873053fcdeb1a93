/** One operator at an MCP client of their own: repeats a call until it is answered, and writes down what they were told was done. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { BareClient } from "../../bench/stdio-client.ts";
import { sleep, systemClock } from "../../src/base/clock.ts";
import { describeError } from "../../src/base/errors.ts";
import type { Stage } from "./stage.ts";

/** A yes that was told to an operator: it must be true for ever. */
export interface Ack {
  readonly by: string;
  readonly n: number;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly facts: Readonly<Record<string, unknown>>;
}
interface Told {
  readonly ok: boolean;
  readonly code: string;
  readonly retryable: boolean;
  readonly facts: Readonly<Record<string, unknown>>;
}

const PAUSE_MS = 100;
/** A server that is started anew has to load. */
const ANSWER_MS = 60_000;
/** One and the same wish is repeated no longer than this: whoever is not answered by then is stuck. */
const PATIENCE_MS = 40_000;

export class Operator {
  readonly name: string;
  readonly acks: Ack[] = [];
  readonly problems: string[] = [];
  readonly refused: string[] = [];
  readonly #stage: Stage;
  readonly #file: number;
  #client: BareClient | null = null;
  #last = 0;
  restarts = 0;

  constructor(name: string, stage: Stage) {
    this.name = name;
    this.#stage = stage;
    this.#file = openSync(path.join(stage.dir, `${name}.acks`), "a");
  }

  /** Of the server that runs now. */
  get pid(): number | null {
    return this.#client?.pid ?? null;
  }

  /** The facts when it was done, null when it was refused for good or `signal` ended the trying. */
  async wish(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>> | null> {
    const n = ++this.#last;
    const key = `${this.name}-${n}`;
    const deadline = systemClock.monotonic() + PATIENCE_MS;
    for (let why = "no answer"; !signal.aborted; await sleep(PAUSE_MS, signal)) {
      const told = await this.#try(tool, args, key);
      if (told?.ok) return this.#note({ by: this.name, n, tool, args, facts: told.facts });
      if (told && !told.retryable) {
        this.refused.push(`${tool} ${told.code}`);
        return null;
      }
      why = told?.code ?? why;
      if (systemClock.monotonic() < deadline) continue;
      this.problems.push(`${this.name} is not answered: ${tool} has been ${why} for ${PATIENCE_MS} ms`);
      return null;
    }
    return null;
  }

  /** A look: nothing to be lost. */
  async look(tool: string, args: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>> | null> {
    const told = await this.#try(tool, args, null);
    return told?.ok ? told.facts : null;
  }

  #note(ack: Ack): Ack["facts"] {
    writeSync(this.#file, `${JSON.stringify(ack)}\n`);
    fsyncSync(this.#file);
    this.acks.push(ack);
    return ack.facts;
  }

  /** null: the server died before it answered. */
  async #try(tool: string, args: Readonly<Record<string, unknown>>, key: string | null): Promise<Told | null> {
    const over = new AbortController();
    try {
      const client = await this.#connected();
      const _meta = key === null ? {} : { _meta: { "dev.skep/key": key } };
      const late = sleep(ANSWER_MS, over.signal).then(() => {
        throw new Error("no answer in time");
      });
      late.catch(() => undefined /* the answer came first */);
      return toldBy(await Promise.race([client.request("tools/call", { name: tool, arguments: args, ..._meta }), late]));
    } catch (error) {
      const dead = this.#client;
      this.#client = null;
      await dead?.close();
      if (!/ended \(SIGKILL\)|EPIPE/.test(describeError(error))) this.problems.push(`${this.name}: ${tool}: ${describeError(error)}`);
      return null;
    } finally {
      over.abort();
    }
  }

  async #connected(): Promise<BareClient> {
    if (this.#client) return this.#client;
    const { argv, repo, env } = this.#stage;
    this.#client = new BareClient([...argv, "mcp", "--project", repo.root], { cwd: repo.root, env });
    this.restarts++;
    await this.#client.initialize();
    return this.#client;
  }

  async close(): Promise<void> {
    await this.#client?.close();
    closeSync(this.#file);
  }
}

function toldBy(result: unknown): Told {
  const { isError, structuredContent, _meta } = result as {
    isError?: boolean;
    structuredContent?: Record<string, unknown>;
    _meta?: Record<string, { code?: string; retryable?: boolean } | undefined>;
  };
  const fault = _meta?.["dev.skep/error"];
  return { ok: isError !== true, code: fault?.code ?? "", retryable: fault?.retryable === true, facts: structuredContent ?? {} };
}
