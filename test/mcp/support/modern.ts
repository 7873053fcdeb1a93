/** Clients of revision 2026-07-28, and every way in which they reach skep: real sockets and pipes, the protocol's own client. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { systemClock } from "../../../src/base/clock.ts";
import type { Callers } from "../../../src/engine/caller.ts";
import { CROWD, type Crowd } from "../../../src/engine/host/crowd.ts";
import { mcpFace } from "../../../src/mcp/http.ts";
import { LIVE_PATH, MCP_PATH } from "../../../src/mcp/paths.ts";
import { projectServices } from "../../../src/tools/project-services.ts";
import { HARNESSES } from "../../engine/support/harnesses.ts";
import { quiet } from "../../engine/support/repository.ts";
import type { TestSwarm } from "../../tools/support/swarm.ts";
import { mainFile } from "./process.ts";

export const REVISION = "2026-07-28";
/** What each request says of itself. */
export const META = { "io.modelcontextprotocol/protocolVersion": REVISION, "io.modelcontextprotocol/clientCapabilities": {} };
export const MODERN = { versionNegotiation: { mode: { pin: REVISION } } } as const;
export const ASKS = { capabilities: { elicitation: { form: {} } } } as const;
export const QUESTION = { question: "Which format?", fallback: "CSV", options: ["CSV", "JSON"] };

export const ends: (() => Promise<unknown>)[] = [];
/** For afterEach. */
export async function endSeats(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

export async function open(swarm: TestSwarm, crowd: Partial<Crowd> = {}) {
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

export const bearer = (token: string) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });

/** How a client reaches skep. */
const WAYS = {
  "/mcp": async (swarm: TestSwarm) => new StreamableHTTPClientTransport((await open(swarm)).url(MCP_PATH), bearer("operator")),
  "/mcp/live": async (swarm: TestSwarm) => new StreamableHTTPClientTransport((await open(swarm)).url(LIVE_PATH), bearer("operator")),
  stdio: async (swarm: TestSwarm) =>
    new StdioClientTransport({ command: process.execPath, args: [await mainFile(), "stdio", swarm.root], stderr: "inherit" }),
} as const;
export type Way = keyof typeof WAYS;
export const BOTH: readonly Way[] = ["/mcp", "stdio"];

export async function seat(swarm: TestSwarm, way: Way, options = {}, token?: string): Promise<Client> {
  const client = new Client({ name: "desk", version: "1" }, { ...MODERN, ...options });
  ends.push(() => client.close());
  await client.connect(
    token === undefined ? await WAYS[way](swarm) : new StreamableHTTPClientTransport((await open(swarm)).url(way), bearer(token)),
  );
  return client;
}

const facts = (result: object): Record<string, unknown> => (result as { structuredContent: Record<string, unknown> }).structuredContent;
export const call = async (client: Client, name: string, args: Record<string, unknown> = {}, options = {}) =>
  facts(await client.callTool({ name, arguments: args }, options));
