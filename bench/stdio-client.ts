/** A client with nothing in it: frames over a child's pipes, so that what is timed is the server. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Answered {
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export class BareClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answered) => void>();
  readonly #ended: Promise<never>;
  #last = 0;

  constructor(argv: readonly [string, ...string[]], options: { cwd: string; env?: Readonly<Record<string, string>> }) {
    const [program, ...args] = argv;
    this.#child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ["pipe", "pipe", "ignore"] });
    this.#ended = new Promise((_, reject) => {
      this.#child.once("exit", (code, signal) => reject(new Error(`${argv.join(" ")} ended (${code ?? signal})`)));
      this.#child.once("error", reject);
    });
    this.#ended.catch(() => {
      // told to whoever waits for an answer; nobody does after `close`
    });
    // A server that dies while it is written to: its end says so to whoever waits.
    this.#child.stdin?.on("error", () => undefined);
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on("line", (line) => this.#read(line));
  }

  #read(line: string): void {
    const frame = JSON.parse(line) as Answered & { id?: number };
    if (frame.id === undefined) return;
    this.#waiting.get(frame.id)?.(frame);
    this.#waiting.delete(frame.id);
  }

  async request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#last;
    const answer = new Promise<Answered>((resolve) => this.#waiting.set(id, resolve));
    this.#write({ jsonrpc: "2.0", id, method, params });
    const { result, error } = await Promise.race([answer, this.#ended]);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("the server did not start");
    return this.#child.pid;
  }

  /** `initialize` and what must follow it. */
  async initialize(): Promise<void> {
    await this.request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "0" } });
    this.#write({ jsonrpc: "2.0", method: "notifications/initialized" });
  }

  async tool(name: string, args: unknown): Promise<unknown> {
    const result = (await this.request("tools/call", { name, arguments: args })) as { isError?: boolean; content: unknown };
    if (result.isError) throw new Error(`${name}: ${JSON.stringify(result.content)}`);
    return result;
  }

  #write(frame: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(frame)}\n`);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
