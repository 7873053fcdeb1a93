/** Clients of revision 2026-07-28 beside those of the revisions before it. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as OldWire } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MCP_PATH } from "../../src/mcp/paths.ts";
import { until } from "../support/until.ts";
import { TestSwarm } from "../tools/support/swarm.ts";
import { ASKS, BOTH, bearer, call, endSeats, ends, META, MODERN, open, QUESTION, REVISION, seat } from "./support/modern.ts";

/** Shared by the tests that leave it as it is. */
let still: TestSwarm;
let swarm: TestSwarm;
beforeAll(async () => {
  still = await TestSwarm.start();
});
beforeEach(() => {
  swarm = still;
});
afterEach(endSeats);

describe.each(BOTH)("%s", (way) => {
  test("[client.modern] a client of 2026-07-28 is told what there is, and finds the tools, resources and prompts of every other client", async () => {
    const client = await seat(swarm, way);
    expect(client.getProtocolEra()).toBe("modern");
    const found = await client.discover();
    expect(found).toMatchObject({ supportedVersions: [REVISION], capabilities: { resources: { subscribe: true } } });
    expect(found.instructions).toContain("swarm_create starts one");
    const old = new OldClient({ name: "desk", version: "1" });
    ends.push(() => old.close());
    await old.connect(new OldTransport((await open(swarm)).url(MCP_PATH), bearer("operator")) as OldWire);
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

  test("[client.modern.follow] what a client listens to is told when it changes, and an address of nothing is refused", async () => {
    swarm = await TestSwarm.start();
    const client = await seat(swarm, way);
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

test("[client.modern.asked] a gate goes to the person with the answer of the wait, and theirs comes with the next call", async () => {
  swarm = await TestSwarm.start();
  const client = await seat(swarm, "/mcp", ASKS);
  client.setRequestHandler("elicitation/create", async () => ({ action: "accept", content: { answer: "JSON" } }));
  const { cursor } = await call(client, "swarm_wait");
  const told: string[] = [];
  const waiting = call(client, "swarm_wait", { cursor }, { onprogress: ({ message }: { message?: string }) => told.push(message ?? "") });
  await swarm.must("queen", "human_ask", QUESTION);
  expect((await waiting).news).toContain("gate g1 answered by operator through desk: JSON");
  expect(told[0]).toBe(`waiting for news of ${swarm.swarm.id}`);
});

test("[client.modern.asked] a client that declares no dialogs is told of the gate as any other", async () => {
  swarm = await TestSwarm.start();
  const client = await seat(swarm, "/mcp");
  const { cursor } = await call(client, "swarm_wait");
  const waiting = call(client, "swarm_wait", { cursor });
  await swarm.must("queen", "human_ask", QUESTION);
  expect(await waiting).toMatchObject({ news: ["gate g1 opened: Which format?"], next: "gate_answer for g1: only you can" });
});

test("[client.modern.agent] an agent's token is offered its tools and nothing else, on /mcp alone; the operator's is answered on both", async () => {
  const client = await seat(swarm, "/mcp", ASKS, "queen");
  expect((await client.discover()).capabilities).toEqual({ tools: {} });
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("plan_submit");
  await expect(seat(swarm, "/mcp/live", {}, "queen")).rejects.toThrow(/403|NOT_ALLOWED/);
  expect((await (await seat(swarm, "/mcp/live")).listTools()).tools.map(({ name }) => name)).toContain("swarm_create");
});

test("[client.modern.cancel] a call that is taken back ends, and so does its place at the endpoint", async () => {
  const { url } = await open(swarm, { callsOfOperator: 1 });
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
  const { url, face } = await open(swarm);
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
    const { url } = await open(swarm);
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
    const { url } = await open(swarm);
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
