/** Clients of revision 2026-07-28 beside those of the revisions before it: real sockets and pipes, the protocol's own client. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as OldWire } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Callers } from "../../src/engine/caller.ts";
import { CROWD, type Crowd } from "../../src/engine/host/crowd.ts";
import { mcpFace } from "../../src/mcp/http.ts";
import { LIVE_PATH, MCP_PATH } from "../../src/mcp/paths.ts";
import { projectServices } from "../../src/tools/project-services.ts";
import { HARNESSES } from "../engine/support/harnesses.ts";
import { quiet } from "../engine/support/repository.ts";
import { until } from "../support/until.ts";
import { TestSwarm } from "../tools/support/swarm.ts";
import { mainFile, startMain } from "./support/process.ts";

const REVISION = "2026-07-28";
const MODERN = { versionNegotiation: { mode: { pin: REVISION } } } as const;
const ASKS = { capabilities: { elicitation: { form: {} } } } as const;

/** Shared by the tests that leave it as it is. */
let still: TestSwarm;
let swarm: TestSwarm;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  still = await TestSwarm.start();
});
beforeEach(() => {
  swarm = still;
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(crowd: Partial<Crowd> = {}) {
  const callers: Callers = {
    resolve: async (token) => (token === "operator" ? { kind: "operator" } : token === "queen" ? swarm.caller("queen") : null),
  };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const services = projectServices(swarm.project, HARNESSES);
  const world = { project: swarm.project, callers, logger: quiet, clock: systemClock, port };
  const face = await mcpFace({ services, version: "0.0.0", crowd: { ...CROWD, ...crowd } })(world);
  server.on("request", face.listener);
  ends.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: (path: string) => new URL(`http://127.0.0.1:${port}${path}`), face };
}

const bearer = (token: string) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });

/** How a client reaches skep. */
const WAYS = {
  "/mcp": async () => new StreamableHTTPClientTransport((await open()).url(MCP_PATH), bearer("operator")),
  "/mcp/live": async () => new StreamableHTTPClientTransport((await open()).url(LIVE_PATH), bearer("operator")),
  stdio: async () =>
    new StdioClientTransport({ command: process.execPath, args: [await mainFile(), "stdio", swarm.root], stderr: "inherit" }),
} as const;
type Way = keyof typeof WAYS;
const BOTH: readonly Way[] = ["/mcp", "stdio"];

async function seat(way: Way, options = {}, token?: string): Promise<Client> {
  const client = new Client({ name: "desk", version: "1" }, { ...MODERN, ...options });
  ends.push(() => client.close());
  await client.connect(token === undefined ? await WAYS[way]() : new StreamableHTTPClientTransport((await open()).url(way), bearer(token)));
  return client;
}

const facts = (result: object): Record<string, unknown> => (result as { structuredContent: Record<string, unknown> }).structuredContent;
const call = async (client: Client, name: string, args: Record<string, unknown> = {}, options = {}) =>
  facts(await client.callTool({ name, arguments: args }, options));
const QUESTION = { question: "Which format?", fallback: "CSV", options: ["CSV", "JSON"] };

describe.each(BOTH)("%s", (way) => {
  test("[client.modern] a client of 2026-07-28 is told what there is, and finds the tools, resources and prompts of every other client", async () => {
    const client = await seat(way);
    expect(client.getProtocolEra()).toBe("modern");
    const found = await client.discover();
    expect(found).toMatchObject({ supportedVersions: [REVISION], capabilities: { resources: { subscribe: true } } });
    expect(found.instructions).toContain("swarm_create starts one");
    const old = new OldClient({ name: "desk", version: "1" });
    ends.push(() => old.close());
    await old.connect(new OldTransport((await open()).url(MCP_PATH), bearer("operator")) as OldWire);
    expect((await client.listTools()).tools).toEqual((await old.listTools()).tools);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual((await old.listResourceTemplates()).resourceTemplates);
    expect((await client.listPrompts()).prompts).toEqual((await old.listPrompts()).prompts);
    const uri = `skep://swarms/${swarm.swarm.id}/plan`;
    expect((await client.readResource({ uri })).contents).toEqual((await old.readResource({ uri })).contents);
    const ref = { type: "ref/prompt", name: "standup" } as const;
    const typed = { ref, argument: { name: "swarm", value: swarm.swarm.id.slice(0, 3) } };
    expect((await client.complete(typed)).completion.values).toEqual([swarm.swarm.id]);
    const [said] = (await client.getPrompt({ name: "standup" })).messages;
    expect(said?.content).toMatchObject({ type: "text", text: expect.stringContaining(swarm.swarm.id) });
  });

  test("[client.modern.asked] a gate goes to the person with the answer of the wait, and theirs comes with the next call", async () => {
    swarm = await TestSwarm.start();
    const client = await seat(way, ASKS);
    const shown: string[] = [];
    const accept = (answer: string) => ({ action: "accept", content: { answer } }) as const;
    const replies = { "Which format?": accept("JSON"), "And this?": { action: "decline" }, "And that?": { action: "cancel" } } as const;
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      shown.push(params.message);
      const said = Object.entries(replies).find(([question]) => params.message.includes(`| ${question}`));
      return said?.[1] ?? accept("YAML");
    });
    const { cursor } = await call(client, "swarm_wait");
    const told: string[] = [];
    const waiting = call(client, "swarm_wait", { cursor }, { onprogress: ({ message }: { message?: string }) => told.push(message ?? "") });
    await swarm.must("queen", "human_ask", QUESTION);
    const news = await waiting;
    expect(news.news).toContain("gate g1 answered by operator through desk: JSON");
    expect(told[0]).toBe(`waiting for news of ${swarm.swarm.id}`);
    // Declined, put away, answered with what was no option: still open, and not put again at the next wait.
    for (const question of ["And this?", "And that?", "And how?"]) await swarm.must("queen", "human_ask", { ...QUESTION, question });
    const { cursor: seen } = await call(client, "swarm_wait", { cursor: news.cursor });
    const last = await call(client, "swarm_wait", { cursor: seen, seconds: 1 });
    expect((last.gates as { gate: string }[]).map(({ gate }) => gate)).toEqual(["g2", "g3", "g4"]);
    expect(shown).toHaveLength(4);
    expect(shown[0]).toContain("| Which format?");
    expect(new Set(shown).size).toBe(4);
  }, 60_000);

  test("[client.modern.follow] what a client listens to is told when it changes, and an address of nothing is refused", async () => {
    swarm = await TestSwarm.start();
    const client = await seat(way);
    const uri = `skep://swarms/${swarm.swarm.id}`;
    const nothing = client.listen({ resourceSubscriptions: [uri, "skep://swarms/../x"] });
    await expect(nothing).rejects.toMatchObject({ code: -32_602, data: { code: "NOT_FOUND", uri: "skep://swarms/../x" } });
    const updated: string[] = [];
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => void updated.push(params.uri));
    const followed = await client.listen({ resourceSubscriptions: [uri] });
    await swarm.must("operator", "swarm_pause");
    await until(() => updated.includes(uri), { what: "the change is told" });
    await followed.close();
    expect(new Set(updated)).toEqual(new Set([uri]));
  });
});

test("[client.modern.asked] a client that declares no dialogs is told of the gate as any other", async () => {
  swarm = await TestSwarm.start();
  const client = await seat("/mcp");
  const { cursor } = await call(client, "swarm_wait");
  const waiting = call(client, "swarm_wait", { cursor });
  await swarm.must("queen", "human_ask", QUESTION);
  expect(await waiting).toMatchObject({ news: ["gate g1 opened: Which format?"], next: "gate_answer for g1: only you can" });
});

test("[client.modern.agent] an agent's token is offered its tools and nothing else, on /mcp alone; the operator's is answered on both", async () => {
  const client = await seat("/mcp", ASKS, "queen");
  expect((await client.discover()).capabilities).toEqual({ tools: {} });
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("plan_submit");
  await expect(seat("/mcp/live", {}, "queen")).rejects.toThrow(/403|NOT_ALLOWED/);
  expect((await (await seat("/mcp/live")).listTools()).tools.map(({ name }) => name)).toContain("swarm_create");
});

test("[client.modern.cancel] a call that is taken back ends, and so does its place at the endpoint", async () => {
  const { url } = await open({ callsOfOperator: 1 });
  const client = new Client({ name: "desk", version: "1" }, MODERN);
  ends.push(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(url(MCP_PATH), bearer("operator")));
  const { cursor } = await call(client, "swarm_wait");
  const over = new AbortController();
  const told: string[] = [];
  const onprogress = ({ message }: { message?: string }) => void told.push(message ?? "");
  const waiting = call(client, "swarm_wait", { cursor }, { signal: over.signal, onprogress });
  await until(() => told.length > 0, { what: "the wait has begun" });
  await expect(client.listTools()).rejects.toThrow(/BUSY|503/);
  over.abort();
  await expect(waiting).rejects.toThrow();
  await until(
    () =>
      client.listTools().then(
        () => true,
        () => false,
      ),
    { what: "its place is free" },
  );
});

test("[client.modern.close] an endpoint that closes answers waits and ends what is followed with a last word", async () => {
  const { url, face } = await open();
  const client = new Client({ name: "desk", version: "1" }, MODERN);
  ends.push(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(url(MCP_PATH), bearer("operator")));
  const followed = await client.listen({ resourceSubscriptions: [`skep://swarms/${swarm.swarm.id}`] });
  const { cursor } = await call(client, "swarm_wait");
  const told: string[] = [];
  const waiting = call(client, "swarm_wait", { cursor }, { onprogress: ({ message }: { message?: string }) => told.push(message ?? "") });
  await until(() => told.length > 0, { what: "the wait has begun" });
  await face.close();
  expect(await waiting).toMatchObject({ cursor, news: [] });
  expect(await followed.closed).toBe("graceful");
});

const META = { "io.modelcontextprotocol/protocolVersion": REVISION, "io.modelcontextprotocol/clientCapabilities": {} };
const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const HEADERS = { authorization: "Bearer operator", "content-type": "application/json", accept: "application/json, text/event-stream" };

describe("[client.modern.refused] a request that does not hold to the revision is refused by its number", () => {
  test.each<[string, object, Record<string, string>, number, number]>([
    ["another method in its header", { params: { _meta: META } }, { "mcp-method": "tools/call" }, 400, -32_020],
    ["no method in a header", { params: { _meta: META } }, {}, 400, -32_020],
    [
      "a revision nobody knows",
      { params: { _meta: { ...META, "io.modelcontextprotocol/protocolVersion": "2031-01-01" } } },
      {},
      400,
      -32_022,
    ],
    ["the revision in the header alone", {}, { "mcp-method": "tools/list" }, 400, -32_602],
    ["a method that is gone", { method: "ping", params: { _meta: META } }, { "mcp-method": "ping" }, 404, -32_601],
  ])("%s", async (_what, more, headers, status, number) => {
    const { url } = await open();
    const version = (more as { params?: { _meta?: typeof META } }).params?._meta?.["io.modelcontextprotocol/protocolVersion"] ?? REVISION;
    const reply = await fetch(url(MCP_PATH), {
      method: "POST",
      headers: { ...HEADERS, "mcp-protocol-version": version, ...headers },
      body: JSON.stringify({ ...LIST, ...more }),
    });
    const body = (await reply.json()) as { error: { code: number } };
    expect([reply.status, body.error.code]).toEqual([status, number]);
  });

  test("a token nobody has, and a page of another origin, before anything else", async () => {
    const { url } = await open();
    const send = (headers: Record<string, string>) =>
      fetch(url(MCP_PATH), {
        method: "POST",
        headers: { ...HEADERS, "mcp-protocol-version": REVISION, "mcp-method": "tools/list", ...headers },
        body: JSON.stringify({ ...LIST, params: { _meta: META } }),
      });
    expect((await send({ authorization: "Bearer x" })).status).toBe(401);
    expect((await send({ origin: "https://evil.example" })).status).toBe(403);
  });
});

/** The frames on a pipe, as they stand. */
async function pipe() {
  const child = await startMain(["stdio", swarm.root]);
  const lines: Record<string, unknown>[] = [];
  let rest = "";
  child.stdout.on("data", (data: Buffer) => {
    const parts = (rest + data.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((line) => JSON.parse(line) as Record<string, unknown>));
  });
  return {
    ...{ child, lines },
    say: (message: object) => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    answer: (id: number) => until(() => lines.find((line) => line.id === id) as never, { what: `answer ${id}` }),
    told: (method: string) => until(() => lines.some((line) => line.method === method), { what: method }),
  };
}
const INIT = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "0" } };

test("[client.modern.beside] on one pipe a client that asks what there is and then begins with initialize is answered both", async () => {
  const { child, say, answer, told } = await pipe();
  say({ id: 1, method: "server/discover", params: { _meta: META } });
  expect(await answer(1)).toMatchObject({ result: { supportedVersions: [REVISION] } });
  say({ id: 2, method: "initialize", params: INIT });
  expect(await answer(2)).toMatchObject({ result: { protocolVersion: "2025-11-25", serverInfo: { name: "skep" } } });
  say({ method: "notifications/initialized" });
  say({ id: 3, method: "tools/list" });
  const { result } = (await answer(3)) as { result: Record<string, unknown> };
  // Nothing of the newer revision in an answer to an older one.
  expect(Object.keys(result)).toEqual(["tools"]);
  say({ id: 4, method: "server/discover" });
  expect(await answer(4)).toMatchObject({ error: { code: -32_601 } });
  // A wait of the newer one, with the older in use beside it, is answered before the server ends with its client.
  say({ id: 5, method: "tools/call", params: { name: "swarm_list", arguments: {}, _meta: META } });
  expect(await answer(5)).toMatchObject({ result: { resultType: "complete" } });
  const cursor = swarm.state.seq;
  say({ id: 6, method: "tools/call", params: { name: "swarm_wait", arguments: { cursor }, _meta: { ...META, progressToken: "p" } } });
  await told("notifications/progress");
  const followed = { resourceSubscriptions: [`skep://swarms/${swarm.swarm.id}`] };
  say({ id: 7, method: "subscriptions/listen", params: { notifications: followed, _meta: META } });
  await told("notifications/subscriptions/acknowledged");
  child.stdin.end();
  await once(child, "close");
  expect(await answer(7)).toMatchObject({ result: { resultType: "complete" } });
  expect(await answer(6)).toMatchObject({ result: { structuredContent: { cursor, news: [] } } });
  expect(child.exitCode).toBe(0);
});

test.each([
  ["2025-11-25", {}],
  [REVISION, META],
])("[mcp.stdio.cancel] a call of revision %s that is taken back on a pipe ends, and is not answered", async (revision, meta) => {
  swarm = await TestSwarm.start();
  const { child, lines, say, answer, told } = await pipe();
  if (revision !== REVISION) {
    say({ id: 1, method: "initialize", params: INIT });
    await answer(1);
    say({ method: "notifications/initialized" });
  }
  const wait = (id: number, progressToken: string) =>
    say({
      ...{ id, method: "tools/call" },
      params: { name: "swarm_wait", arguments: { cursor: swarm.state.seq }, _meta: { ...meta, progressToken } },
    });
  wait(2, "a");
  await told("notifications/progress");
  say({ method: "notifications/cancelled", params: { requestId: 2 } });
  wait(3, "b");
  await until(() => JSON.stringify(lines).includes('"progressToken":"b"'), { what: "the next wait has begun" });
  await swarm.must("queen", "human_ask", QUESTION);
  expect(await answer(3)).toMatchObject({ result: { structuredContent: { news: ["gate g1 opened: Which format?"] } } });
  child.stdin.end();
  await once(child, "close");
  expect(lines.filter(({ id }) => id === 2)).toEqual([]);
});
