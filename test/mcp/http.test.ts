/** The HTTP wiring on a real loopback socket: who is let in, what is refused before a tool is reached, and a clean end. */
import { createServer, request, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Callers } from "../../src/engine/caller.ts";
import type { Face } from "../../src/engine/host/context.ts";
import { CROWD, type Crowd } from "../../src/engine/host/crowd.ts";
import { listenAnywhere } from "../../src/engine/host/socket.ts";
import { mcpFace } from "../../src/mcp/http.ts";
import { MCP_PATH } from "../../src/mcp/paths.ts";
import { projectServices } from "../../src/tools/project-services.ts";
import { HARNESSES } from "../engine/support/harnesses.ts";
import { quiet } from "../engine/support/repository.ts";
import { until } from "../support/until.ts";
import { ask, TestSwarm } from "../tools/support/swarm.ts";

interface Open {
  readonly port: number;
  readonly face: Face;
  readonly server: Server;
}

let swarm: TestSwarm;
let main: Open;
const callers: Callers = {
  async resolve(token) {
    if (token === "operator-token") return { kind: "operator" };
    return token === "queen-token" ? swarm.caller("queen") : null;
  },
};

async function open(crowd?: Crowd): Promise<Open> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const services = projectServices(swarm.project, HARNESSES);
  const face = await mcpFace({ services, version: "0.0.0", ...(crowd ? { crowd } : {}) })({
    project: swarm.project,
    callers,
    logger: quiet,
    clock: systemClock,
    port,
  });
  server.on("request", face.listener);
  return { port, face, server };
}

beforeAll(async () => {
  swarm = await TestSwarm.start();
  main = await open();
});
afterAll(() => {
  main.server.close();
  main.server.closeAllConnections();
});

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
interface Wish {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly port?: number;
}
const HEADERS = {
  authorization: "Bearer operator-token",
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** By hand, since fetch would not send a forged Host. */
function send({ method = "POST", path = MCP_PATH, headers = {}, body = "", port = main.port }: Wish): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent: false, host: "127.0.0.1", port, method, path, headers: { ...HEADERS, ...headers } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    outgoing.on("error", reject);
    // A refusal comes before a large body is sent; what cannot be sent any more then fails on the socket alone.
    outgoing.on("socket", (socket) => socket.on("error", () => undefined));
    outgoing.end(body);
  });
}

const rpc = (method: string, params: object = {}, id: number | undefined = 1) => JSON.stringify({ jsonrpc: "2.0", id, method, params });
const call = (name: string, args: object = {}) => rpc("tools/call", { name, arguments: args });
const faultOf = (reply: Reply) => (JSON.parse(reply.body) as { error: { message: string; data: { code: string } } }).error;

async function client(token: string, port = main.port): Promise<Client> {
  const made = new Client({ name: "test", version: "0" });
  const url = new URL(`http://127.0.0.1:${port}${MCP_PATH}`);
  await made.connect(
    new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${token}` } } }) as Transport,
  );
  return made;
}

test("[mcp.http] two tokens at one endpoint see their own tools and their own swarm, by real clients", async () => {
  const [queen, operator] = await Promise.all([client("queen-token"), client("operator-token")]);
  expect((await queen.listTools()).tools.map((tool) => tool.name)).toContain("plan_submit");
  expect((await operator.listTools()).tools.map((tool) => tool.name)).not.toContain("plan_submit");
  expect((await ask(queen, "whoami")).facts).toMatchObject({ agent: "queen", swarm: swarm.swarm.id });
  expect((await ask(operator, "whoami")).code).toBe("NOT_ALLOWED");
  expect((await ask(operator, "swarm_status")).facts.swarm).toBe(swarm.swarm.id);
  expect(queen.getInstructions()).toContain("whoami first");
  await Promise.all([queen.close(), operator.close()]);
});

test("[mcp.http.stateless] a call needs no initialize and no session, and answers plain JSON", async () => {
  const reply = await send({ body: call("swarm_status") });
  expect(reply.status).toBe(200);
  expect(reply.headers["content-type"]).toMatch(/^application\/json/);
  expect(reply.headers["mcp-session-id"]).toBeUndefined();
  expect(JSON.parse(reply.body)).toMatchObject({ id: 1, result: { structuredContent: { swarm: swarm.swarm.id } } });
});

describe("[mcp.http.refused] a request is refused with a typed fault before it reaches a tool", () => {
  const own = () => `127.0.0.1:${main.port}`;
  test.each<[string, () => Wish, number, string]>([
    ["a foreign Host", () => ({ headers: { host: `evil.example:${main.port}` } }), 403, "BAD_HOST"],
    ["the right name on another port", () => ({ headers: { host: "127.0.0.1:1" } }), 403, "BAD_HOST"],
    ["a page of another origin", () => ({ headers: { origin: "https://evil.example" } }), 403, "BAD_ORIGIN"],
    ["a page that claims null", () => ({ headers: { origin: "null" } }), 403, "BAD_ORIGIN"],
    ["a page of ours by https", () => ({ headers: { origin: `https://${own()}` } }), 403, "BAD_ORIGIN"],
    ["another path", () => ({ path: "/" }), 404, "NO_PATH"],
    ["a path that walks", () => ({ path: "/mcp/../../meta" }), 404, "NO_PATH"],
    ["GET", () => ({ method: "GET", body: "" }), 405, "BAD_METHOD"],
    ["DELETE", () => ({ method: "DELETE", body: "" }), 405, "BAD_METHOD"],
    ["OPTIONS", () => ({ method: "OPTIONS", body: "" }), 405, "BAD_METHOD"],
    ["no token", () => ({ headers: { authorization: "" } }), 401, "BAD_TOKEN"],
    ["a wrong token", () => ({ headers: { authorization: "Bearer operator-toke" } }), 401, "BAD_TOKEN"],
    ["another scheme", () => ({ headers: { authorization: "Basic operator-token" } }), 401, "BAD_TOKEN"],
    ["no JSON", () => ({ body: "{nope" }), 400, "BAD_JSON"],
    ["nothing", () => ({ body: "" }), 400, "BAD_JSON"],
    ["10 MB", () => ({ body: Buffer.alloc(10 * 1024 * 1024, 0x20) }), 413, "TOO_LARGE"],
    [
      "10 MB without a length",
      () => ({ body: Buffer.alloc(10 * 1024 * 1024, 0x20), headers: { "transfer-encoding": "chunked" } }),
      413,
      "TOO_LARGE",
    ],
  ])("%s", async (_what, wish, status, code) => {
    const reply = await send({ body: call("swarm_stop"), ...wish() });
    expect(reply.status).toBe(status);
    const fault = faultOf(reply);
    expect(fault.data.code).toBe(code);
    expect(fault.message).toMatch(/^[A-Z_]+: .* Next: .*\.$/);
    expect(reply.body).not.toContain("operator-toke");
    if (status === 405) expect(reply.headers.allow).toBe("POST");
    if (status === 401) expect(reply.headers["www-authenticate"]).toBe("Bearer");
    expect(swarm.state.status).toBe("running");
  });

  test("a page of its own origin is let in", async () => {
    const reply = await send({ body: call("swarm_status"), headers: { origin: `http://${own()}` } });
    expect(reply.status).toBe(200);
  });

  test.each([
    ["no message", '{"hello":1}'],
    ["a number", "7"],
    ["an empty batch", "[]"],
    ["deep nesting", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
  ])("JSON that is %s", async (_what, body) => {
    const reply = await send({ body });
    expect([200, 202, 400]).toContain(reply.status);
    expect((await send({ body: call("swarm_status") })).status).toBe(200);
  });

  test("another content type, and a client that takes no JSON", async () => {
    expect((await send({ body: call("swarm_status"), headers: { "content-type": "text/plain" } })).status).toBe(415);
    expect((await send({ body: call("swarm_status"), headers: { accept: "text/html" } })).status).toBe(406);
  });

  test("the probe of a later protocol", async () => {
    const later = "2031-01-01";
    const meta = { "io.modelcontextprotocol/protocolVersion": later, "io.modelcontextprotocol/clientCapabilities": {} };
    const probe = rpc("server/discover", { _meta: meta });
    const told = await send({ body: probe, headers: { "mcp-protocol-version": later, "mcp-method": "server/discover" } });
    expect(told.status).toBe(400);
    expect(JSON.parse(told.body)).toMatchObject({ error: { code: -32_022, data: { supported: ["2026-07-28"], requested: later } } });
    const bare = await send({ body: rpc("server/discover", {}) });
    expect(JSON.parse(bare.body)).toMatchObject({ error: { code: -32_601 } });
  });
});

test("[mcp.http.close] a closing endpoint answers the waits under way first, then refuses", async () => {
  const own = await open();
  const made = await client("operator-token", own.port);
  const { cursor } = (await ask(made, "swarm_wait")).facts as { cursor: number };
  const waits = [ask(made, "swarm_wait", { cursor }), ask(made, "swarm_wait", { cursor })];
  // Both have arrived when a third call, sent after them, is answered.
  await ask(made, "swarm_list");
  await own.face.close();
  for (const answer of await Promise.all(waits)) expect(answer.facts).toMatchObject({ news: [], cursor });
  const late = await send({ body: call("swarm_status"), port: own.port });
  expect(late.status).toBe(503);
  expect(faultOf(late).data).toMatchObject({ code: "CLOSING", retryable: true });
  await made.close();
  own.server.close();
  own.server.closeAllConnections();
});

test("[mcp.http.gone] a caller that hangs up ends its wait", async () => {
  const own = await open();
  const over = new AbortController();
  const outgoing = request({ host: "127.0.0.1", port: own.port, method: "POST", path: MCP_PATH, headers: HEADERS, signal: over.signal });
  const failed = new Promise((resolve) => outgoing.once("error", resolve));
  outgoing.end(call("swarm_wait", { cursor: 1_000_000 }));
  await new Promise((resolve) => outgoing.once("finish", resolve));
  await send({ body: call("swarm_list"), port: own.port });
  over.abort();
  await failed;
  const start = systemClock.monotonic();
  await own.face.close();
  expect(systemClock.monotonic() - start).toBeLessThan(4_000);
  own.server.close();
  own.server.closeAllConnections();
});

test("[mcp.http.many] fifty calls at once are all answered, each with its own id", async () => {
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, id) =>
      send({ body: JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "swarm_status", arguments: {} } }) }),
    ),
  );
  expect(replies.map((reply) => (JSON.parse(reply.body) as { id: number }).id)).toEqual(Array.from({ length: 50 }, (_, id) => id));
});

test("[flood.http] a caller with too many calls under way is told to wait, and others are served meanwhile", async () => {
  const own = await open({ ...CROWD, calls: 5, callsOfOne: 2, callsOfOperator: 4 });
  const wait = call("swarm_wait", { cursor: 1_000_000 });
  const over = new AbortController();
  const waits = Array.from({ length: 4 }, () => {
    const outgoing = request({ host: "127.0.0.1", port: own.port, method: "POST", path: MCP_PATH, headers: HEADERS, signal: over.signal });
    const ended = new Promise((resolve) => outgoing.once("error", resolve));
    outgoing.end(wait);
    return ended;
  });
  const fifth = await until(
    async () => {
      const reply = await send({ body: call("swarm_list"), port: own.port });
      return reply.status === 503 ? reply : null;
    },
    { what: "the operator's four waits are under way" },
  );
  expect([fifth.headers["retry-after"], faultOf(fifth).data]).toEqual(["1", expect.objectContaining({ code: "BUSY", retryable: true })]);
  const headers = { authorization: "Bearer queen-token" };
  expect((await send({ body: call("task_list"), headers, port: own.port })).status).toBe(200);
  over.abort();
  await Promise.all(waits);
  await until(async () => (await send({ body: call("swarm_list"), port: own.port })).status === 200, { what: "there is room again" });
  await own.face.close();
  own.server.close();
  own.server.closeAllConnections();
});

test("[flood.http] the host's own socket takes no more connections than its limit, and answers those it has", async () => {
  const socket = await listenAnywhere("/nowhere", "h1");
  const lines: Socket[] = [];
  // Few at once: what comes faster than it is accepted is dropped by the kernel, and its client does not hear of it.
  while (lines.length < CROWD.connections + 20) {
    const some = Array.from({ length: Math.min(100, CROWD.connections + 20 - lines.length) }, () => {
      const line = connect(socket.port, "127.0.0.1");
      line.on("error", () => undefined);
      return new Promise<Socket>((resolve) => line.once("connect", () => resolve(line)).once("close", () => resolve(line)));
    });
    lines.push(...(await Promise.all(some)));
  }
  const closed = await until(
    () => {
      const gone = lines.filter((line) => line.closed);
      return gone.length >= 20 ? gone : null;
    },
    { what: "those above the limit are closed", timeoutMs: 60_000 },
  );
  expect(closed).toHaveLength(20);
  const open = lines.find((line) => !line.closed);
  const said = new Promise<string>((resolve) => open?.once("data", (bytes) => resolve(bytes.toString("utf8"))));
  open?.write("GET /skep/host HTTP/1.1\r\nhost: x\r\n\r\n");
  expect(await said).toMatch(/^HTTP\/1\.1 200/);
  for (const line of lines) line.destroy();
  await socket.close();
}, 90_000);
