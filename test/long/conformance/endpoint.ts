/** The product's own HTTP endpoint on a real project, as the host opens it, without a host around it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../../../src/base/clock.ts";
import { createLogger } from "../../../src/base/logger.ts";
import { openProject } from "../../../src/engine/project.ts";
import { HARNESSES } from "../../../src/harness/index.ts";
import { type FaceParts, mcpFace } from "../../../src/mcp/http.ts";
import { MCP_PATH } from "../../../src/mcp/paths.ts";
import type { Services } from "../../../src/tools/services.ts";
import { makeRepo } from "../../support/repo.ts";

export interface Endpoint {
  readonly url: string;
  close(): Promise<void>;
}

export interface EndpointOrder {
  /** Which of its two wirings. */
  readonly path?: string;
  readonly build?: FaceParts["build"];
  readonly buildModern?: FaceParts["buildModern"];
}

export async function productEndpoint(token: string, { path = MCP_PATH, build, buildModern }: EndpointOrder = {}): Promise<Endpoint> {
  const logger = createLogger("conformance", "error");
  const project = await openProject({
    cwd: makeRepo().root,
    env: {},
    clock: systemClock,
    logger,
    harnesses: new Map(Object.entries(HARNESSES)),
  });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const callers = { resolve: async (given: string) => (given === token ? ({ kind: "operator" } as const) : null) };
  // No generic scenario calls a tool, so nothing of the world behind the tools is wired; a use of it would show.
  const services = new Proxy({} as Services, {
    get(_, name) {
      throw new Error(`a generic scenario used services.${String(name)}`);
    },
  });
  const face = await mcpFace({ services, version: "0.0.0", ...(build ? { build } : {}), buildModern })({
    project,
    callers,
    logger,
    clock: systemClock,
    port,
  });
  server.on("request", face.listener);
  return {
    url: `http://127.0.0.1:${port}${path}`,
    async close() {
      await face.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
