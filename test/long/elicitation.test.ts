/** One gate, two doors: a question in the client of `skep mcp`, and `skep answer` in a terminal. The first answer wins. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema, type ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, expect, test } from "vitest";
import { endHosts, hostedRepo, skep } from "../cli/support/skep.ts";
import { swarmAtGate } from "../cli/support/swarm.ts";
import { builtMain } from "../support/build.ts";
import { until } from "../support/until.ts";

const clients: Client[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await endHosts();
});

interface Asked {
  readonly cwd: string;
  readonly swarm: string;
  readonly message: string;
  readonly taken: AbortSignal;
  readonly waiting: ReturnType<Client["callTool"]>;
  reply(result: ElicitResult): void;
}

/** A swarm at gate g1, a client that waits for its news, and the question it was asked. */
async function asked(): Promise<Asked> {
  const repo = hostedRepo();
  const cwd = repo.root;
  const swarm = await swarmAtGate(repo);
  const client = new Client({ name: "editor", version: "1" }, { capabilities: { elicitation: {} } });
  clients.push(client);
  const put: Omit<Asked, "cwd" | "swarm" | "waiting">[] = [];
  client.setRequestHandler(
    ElicitRequestSchema,
    ({ params }, { signal }) => new Promise<ElicitResult>((reply) => put.push({ message: params.message, taken: signal, reply })),
  );
  const env = { ...process.env, SKEP_PROJECT: "", CLAUDE_PROJECT_DIR: "" } as Record<string, string>;
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [builtMain(), "mcp"], cwd, env, stderr: "ignore" }));
  const { structuredContent } = await client.callTool({ name: "swarm_wait", arguments: {} });
  const waiting = client.callTool({ name: "swarm_wait", arguments: { cursor: (structuredContent as { cursor: number }).cursor } });
  const question = await until(() => put[0], { what: "the question is put", timeoutMs: 30_000 });
  return { cwd, swarm, waiting, ...question };
}

test("[gates.elicit.first] `skep answer` wins: the question in the client is taken back, and the wait tells who answered", async () => {
  const { cwd, message, taken, waiting } = await asked();
  expect(message).toContain("| open_swarm failed 6 times");
  expect(await skep(["answer", "g1", "stop"], { cwd })).toMatchObject({ code: 0 });
  await until(() => taken.aborted, { what: "the question is taken back" });
  expect((await waiting).structuredContent).toMatchObject({
    status: "stopped",
    news: expect.arrayContaining(["gate g1 answered by operator: stop"]),
  });
});

test("[gates.elicit.first] the client wins: `skep answer` is told who answered, when and through what", async () => {
  const { cwd, swarm, reply, waiting } = await asked();
  reply({ action: "accept", content: { answer: "stop" } });
  expect((await waiting).structuredContent).toMatchObject({ status: "stopped" });
  const late = await skep(["answer", "g1", "retry", "--swarm", swarm], { cwd });
  expect(late.code).toBe(1);
  expect(late.stderr + late.stdout).toMatch(/g1 was answered "stop" by the operator through editor at \d{4}-\d\d-\d\dT/);
});
