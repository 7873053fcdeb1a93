/** Both ways to speak on one pipe, frame by frame. */
import { once } from "node:events";
import { afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { TestSwarm } from "../tools/support/swarm.ts";
import { META, QUESTION, REVISION } from "./support/modern.ts";
import { endAll, startMain } from "./support/process.ts";

let swarm: TestSwarm;
beforeAll(async () => {
  swarm = await TestSwarm.start();
});
afterEach(endAll);

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
