/** What is ACP's own: sign-in, modes, models, costs, errors, what shows that a prompt was taken up. */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { acp } from "../../src/harness/acp.ts";
import type { HarnessEvent, LaunchOrder } from "../../src/harness/harness.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { answer, chunk, initialized, opened, update } from "./support/acp-dialect.ts";
import { lines, OPTIONS, talk } from "./support/acp-talk.ts";
import { orderFor } from "./support/order.ts";
import { stopAll, watch } from "./support/watch.ts";

afterEach(stopAll);

const fake = fileURLToPath(new URL("../bin/fake-acp.mjs", import.meta.url));
const uuid = mintUuid;

describe("[harness.acp.opening] a session is opened step by step, and what cannot be had is told", () => {
  const broken = (events: readonly HarnessEvent[]) => events.flatMap((event) => (event.type === "broken" ? [event.problem] : []));
  const settings = { command: ["agent"], auth: "key", mode: "careful" };
  test("sign-in, mode and model come before ready; the token goes by the session's own request", () => {
    const { say, order } = talk({ settings, model: "big" }, []);
    const asks = (line: unknown) => lines(say(line)).map(({ method, params }) => ({ method, params }));
    expect(asks(initialized({ authMethods: [{ id: "key" }] }))).toEqual([{ method: "authenticate", params: { methodId: "key" } }]);
    const [open] = asks(answer("skep-authenticate", {})) as { params: { mcpServers: object[] } }[];
    expect(open?.params.mcpServers).toEqual([
      { type: "http", name: "skep", url: order.mcp.url, headers: [{ name: "Authorization", value: `Bearer ${order.mcp.token}` }] },
    ]);
    const models = { currentModelId: "small", availableModels: [{ modelId: "big" }] };
    expect(asks(answer("skep-session", { sessionId: "s", models }))).toMatchObject([
      { method: "session/set_mode", params: { modeId: "careful" } },
    ]);
    expect(asks(answer("skep-mode", {}))).toMatchObject([{ method: "session/set_model", params: { modelId: "big" } }]);
    expect(say(answer("skep-model", {}))).toMatchObject([{ type: "ready", cliSession: "s", version: "1.2.3" }]);
  });
  test.each([
    ["another protocol", {}, [initialized({ protocolVersion: 2 })], "request"],
    ["no MCP over HTTP", {}, [initialized({ agentCapabilities: {} })], "request"],
    ["an unknown sign-in", { settings }, [initialized()], "auth"],
    ["no loading", { resume: true }, [initialized({ agentCapabilities: { mcpCapabilities: { http: true } } })], "request"],
    [
      "not signed in",
      {},
      [initialized(), { jsonrpc: "2.0", id: "skep-session", error: { code: -32000, message: "Authentication required" } }],
      "auth",
    ],
    ["a model nobody can choose", { model: "big" }, [initialized(), ...opened], "model"],
  ] as const)("%s", (_name, change, start, kind) => {
    const { told, codec } = talk(change as Partial<LaunchOrder>, start);
    expect(broken(told)).toMatchObject([{ kind }]);
    expect(codec.message("go", "r", "next")).toEqual([]);
  });
  test("the role goes in front of the first message, and a message that looks like the agent's own command is none", () => {
    const { codec, say } = talk({ rolePrompt: "ROLE" });
    const text = (wire: readonly string[]) => JSON.parse(wire[0] ?? "{}").params.prompt.map((one: { text: string }) => one.text);
    expect(text(codec.message("/compact", "r1", "next"))).toEqual(["ROLE", "Message:\n/compact"]);
    say(answer("r1", { stopReason: "end_turn" }));
    expect(text(codec.message("go", "r2", "next"))).toEqual(["go"]);
    expect(talk({ rolePrompt: "ROLE", resume: true }).codec.message("go", "r", "next")[0]).not.toContain("ROLE");
  });
});

describe("[harness.acp.usage] tokens and money are of one turn", () => {
  const turns = (change: Partial<LaunchOrder>, ...results: (readonly [object, number?])[]) => {
    const { codec, say } = talk(change);
    return results.flatMap(([usage, amount], index) => {
      codec.message("go", `r${index}`, "next");
      if (amount !== undefined) say(update({ sessionUpdate: "usage_update", used: 1, size: 9, cost: { amount, currency: "USD" } }));
      const events = say(answer(`r${index}`, { stopReason: "end_turn", ...usage }));
      return events.flatMap((event) => (event.type === "turn_ended" ? [event.usage] : []));
    });
  };
  const usage = (inputTokens: number, outputTokens: number) => ({
    usage: { inputTokens, outputTokens, cachedReadTokens: 5, cachedWriteTokens: 1 },
  });
  test("money is a total of the session, tokens are a turn's unless the settings say otherwise", () => {
    expect(turns({}, [usage(10, 2), 0.5], [usage(20, 4), 0.75])).toMatchObject([
      { inputTokens: 11, outputTokens: 2, cachedTokens: 5, usd: 0.5 },
      { inputTokens: 21, outputTokens: 4, usd: 0.25 },
    ]);
    const session = { settings: { command: ["agent"], usage: "session" } };
    expect(turns(session, [usage(10, 2)], [usage(30, 6)])).toMatchObject([
      { inputTokens: 11 },
      { inputTokens: 20, outputTokens: 4, cachedTokens: 0, usd: null },
    ]);
  });
  test("a resumed session is charged for its own turns, whether its total went on or began anew", () => {
    const resumed = { resume: true, usdBefore: 2 };
    expect(turns(resumed, [{}, 2.5], [{}, 3]).map(({ usd }) => usd)).toEqual([0.5, 0.5]);
    expect(turns(resumed, [{}, 0.5], [{}, 1]).map(({ usd }) => usd)).toEqual([0.5, 0.5]);
  });
});

describe("[harness.acp.problems] a failed turn is typed", () => {
  const failed = (error: object) => {
    const { codec, say } = talk();
    codec.message("go", "r", "next");
    return say({ jsonrpc: "2.0", id: "r", error }).flatMap((event) => (event.type === "turn_ended" ? [event.problem] : []))[0];
  };
  test.each([
    ["auth", null, { code: -32000, message: "Authentication required" }],
    ["auth", null, { code: 401, message: '{"error":{"code":401,"message":"API key not valid"}}' }],
    ["rate_limit", null, { code: 429, message: "Rate limit exceeded. Try again later." }],
    ["rate_limit", 34_075, { code: 429, message: "Too many requests. Please retry in 34.0745s." }],
    [
      "quota",
      7_985_000,
      { code: -32603, message: "Internal error", data: { details: "You have exhausted your quota; it will reset after 2h13m5s." } },
    ],
    ["overloaded", null, { code: 503, message: "The model is overloaded" }],
    ["model", null, { code: 404, message: "models/x is not found" }],
    ["model", null, { code: -32603, message: "Internal error", data: "model gpt-9 does not exist" }],
    ["context_full", null, { code: 400, message: "The input token count exceeds the maximum" }],
    ["network", null, { code: -32603, message: "Internal error", data: { details: "fetch failed: ECONNREFUSED" } }],
    ["request", null, { code: 400, message: "bad" }],
    ["crash", null, { code: -32603, message: "Internal error" }],
  ] as const)("%s", (kind, inMs, error) => {
    expect(failed(error)).toMatchObject({ kind, reset: inMs === null ? null : { inMs } });
    expect(failed(error)?.message.length).toBeLessThanOrEqual(300);
  });
  test("a full context and a refusal are ends of their own", () => {
    const ends = ["max_tokens", "refusal", "max_turn_requests", "something_new"].map((stopReason) => {
      const { codec, say } = talk();
      codec.message("go", "r", "next");
      return say(answer("r", { stopReason })).find((event) => event.type === "turn_ended");
    });
    expect(ends).toMatchObject([
      { ok: false, problem: { kind: "context_full" } },
      ...[{ ok: false, error: expect.stringContaining("refusal") }, { ok: false }, { ok: true }],
    ]);
  });
});

test("[harness.acp.taken] neither the writing of a prompt nor news of the session shows that it was taken: the agent's work or its answer does", () => {
  const { codec, say } = talk();
  expect(codec.message("go", "r", "next")).toHaveLength(1);
  const types = (line: unknown) => say(line).map(({ type }) => type);
  expect(types(update({ sessionUpdate: "available_commands_update", availableCommands: [] }))).toEqual(["alive"]);
  expect(types(update({ sessionUpdate: "current_mode_update", currentModeId: "x" }))).toEqual(["alive"]);
  expect(types(chunk("a"))).toEqual(["turn_started", "alive"]);
  expect(types(chunk("b"))).toEqual(["alive"]);
  expect(say(update({ sessionUpdate: "tool_call", toolCallId: "1", title: "x" }))).toMatchObject([
    { type: "text", text: "ab" },
    { type: "tool" },
  ]);
});

test("[harness.acp.cancel] a cancelled turn answers open questions with that, and ends by the agent's own word", () => {
  const { codec, say } = talk({ preset: "full" });
  expect(codec.interrupt()).toEqual([]);
  codec.message("go", "r", "next");
  expect(codec.interrupt().map((line) => JSON.parse(line).method)).toEqual(["session/cancel"]);
  const question = {
    jsonrpc: "2.0",
    id: 1,
    method: "session/request_permission",
    params: { toolCall: { kind: "edit" }, options: OPTIONS },
  };
  expect(lines(say(question))).toMatchObject([{ result: { outcome: { outcome: "cancelled" } } }]);
  expect(say(answer("r", { stopReason: "cancelled" })).at(-1)).toMatchObject({ type: "turn_ended", ok: false });
});

test("[harness.acp.detect] the agent that the settings name is found on the PATH, and bad settings are refused by field", async () => {
  const folder = tempDir("bin");
  writeFileSync(path.join(folder, "my-agent"), "#!/bin/sh\n", { mode: 0o755 });
  const env = { PATH: `relative:${folder}` };
  expect(await acp.detect(env, { command: ["my-agent", "acp"] })).toMatchObject({ found: true, path: path.join(folder, "my-agent") });
  expect(await acp.detect(env, { command: ["other"] })).toMatchObject({ found: false, why: expect.stringContaining('"other"') });
  expect(await acp.detect(env)).toMatchObject({ found: false, fix: expect.stringContaining("harness.adapters.acp.settings") });
  const order = orderFor({
    binary: "/bin/my-agent",
    settings: { command: ["my-agent", "acp"], env: ["MY_KEY"], set: { A: "b" }, provider: "mine" },
  });
  expect(acp.launch(order)).toMatchObject({ argv: ["/bin/my-agent", "acp"], env: { A: "b" } });
  expect(acp.passesFor?.(order.settings)).toEqual(["MY_KEY"]);
  expect(acp.providerOf?.(null, order.settings)).toBe("mine");
  const bad = { command: ["x"], env: ["SKEP_TOKEN"] };
  expect(() => acp.launch(orderFor({ settings: bad }))).toThrow(
    expect.objectContaining({ code: "HARNESS_SETTINGS", message: expect.stringContaining("env.0") }),
  );
});

test("[harness.acp.hang] an agent that never answers its greeting takes no message, shows no sign of life, and is ended", async () => {
  const folder = tempDir("stream");
  writeFileSync(path.join(folder, "stream.jsonl"), ['{"$":"stubborn"}', '{"$":"wait","for":"message"}'].join("\n"));
  const order = orderFor({ binary: fake, settings: { command: ["agent"] } });
  const log = path.join(folder, "log.jsonl");
  const session = await watch(acp, { ...order, env: { ...order.env, FAKE_STREAM: path.join(folder, "stream.jsonl"), FAKE_LOG: log } });
  // It is up, and deaf to SIGTERM from here on.
  await until(() => existsSync(log), { what: "the agent began" });
  const since = session.lastOutput();
  const fate = session.deliver("go", uuid(), "next");
  expect(session.busy()).toBe(true);
  expect(session.interrupt()).toBe(true);
  expect(await session.stop(100)).toMatchObject({ code: null, signal: expect.stringMatching(/SIGTERM|SIGKILL/) });
  expect([await fate, session.lastOutput(), session.events]).toEqual(["gone", since, []]);
});
