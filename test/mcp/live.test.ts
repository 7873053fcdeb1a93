/** Connections of the operator's clients over HTTP that stay: a real socket, real clients. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Callers } from "../../src/engine/caller.ts";
import { CROWD, type Crowd } from "../../src/engine/host/crowd.ts";
import { mcpFace } from "../../src/mcp/http.ts";
import { LIVE_PATH } from "../../src/mcp/paths.ts";
import { projectServices } from "../../src/tools/project-services.ts";
import { HARNESSES } from "../engine/support/harnesses.ts";
import { quiet } from "../engine/support/repository.ts";
import { until } from "../support/until.ts";
import { ask, TestSwarm } from "../tools/support/swarm.ts";

let swarm: TestSwarm;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  swarm = await TestSwarm.start();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
/** Until it resolves no caller is known: requests are on their way. */
let held: Promise<void> | null = null;
function hold(): () => void {
  let release = (): void => undefined;
  held = new Promise((resolve) => {
    release = resolve;
  });
  return () => {
    held = null;
    release();
  };
}
const callers: Callers = {
  async resolve(token) {
    await held;
    return token === "operator" ? { kind: "operator" } : token === "queen" ? swarm.caller("queen") : null;
  },
};

async function open(crowd: Partial<Crowd> = {}) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const services = projectServices(swarm.project, HARNESSES);
  const world = { project: swarm.project, callers, logger: quiet, clock: systemClock, port };
  const face = await mcpFace({ services, version: "0.0.0", crowd: { ...CROWD, ...crowd } })(world);
  server.on("request", face.listener);
  const streams = new Set<ServerResponse>();
  server.on("request", ({ method }, response) => void (method === "GET" && streams.add(response)));
  const listening = (): number => [...streams].filter(({ headersSent, closed }) => headersSent && !closed).length;
  ends.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: new URL(`http://127.0.0.1:${port}${LIVE_PATH}`), face, server, listening };
}

/** A client whose stream has begun: the SDK's connects without waiting for it. */
async function seat({ url, listening }: Awaited<ReturnType<typeof open>>, capabilities = {}) {
  const before = listening();
  const client = new Client({ name: "desk", version: "1" }, { capabilities });
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: "Bearer operator" } } });
  await client.connect(transport as Transport);
  ends.push(() => client.close());
  await until(() => listening() > before, { what: "its stream has begun" });
  return { client, transport };
}

const HEADERS = { authorization: "Bearer operator", "content-type": "application/json", accept: "application/json, text/event-stream" };
const INIT = {
  ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "0" } },
};
const post = (url: URL, body: unknown, more: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: "POST", headers: { ...HEADERS, ...more }, body: JSON.stringify(body) });
const code = async (reply: Response): Promise<unknown> => ((await reply.json()) as { error: { data: { code: string } } }).error.data.code;

test("[client.live] progress, news of what is followed, and questions reach a client over its connection", async () => {
  const { client } = await seat(await open(), { elicitation: { form: {} } });
  expect(client.getServerCapabilities()).toMatchObject({ resources: { subscribe: true } });
  const updated: string[] = [];
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
  client.setRequestHandler(ElicitRequestSchema, async () => ({ action: "accept", content: { answer: "JSON" } }));
  const uri = `skep://swarms/${swarm.swarm.id}`;
  await client.subscribeResource({ uri });
  const { cursor } = (await ask(client, "swarm_wait")).facts;
  const told: string[] = [];
  const waiting = client.callTool({ name: "swarm_wait", arguments: { cursor } }, undefined, {
    onprogress: ({ message }) => void told.push(message ?? ""),
  });
  await swarm.must("queen", "human_ask", { question: "Which format?", fallback: "CSV", options: ["CSV", "JSON"] });
  expect((await waiting).structuredContent).toMatchObject({
    news: expect.arrayContaining([expect.stringMatching(/^gate g1 answered .*desk: JSON$/)]),
  });
  expect(told).toEqual([`waiting for news of ${swarm.swarm.id}`]);
  // A question that is answered at once may leave all as it was; a pause stays.
  await swarm.must("operator", "swarm_pause");
  await until(() => updated.includes(uri), { what: "the change is told" });
  await swarm.must("operator", "swarm_resume");
});

test("[client.live.asked] a client with no stream for it is not asked: the gate is told as to one that cannot ask", async () => {
  const { url } = await open();
  const begun = await post(url, { ...INIT, params: { ...INIT.params, capabilities: { elicitation: { form: {} } } } });
  const id = begun.headers.get("mcp-session-id") ?? "";
  await begun.text();
  await swarm.must("queen", "human_ask", { question: "And now?", fallback: "nothing" });
  const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "swarm_wait", arguments: { cursor: 1, seconds: 1 } } };
  const text = await (await post(url, call, { "mcp-session-id": id })).text();
  expect(text).toMatch(/gate_answer for g\d: only you can/);
});

describe("[client.live.refused] a request is refused before it reaches a server", () => {
  test.each<[string, RequestInit & { host?: string }, number, string]>([
    ["an agent's token", { headers: { ...HEADERS, authorization: "Bearer queen" } }, 403, "NOT_ALLOWED"],
    ["no token", { headers: { ...HEADERS, authorization: "" } }, 401, "BAD_TOKEN"],
    ["a page of another origin", { headers: { ...HEADERS, origin: "https://evil.example" } }, 403, "BAD_ORIGIN"],
    ["another method", { method: "PUT" }, 405, "BAD_METHOD"],
    ["a connection there is not", { headers: { ...HEADERS, "mcp-session-id": "x" } }, 404, "NO_CONNECTION"],
    ["a call before a connection", { body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }) }, 400, "BAD_MESSAGE"],
    ["no JSON", { body: "{nope" }, 400, "BAD_JSON"],
  ])("%s", async (_what, more, status, fault) => {
    const { url } = await open();
    const reply = await fetch(url, { method: "POST", headers: HEADERS, body: JSON.stringify(INIT), ...more });
    expect([reply.status, await code(reply)]).toEqual([status, fault]);
  });
});

test("[client.live.ends] a connection ends by DELETE, after which it is unknown, and by silence", async () => {
  const endpoint = await open();
  const { url } = endpoint;
  const { transport } = await seat(endpoint);
  const headers = { "mcp-session-id": transport.sessionId ?? "" };
  await transport.terminateSession();
  expect(await code(await post(url, { jsonrpc: "2.0", id: 2, method: "ping" }, headers))).toBe("NO_CONNECTION");
  const { url: hasty } = await open({ clientIdleMs: 1 });
  const silent = await post(hasty, INIT);
  const id = silent.headers.get("mcp-session-id") ?? "";
  expect(await silent.text()).toContain('"serverInfo"');
  const forgotten = async (): Promise<boolean> =>
    (await post(hasty, { jsonrpc: "2.0", id: 3, method: "ping" }, { "mcp-session-id": id })).status === 404;
  await until(forgotten, { what: "the silent one is forgotten" });
});

test("[client.live.bounded] so many clients and no more; one that rests gives way to one that comes, one that listens does not", async () => {
  const endpoint = await open({ clients: 2 });
  const { url } = endpoint;
  const first = await seat(endpoint);
  const resting = await post(url, INIT);
  await resting.text();
  const second = await seat(endpoint);
  await first.client.ping();
  await second.client.ping();
  const third = await post(url, INIT);
  expect([third.status, third.headers.get("retry-after"), await code(third)]).toEqual([503, "1", "BUSY"]);
  const old = await post(url, { jsonrpc: "2.0", id: 2, method: "ping" }, { "mcp-session-id": resting.headers.get("mcp-session-id") ?? "" });
  expect(old.status).toBe(404);
});

test("[client.live.bounded] of two that come at once for one place, one keeps it", async () => {
  const { url, server } = await open({ clients: 1 });
  await (await post(url, INIT)).text();
  const release = hold();
  let arrived = 0;
  server.on("request", () => {
    arrived += 1;
  });
  const coming = [post(url, INIT), post(url, INIT)];
  await until(() => arrived === 2, { what: "both are there" });
  release();
  const both = await Promise.all(coming);
  const stay = async (one: Response): Promise<boolean> => {
    await one.text();
    const id = one.headers.get("mcp-session-id");
    return id !== null && (await post(url, { jsonrpc: "2.0", id: 2, method: "ping" }, { "mcp-session-id": id })).ok;
  };
  expect((await Promise.all(both.map(stay))).filter(Boolean)).toHaveLength(1);
});

test("[client.live.cancel] a client at its limit can take a call back, and has room for another one then", async () => {
  const { client } = await seat(await open({ callsOfClient: 2 }));
  const { cursor } = (await ask(client, "swarm_wait")).facts;
  const over = new AbortController();
  const told: unknown[] = [];
  const options = { signal: over.signal, onprogress: (progress: unknown) => void told.push(progress) };
  const waiting = client.callTool({ name: "swarm_wait", arguments: { cursor } }, undefined, options);
  await until(() => told.length > 0, { what: "the call is under way" });
  await expect(client.ping()).rejects.toThrow("BUSY");
  over.abort();
  await expect(waiting).rejects.toThrow();
  await until(() => client.ping().then(() => true), { what: "there is room again" });
});

test("[client.live.bounded] a client that leaves before its stream begins rests: it gives way to one that comes", async () => {
  const { url, server } = await open({ clients: 1 });
  const begun = await post(url, INIT);
  await begun.text();
  const headers = { ...HEADERS, "mcp-session-id": begun.headers.get("mcp-session-id") ?? "" };
  const release = hold();
  const arrived = once(server, "request");
  const leaving = new AbortController();
  const stream = fetch(url, { headers, signal: leaving.signal });
  const [, response] = (await arrived) as [unknown, ServerResponse];
  leaving.abort();
  await expect(stream).rejects.toThrow();
  await until(() => response.closed, { what: "the endpoint sees it leave" });
  release();
  await until(async () => (await post(url, INIT)).ok, { what: "its place is free" });
});

test("[client.live.close] an endpoint that closes answers the waits of its connections, and follows nothing any more", async () => {
  const endpoint = await open();
  const { url, face } = endpoint;
  const { client } = await seat(endpoint);
  await client.subscribeResource({ uri: `skep://swarms/${swarm.swarm.id}/tasks` });
  const { cursor } = (await ask(client, "swarm_wait")).facts;
  const told: unknown[] = [];
  const waiting = client.callTool({ name: "swarm_wait", arguments: { cursor } }, undefined, { onprogress: (one) => void told.push(one) });
  await until(() => told.length > 0, { what: "the wait is under way" });
  await face.close();
  expect((await waiting).structuredContent).toMatchObject({ cursor, news: [] });
  const late = await post(url, INIT);
  expect([late.status, await code(late)]).toEqual([503, "CLOSING"]);
});
