/** `skep mcp` as a client starts it. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterEach, expect, test } from "vitest";
import { toolsFor } from "../../src/tools/index.ts";
import { builtMain } from "../support/build.ts";
import { endHosts, hostedRepo, nowhere, skep, startSkep } from "./support/skep.ts";
import { swarmAtGate } from "./support/swarm.ts";

afterEach(endHosts);

async function connected(cwd: string, args: readonly string[] = []): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const env = { ...process.env, SKEP_PROJECT: "", CLAUDE_PROJECT_DIR: "" } as Record<string, string>;
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [builtMain(), "mcp", ...args], cwd, env, stderr: "ignore" }),
  );
  return client;
}

test("[cli.mcp] a client gets the operator's tools and the swarms of the repository it was started in, or told of", async () => {
  const repo = hostedRepo();
  const id = await swarmAtGate(repo);
  for (const client of [await connected(repo.root), await connected(nowhere(), ["--project", repo.root])]) {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(toolsFor({ kind: "operator" }).map(({ name }) => name));
    const { structuredContent } = await client.callTool({ name: "swarm_status", arguments: {} });
    expect(structuredContent).toMatchObject({ swarm: id, gates: [{ gate: "g1" }] });
    await client.close();
  }
});

test("[cli.mcp] outside a repository it answers, and each call says what to do", async () => {
  const client = await connected(nowhere());
  expect((await client.listTools()).tools.length).toBeGreaterThan(10);
  const answer = await client.callTool({ name: "swarm_create", arguments: { goal: "x" } });
  expect(answer).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^NO_PROJECT: .*Next: /) }] });
  await client.close();
});

test("[client.toolset] skep mcp --toolset core offers the set, and a set there is not is wrong usage", async () => {
  const client = await connected(nowhere(), ["--toolset", "core"]);
  expect((await client.listTools()).tools).toHaveLength(4);
  await client.close();
  const wrong = await skep(["mcp", "--toolset", "tiny"], { cwd: nowhere(), input: "" });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('there is no toolset "tiny"; there are full and core')]);
});

test("[cli.mcp] it ends with 0 when its client has left, by the end of input or by a signal", async () => {
  expect(await skep(["mcp"], { cwd: nowhere(), input: "" })).toEqual({ code: 0, stdout: "", stderr: "" });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const { child, ended, out } = startSkep(["mcp"], { cwd: nowhere(), keepOpen: true });
    child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    await new Promise<void>((resolve) => child.stdout?.once("data", () => resolve()));
    child.kill(signal);
    expect((await ended).code).toBe(0);
    expect(JSON.parse(out())).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
  }
});
