/** The stdio wiring with real processes: what a client sends, and every way it can leave. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../engine/support/repository.ts";
import { until } from "../support/until.ts";
import { ask, FILES, TestSwarm } from "../tools/support/swarm.ts";
import { endAll, mainFile, startMain } from "./support/process.ts";

let swarm: TestSwarm;
beforeAll(async () => {
  swarm = await TestSwarm.start();
});
afterEach(endAll);

interface Frame {
  readonly jsonrpc: string;
  readonly id: number | null;
  readonly result?: {
    readonly isError?: boolean;
    readonly content?: readonly [{ readonly text: string }];
    readonly structuredContent?: object;
  };
  readonly error?: { readonly code: number };
}
interface Talk {
  readonly child: ChildProcessWithoutNullStreams;
  readonly lines: string[];
  raw(line: string): void;
  call(id: number, name: string, args?: object): void;
  frame(id: number): Promise<Frame>;
  readonly ended: Promise<readonly [number | null, string | null]>;
}

const cursorOf = (frame: Frame): number => (frame.result?.structuredContent as { cursor: number } | undefined)?.cursor ?? -1;

/** An initialized conversation by hand, to send what no client library would. */
async function talk(root = swarm.root): Promise<Talk> {
  const child = await startMain(["stdio", root]);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const raw = (line: string) => void child.stdin.write(`${line}\n`);
  const send = (message: object) => raw(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const frame = (id: number) =>
    until(() => lines.map((line) => JSON.parse(line) as Frame).find((one) => one.id === id), {
      what: `frame ${id} came`,
      timeoutMs: 15_000,
    });
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  send({
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "0" } },
  });
  await frame(0);
  send({ method: "notifications/initialized" });
  return {
    child,
    lines,
    raw,
    frame,
    ended,
    call: (id, name, args = {}) => send({ id, method: "tools/call", params: { name, arguments: args } }),
  };
}

test("[mcp.stdio] a real client lists and calls the operator's tools over a real pipe", async () => {
  const client = new Client({ name: "test", version: "0" });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [await mainFile(), "stdio", swarm.root], stderr: "inherit" }),
  );
  expect((await client.listTools()).tools).toHaveLength(20);
  expect(client.getServerCapabilities()).toEqual({ tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} });
  expect(client.getServerVersion()).toMatchObject({ name: "skep", version: "0.0.0" });
  expect(Buffer.byteLength(client.getInstructions() ?? "") / 4).toBeLessThanOrEqual(60);
  expect((await ask(client, "swarm_status")).facts).toMatchObject({ swarm: swarm.swarm.id, status: "running" });
  expect((await ask(client, "swarm_status", { swarm: "../meta" })).code).toBe("BAD_ID");
  await client.close();
});

describe("[mcp.stdio.bad] a server survives", () => {
  test.each([
    ["no JSON", "{nope"],
    ["no message", '{"hello":"world"}'],
    ["nothing", ""],
    ["an array", "[1,2]"],
    ["another protocol", '{"jsonrpc":"1.0","id":7,"method":"ping"}'],
    ["a number of bytes that are no text", "\u0000\u0001"],
  ])("a line that is %s", async (_what, line) => {
    const { raw, call, frame, lines, child, ended } = await talk();
    raw(line);
    call(1, "swarm_status");
    expect((await frame(1)).result?.structuredContent).toMatchObject({ swarm: swarm.swarm.id });
    for (const one of lines) expect(JSON.parse(one)).toMatchObject({ jsonrpc: "2.0" });
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
  });

  test("an unknown method, bad parameters and an unknown tool", async () => {
    const { raw, call, frame } = await talk();
    raw('{"jsonrpc":"2.0","id":1,"method":"no/such"}');
    expect((await frame(1)).error?.code).toBe(-32_601);
    raw('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"arguments":{}}}');
    expect((await frame(2)).error?.code).toBeLessThan(0);
    call(3, "rm_rf");
    expect((await frame(3)).result?.content?.[0].text).toMatch(/^UNKNOWN_TOOL: /);
    call(4, "swarm_status", { swarm: swarm.swarm.id, __proto__x: 1 });
    expect((await frame(4)).result?.content?.[0].text).toMatch(/^BAD_INPUT: unknown field/);
  });

  test("an argument of 10 MB: a typed refusal, and the next call works", async () => {
    const { call, frame } = await talk();
    call(1, "message_send", { to: "queen", subject: "s", body: "x".repeat(10 * 1024 * 1024) });
    expect((await frame(1)).result?.content?.[0].text).toMatch(/^BAD_INPUT: body has 10485760 characters; at most 262144/);
    call(2, "swarm_status");
    expect((await frame(2)).result?.structuredContent).toMatchObject({ swarm: swarm.swarm.id });
  });

  test("no repository: it answers, and each call says what is missing", async () => {
    const { call, frame } = await talk("/");
    call(1, "swarm_status");
    expect((await frame(1)).result?.content?.[0].text).toMatch(/^NO_PROJECT: .* Next: /);
  });
});

describe("[mcp.stdio.end] the server ends when its client leaves", () => {
  test("by closing stdin; calls under way are answered first", async () => {
    const { child, call, frame, ended } = await talk();
    call(1, "swarm_wait");
    const cursor = cursorOf(await frame(1));
    call(2, "swarm_wait", { cursor });
    call(3, "swarm_status");
    await frame(3);
    child.stdin.end();
    expect((await frame(2)).result?.structuredContent).toMatchObject({ news: [], cursor });
    expect(await ended).toEqual([0, null]);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("by %s", async (signal) => {
    const { child, call, ended } = await talk();
    call(1, "swarm_wait", { cursor: 1_000_000 });
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });

  test("by closing stdout, without a stack", async () => {
    const { child, call, ended } = await talk();
    let stderr = "";
    child.stderr.on("data", (text: Buffer) => {
      stderr += text.toString();
    });
    child.stdout.destroy();
    call(1, "swarm_status");
    call(2, "swarm_status");
    expect(await ended).toEqual([0, null]);
    expect(stderr).not.toMatch(/EPIPE|at .*\.mjs/);
  });

  test("by dying: nobody reads and nobody writes any more", async () => {
    const { child, ended } = await talk(repository(FILES));
    child.stdin.destroy();
    child.stdout.destroy();
    expect(await ended).toEqual([0, null]);
  });

  test("also right after the start, with its answers still coming", async () => {
    const child = await startMain(["stdio", swarm.root]);
    let out = "";
    child.stdout.on("data", (text: Buffer) => {
      out += text.toString();
    });
    const ended = once(child, "close");
    const init = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "0" } };
    child.stdin.end(
      `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: init })}\n${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" })}\n`,
    );
    await ended;
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as Frame).id),
    ).toEqual([1, 2]);
  });
});
