/** The doors bad input comes through: the built program as a command and as an MCP server over stdio, spoken to in raw bytes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { systemClock } from "../../../src/base/clock.ts";
import { endKept } from "../../../src/engine/host/end.ts";
import { builtMain } from "../../support/build.ts";
import { tempDir } from "../../support/temp.ts";
import { until } from "../../support/until.ts";

export interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another user, for what root may do and nobody else. */
  readonly uid?: number;
  /** What the program is started through: `unshare`, `prlimit`. */
  readonly wrap?: readonly string[];
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let home: string | undefined;

function start({ cwd, env = {}, uid, wrap = [] }: Place, args: readonly string[]): ChildProcess {
  const [program = "", ...rest] = [...wrap, process.execPath, builtMain(), ...args];
  // The project is the folder alone, whatever the caller's own environment says.
  home ??= tempDir("home");
  const { CLAUDE_PROJECT_DIR: _, SKEP_PROJECT: __, ...own } = process.env;
  const who = uid === undefined ? {} : { uid, gid: uid };
  return spawn(program, rest, { cwd, env: { ...own, HOME: home, ...env }, stdio: ["pipe", "pipe", "pipe"], ...who });
}

/** `skep <args>` to its end. */
export async function skep(place: Place, ...args: readonly string[]): Promise<Ran> {
  const child = start(place, args);
  child.stdin?.end();
  const [out, err] = [collect(child, "stdout"), collect(child, "stderr")];
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: out(), err: err() };
}

function collect(child: ChildProcess, stream: "stdout" | "stderr"): () => string {
  const chunks: Buffer[] = [];
  child[stream]?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

export interface Frame {
  readonly id?: number | string | null;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: { readonly code?: string; readonly next?: string } };
}

export interface Told {
  readonly ok: boolean;
  readonly code: string | null;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** `skep mcp`, and a client that may send anything. */
export class StdioDoor {
  readonly child: ChildProcess;
  readonly frames: Frame[] = [];
  readonly #err: () => string;
  #rest = "";
  #last = 0;

  constructor(place: Place) {
    this.child = start(place, ["mcp"]);
    this.#err = collect(this.child, "stderr");
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (this.#rest + text).split("\n");
      this.#rest = lines.pop() ?? "";
      // stdout carries frames and nothing else: anything else fails the test here.
      for (const line of lines) this.frames.push(JSON.parse(line) as Frame);
    });
    // A server that leaves in the middle of a long line is the server's business.
    this.child.stdin?.on("error", () => undefined);
  }

  get stderr(): string {
    return this.#err();
  }

  send(bytes: string | Buffer): void {
    this.child.stdin?.write(bytes);
  }

  async request(method: string, params: unknown, id: number | string = `r${++this.#last}`): Promise<Frame> {
    this.send(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return this.answer(id);
  }

  answer(id: number | string): Promise<Frame> {
    const what = `request ${id} was answered; stderr: ${this.stderr.slice(-500)}`;
    return until(() => this.frames.find((frame) => frame.id === id), { timeoutMs: 20_000, what });
  }

  async initialize(): Promise<this> {
    await this.request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "0" } });
    this.send(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
    return this;
  }

  async tool(name: string, args: unknown = {}): Promise<Told> {
    const { result, error } = await this.request("tools/call", { name, arguments: args });
    if (error) throw new Error(`${name}: ${error.code} ${error.message}`);
    return toldBy(result ?? {});
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, "close");
    this.child.stdin?.end();
    await closed;
  }
}

/** A tool's answer in the words tests ask for. */
export function toldBy(result: Readonly<Record<string, unknown>>): Told {
  const { content, isError, structuredContent, _meta } = result as {
    content?: readonly { text?: string }[];
    isError?: boolean;
    structuredContent?: Record<string, unknown>;
    _meta?: Record<string, { code?: string } | undefined>;
  };
  return {
    ok: isError !== true,
    code: _meta?.["dev.skep/error"]?.code ?? null,
    text: content?.[0]?.text ?? "",
    facts: structuredContent ?? {},
  };
}

/** Keeper and host of a repository, if it has any. */
export const endHost = (root: string): Promise<void> => endKept(path.join(root, ".git", "skep"), systemClock);

/** What a refusal on a terminal looks like. */
export const REFUSAL = /^([A-Z][A-Z_]+): .+\. Next: .+\.\n$/s;
