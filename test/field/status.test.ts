/** Who does what, why nothing moves, and what is promised about it. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { swarmView } from "../../src/domain/view.ts";
import { nextStep, reasons } from "../../src/domain/why.ts";
import { REASONS } from "../../src/domain/why-codes.ts";
import { stepCommand } from "../../src/domain/why-step.ts";
import { mcpFace } from "../../src/mcp/http.ts";
import { MCP_PATH } from "../../src/mcp/paths.ts";
import { projectServices } from "../../src/tools/project-services.ts";
import { stuckSwarms } from "../domain/stuck.ts";
import { HARNESSES } from "../engine/support/harnesses.ts";
import { projectAt, quiet, repository } from "../engine/support/repository.ts";
import { die, working } from "./support/flow.ts";

test("[field.nobody-knows-why] nothing moves and nobody can say why: whatever stands still has a reason and a next step", () => {
  const at = 1_900_000_000_000;
  const stuck = stuckSwarms(at);
  expect(stuck.length).toBeGreaterThanOrEqual(15);
  for (const { name, world } of stuck) {
    world.now = at;
    const [swarm, ...parts] = reasons(world.state, at);
    expect(REASONS, name).toHaveProperty(swarm?.code ?? "none");
    expect(swarm?.code, name).not.toBe("moving");
    expect(stepCommand(nextStep([...(swarm ? [swarm] : []), ...parts]), world.state.id), name).toMatch(/^skep /);
    for (const { id } of world.state.tasks.values())
      if (world.state.byStatus.blocked.has(id)) expect(parts.map((one) => one.id)).toContain(id);
  }
});

test("[field.stale-status] an agent is shown as starting, or as alive, when it is neither: what is shown is what the log says", () => {
  const world = working();
  const doing = (agent: string) => swarmView(world.state).agents.find((one) => one.agent === agent)?.doing;
  expect(doing("dev-0")).toContain("t1 attempt 1");
  die(world, "dev-0");
  expect(doing("dev-0")).not.toContain("t1");
});

test("[field.open-port] the local endpoint starts programs for whoever can reach it: without its token, or from a web page, nothing is answered", async () => {
  const project = await projectAt(repository());
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const services = projectServices(project, HARNESSES);
  const callers = { resolve: async (token: string) => (token === "mine" ? ({ kind: "operator" } as const) : null) };
  const face = await mcpFace({ services, version: "0.0.0" })({ project, callers, logger: quiet, clock: systemClock, port });
  server.on("request", face.listener);
  const status = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const outgoing = request({ agent: false, host: "127.0.0.1", port, method: "POST", path: MCP_PATH, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      outgoing.on("error", reject).end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }));
    });
  const plain = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const mine = { ...plain, authorization: "Bearer mine" };
  expect(await status(mine)).toBe(200);
  expect(await status(plain)).toBe(401);
  expect(await status({ ...mine, origin: "https://evil.example" })).toBe(403);
  expect(await status({ ...mine, host: `evil.example:${port}` })).toBe(403);
  server.close();
  server.closeAllConnections();
  await project.close();
});
