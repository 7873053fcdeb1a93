/** The host's HTTP endpoint, spoken to without a client library: any method, any header, any bytes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { builtMain } from "../../support/build.ts";
import { until } from "../../support/until.ts";
import { type Frame, type Told, toldBy } from "./doors.ts";

export interface Reply {
  readonly status: number;
  readonly frame: Frame;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export class Endpoint {
  readonly #host: ChildProcess;
  readonly port: number;
  readonly token: string;

  private constructor(host: ChildProcess, port: number, token: string) {
    this.#host = host;
    this.port = port;
    this.token = token;
  }

  /** `skep serve` on the repository; resolves when it answers. */
  static async open(root: string): Promise<Endpoint> {
    const host = spawn(process.execPath, [builtMain(), "serve", "--project", root], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    const dir = path.join(root, ".git", "skep", "host");
    const port = await until(() => Number(readFileSync(path.join(dir, newestPort(dir)), "utf8")), { what: "the host chose a port" });
    const token = await until(() => readFileSync(path.join(dir, "operator.token"), "utf8").trim(), { what: "the operator's token" });
    const endpoint = new Endpoint(host, port, token);
    await until(async () => (await endpoint.tool("swarm_list")).ok, { what: "the host answered" });
    return endpoint;
  }

  send({ method = "POST", path: where = "/mcp", headers = {}, body = "" }: Sent): Promise<Reply> {
    const all = {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      authorization: `Bearer ${this.token}`,
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request({ host: "127.0.0.1", port: this.port, path: where, method, headers: all, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => resolve({ status: response.statusCode ?? 0, frame: frameOf(Buffer.concat(chunks).toString("utf8")) }));
      });
      outgoing.once("error", reject);
      // The refusal comes before a large body is sent; the rest of it then fails on the socket alone.
      outgoing.once("socket", (socket) => socket.on("error", () => undefined));
      outgoing.end(body);
    });
  }

  async tool(name: string, args: unknown = {}): Promise<Told> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } });
    const { status, frame } = await this.send({ body });
    if (!frame.result) throw new Error(`${name}: ${status} ${JSON.stringify(frame)}`);
    return toldBy(frame.result);
  }

  async close(): Promise<void> {
    if (this.#host.exitCode !== null || this.#host.signalCode !== null) return;
    const ended = once(this.#host, "close");
    this.#host.kill("SIGTERM");
    await ended;
  }
}

const newestPort = (dir: string): string =>
  readdirSync(dir)
    .filter((name) => name.startsWith("port-"))
    .sort()
    .at(-1) ?? "none";

const frameOf = (text: string): Frame => (text === "" ? {} : (JSON.parse(text) as Frame));
