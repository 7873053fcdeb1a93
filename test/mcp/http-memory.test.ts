/** A host answers calls for days: what one call needed must be free when it is answered. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { connectTools } from "../../src/agent/tool-client.ts";
import { systemClock } from "../../src/base/clock.ts";
import { mcpFace } from "../../src/mcp/http.ts";
import { MCP_PATH } from "../../src/mcp/paths.ts";
import { projectServices } from "../../src/tools/project-services.ts";
import { HARNESSES } from "../engine/support/harnesses.ts";
import { projectAt, quiet, repository } from "../engine/support/repository.ts";

const CALLS = 120;
/** A request with all that hangs on it is some 20 KiB; answers, code and caches come and go. */
const MOST_PER_CALL = 6 * 1024;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What lives, once finalizers had their turn. */
async function living(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** Makes a call again and again. */
interface Caller {
  call(): Promise<unknown>;
  close(): Promise<unknown>;
}

const CALLERS: Readonly<Record<string, (url: string) => Promise<Caller>>> = {
  async "2025-11-25"(url) {
    const ended = new AbortController();
    const client = await connectTools(url, "any", ended.signal);
    return { call: () => client.call("swarm_list", {}, ended.signal), close: () => client.close() };
  },
  async "2026-07-28"(url) {
    const client = new Client({ name: "t", version: "0" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: "Bearer any" } } }));
    return { call: () => client.callTool({ name: "swarm_list", arguments: {} }), close: () => client.close() };
  },
};

test.each(Object.keys(CALLERS))(
  "[mcp.http.memory] a call of revision %s that is answered leaves nothing behind in the host",
  async (revision) => {
    const project = await projectAt(repository());
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const openFace = mcpFace({ services: projectServices(project, HARNESSES), version: "0.0.0" });
    const callers = { resolve: async () => ({ kind: "operator" as const }) };
    const face = await openFace({ project, callers, logger: quiet, clock: systemClock, port });
    server.on("request", face.listener);
    const client = await CALLERS[revision]?.(`http://127.0.0.1:${port}${MCP_PATH}`);
    const calls = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) await client?.call();
    };
    await calls(CALLS);
    const before = await living();
    await calls(CALLS);
    expect(((await living()) - before) / CALLS).toBeLessThan(MOST_PER_CALL);
    await client?.close();
    server.close();
    server.closeAllConnections();
  },
);
