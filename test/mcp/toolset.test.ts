/** What a client with a small context is offered, and what every client is told at the start. */
import { beforeAll, describe, expect, test } from "vitest";
import { TOOLS } from "../../src/tools/index.ts";
import { TOOLSETS, type Toolset } from "../../src/tools/toolset.ts";
import { ask, connect, TestSwarm } from "../tools/support/swarm.ts";

let swarm: TestSwarm;
beforeAll(async () => {
  swarm = await TestSwarm.start();
});
const operator = (toolset: Toolset) => connect({ kind: "operator" }, swarm.project, undefined, toolset);
const tokens = (value: unknown): number => Math.ceil(Buffer.byteLength(JSON.stringify(value)) / 4);

test("[client.toolset] core is four tools within its tokens, in the words they have in the full set", async () => {
  const [core, full] = await Promise.all(["core" as const, "full" as const].map(async (set) => (await operator(set)).listTools()));
  expect(core?.tools.map(({ name }) => name)).toEqual(["gate_answer", "swarm_create", "swarm_land", "swarm_wait"]);
  expect(tokens(core)).toBeLessThanOrEqual(1_350);
  const seen = core?.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  expect(tokens(seen)).toBeLessThanOrEqual(700);
  expect(full?.tools.length).toBeGreaterThan(4 * (core?.tools.length ?? 0));
  // What is offered is said in the same words in both.
  for (const tool of core?.tools ?? []) expect(full?.tools).toContainEqual(tool);
});

test("[client.toolset.refused] a tool outside the set says so, and where it is; an unknown one is unknown", async () => {
  const client = await operator("core");
  const outside = await ask(client, "swarm_stop");
  expect(outside.code).toBe("NOT_ALLOWED");
  expect(outside.text).toMatch(/--toolset core.*Next: skep --help .*--toolset full/);
  expect(swarm.state.status).toBe("running");
  expect((await ask(client, "swarm_stpo")).code).toBe("UNKNOWN_TOOL");
  expect((await ask(client, "swarm_wait")).facts.swarm).toBe(swarm.swarm.id);
});

test("[client.toolset.prompts] a prompt is offered where the tools it needs are", async () => {
  const client = await operator("core");
  expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(["run-goal", "standup"]);
  await expect(client.getPrompt({ name: "post-mortem" })).rejects.toMatchObject({ data: { code: "UNKNOWN_PROMPT" } });
});

describe("[client.instructions] what a client is told at the start is short and true", () => {
  test.each([...TOOLSETS, "queen" as const])("%s", async (who) => {
    const client = who === "queen" ? await swarm.client("queen") : await operator(who);
    const text = client.getInstructions() ?? "";
    expect(text.length).toBeGreaterThan(40);
    expect(Buffer.byteLength(text)).toBeLessThan(2_048);
    const mine = (await client.listTools()).tools.map(({ name }) => name);
    for (const { name } of TOOLS) if (text.includes(name)) expect(mine).toContain(name);
  });
});

test("[client.logging] no client is offered log messages: the server logs to its own stderr", async () => {
  const client = await operator("full");
  expect(client.getServerCapabilities()).not.toHaveProperty("logging");
  await expect(client.setLoggingLevel("debug")).rejects.toThrow();
});
