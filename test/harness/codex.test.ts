/** What is Codex's own: its recorded streams (0.169.0), its messages, approvals and problems. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { mintUuid } from "../../src/base/ids.ts";
import { codex } from "../../src/harness/codex.ts";
import { codexCodec } from "../../src/harness/codex-codec.ts";
import type { Codec, HarnessEvent, LaunchOrder } from "../../src/harness/harness.ts";
import { tempDir } from "../support/temp.ts";
import { until } from "../support/until.ts";
import { CODEX, completed, FAKE_CODEX, item, said, THREAD, tokens } from "./support/codex-dialect.ts";
import { orderFor } from "./support/order.ts";
import { stopAll, watch } from "./support/watch.ts";

afterEach(stopAll);

interface Sent {
  readonly id?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/codex/${name}.jsonl`, import.meta.url));
const replayed = (stream: string, change: Partial<LaunchOrder> = {}) => {
  const order = orderFor({ binary: FAKE_CODEX, ...change });
  return watch(codex, { ...order, env: { ...order.env, FAKE_STREAM: stream } });
};
const played = (...lines: readonly unknown[]) => {
  const file = path.join(tempDir("stream"), "stream.jsonl");
  writeFileSync(file, [{ $: "wait", for: "start" }, ...CODEX.ready, ...lines].map((line) => JSON.stringify(line)).join("\n"));
  return replayed(file);
};

describe("recorded streams", () => {
  test("[harness.codex.stream] tools, mail in a running turn, retries and an interrupt read as what they are, with tokens per turn", async () => {
    const session = await replayed(fixture("session"));
    expect(await session.see("ready")).toMatchObject({ mcp: "connected", version: "0.169.0" });
    expect(await session.deliver("briefing", mintUuid(), "next")).toBe("taken");
    expect(await session.deliver("mail", mintUuid(), "next")).toBe("taken");
    expect(await session.see("turn_ended")).toMatchObject({ ok: true, text: "handed in", usage: { inputTokens: 1700, model: "a-model" } });
    expect(session.of("tool").map(({ name }) => name)).toEqual(expect.arrayContaining(["mcp__skep__task_submit", "exec_command"]));
    expect(session.of("tool_result").find(({ name }) => name === "mcp__skep__task_submit")).toMatchObject({
      ok: true,
      text: "accepted attempt 1: checking. End your turn",
    });
    await session.deliver("ask", mintUuid(), "next");
    expect(await session.see("retry")).toMatchObject({ problem: { kind: "overloaded" } });
    await until(() => session.of("tool").some(({ name }) => name === "mcp__skep__human_ask"), { what: "it asked" });
    expect(session.interrupt()).toBe(true);
    expect(await session.see("turn_ended", 2)).toMatchObject({ ok: false, error: "interrupted", usage: { inputTokens: 200 } });
    await session.deliver("go on", mintUuid(), "next");
    expect(await session.see("turn_ended", 3)).toMatchObject({ ok: true, text: "asked", usage: { inputTokens: 200, usd: null } });
    expect(session.of("noise")).toEqual([]);
  });

  test("[harness.codex.resume-usage] a resumed thread counts its own turns alone, though its totals go on", async () => {
    const session = await replayed(fixture("resumed"), { resume: true });
    await session.deliver("go on", mintUuid(), "next");
    expect(await session.see("turn_ended")).toMatchObject({ text: "after the kill", usage: { inputTokens: 200, outputTokens: 40 } });
  });

  test("[harness.codex.mcp-failed] without its tools a session is reported, and no message is handed to it", async () => {
    const session = await replayed(fixture("refused"), { resume: true });
    expect(await session.see("ready")).toMatchObject({ mcp: "failed" });
    const fate = session.deliver("go", mintUuid(), "next");
    await session.stop(200);
    expect(await fate).toBe("gone");
  });

  test("[harness.codex.dropped] a message that Codex took for a turn that was cut goes again, and counts once", async () => {
    const session = await replayed(fixture("drop"));
    void session.deliver("begin", mintUuid(), "next");
    await session.see("tool", 2);
    const letter = session.deliver("letter", mintUuid(), "next");
    session.interrupt();
    expect(await session.see("turn_ended")).toMatchObject({ ok: false });
    expect(await letter).toBe("taken");
    expect(await session.see("turn_ended", 2)).toMatchObject({ ok: true, text: "went on" });
  });

  test("[harness.codex.problem] what the provider refuses is a problem with its kind, and with the time of its reset where told", async () => {
    const session = await replayed(fixture("errors"));
    const kinds: unknown[] = [];
    for (let n = 1; n <= 7; n += 1) {
      await session.deliver("try", mintUuid(), "next");
      const { problem } = await session.see("turn_ended", n);
      kinds.push([problem?.kind, problem?.reset === null]);
    }
    const [, ...rest] = kinds;
    expect(kinds[0]).toEqual(["quota", false]);
    expect(rest.map((entry) => (entry as unknown[])[0])).toEqual(["quota", "auth", "model", "context_full", "request", "overloaded"]);
    expect(rest.every((entry) => (entry as unknown[])[1])).toBe(true);
    await session.deliver("well", mintUuid(), "next");
    expect(await session.see("turn_ended", 8)).toMatchObject({ ok: true, text: "well" });
  });
});

test("[harness.codex.retries] a session that only ever tries again says so, and never that it went on", async () => {
  const error = { message: "Reconnecting... 1/5", codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: 429 } } };
  const again = said("error", { willRetry: true, error: { ...error, additionalDetails: "Rate limit reached. Please try again in 1.5s." } });
  const session = await played({ $: "wait", for: "message" }, CODEX.receipt(1), CODEX.started, ...Array.from({ length: 50 }, () => again));
  await session.deliver("go", mintUuid(), "next");
  expect((await session.see("retry", 50)).problem).toMatchObject({ kind: "rate_limit", reset: { inMs: 1_500 } });
  expect(session.busy()).toBe(true);
});

describe("the codec", () => {
  const lines = (events: readonly HarnessEvent[]): readonly Sent[] =>
    events.flatMap((event) => (event.type === "reply" ? event.lines : [])).map((line) => JSON.parse(line));
  const parse = (sent: readonly string[]): readonly Sent[] => sent.map((line) => JSON.parse(line));
  function standing(change: Partial<LaunchOrder> = {}): { codec: Codec; read(line: unknown): readonly HarnessEvent[] } {
    const codec = codexCodec(orderFor(change));
    const read = (line: unknown) => codec.read(JSON.stringify(line).replaceAll("{{session}}", THREAD));
    read({ id: "skep-initialize", result: { userAgent: "skep/0.169.0" } });
    return { codec, read };
  }
  const stands = { id: "skep-thread", result: { thread: { id: THREAD }, model: "m" } };

  test("[harness.codex.held] messages before the thread stands are held, and go in order", () => {
    const { codec, read } = standing();
    expect([codec.message("one", "r1", "next"), codec.message("two", "r2", "now")]).toEqual([[], []]);
    const sent = lines(read(stands));
    expect(sent.map(({ id }) => id)).toEqual(["r1/1", "r2/1"]);
    expect(sent.map(({ params }) => [params?.threadId, params?.clientUserMessageId])).toEqual([
      [THREAD, "r1"],
      [THREAD, "r2"],
    ]);
  });

  test("[harness.codex.urgent] an urgent message cuts a tool call that runs, and only that", () => {
    const { codec, read } = standing();
    read(stands);
    read(CODEX.started);
    expect(parse(codec.message("a", "r1", "now")).map(({ method }) => method)).toEqual(["turn/start"]);
    read(item("started", { type: "commandExecution", id: "c", command: "sleep 9" }));
    expect(parse(codec.message("b", "r2", "next")).map(({ method }) => method)).toEqual(["turn/start"]);
    expect(parse(codec.message("c", "r3", "now")).map(({ method }) => method)).toEqual(["turn/interrupt", "turn/start"]);
  });

  test("[harness.codex.early-cut] an interrupt before its turn has a name cuts it when it has", () => {
    const { codec, read } = standing();
    read(stands);
    codec.message("a", "r1", "next");
    expect(codec.interrupt()).toEqual([]);
    expect(lines(read(CODEX.started))).toMatchObject([{ method: "turn/interrupt", params: { threadId: THREAD, turnId: "turn" } }]);
  });

  test("[harness.codex.refused] a turn that takes nothing in is waited for; a message that is never taken breaks the session", () => {
    const { codec, read } = standing();
    read(stands);
    read(CODEX.started);
    codec.message("a", "r1", "next");
    const refusal = (id: string) => read({ id, error: { code: -32600, message: "cannot steer a compact turn" } });
    expect(lines(refusal("r1/1"))).toEqual([]);
    expect(lines(read(completed({ status: "completed" }))).map(({ id }) => id)).toEqual(["r1/2"]);
    expect(refusal("r1/2")).toContainEqual({
      type: "broken",
      problem: { kind: "request", message: "cannot steer a compact turn", reset: null },
    });
  });

  test("[harness.codex.approvals] every question is answered at once: skep's tools with yes, all others with no and on record", () => {
    const { read } = standing();
    const ask = (method: string, params: object) => read({ id: 7, method, params });
    const command = ask("item/commandExecution/requestApproval", { command: "curl x", reason: "needs the network" });
    expect(lines(command)).toEqual([{ id: 7, result: { decision: "decline" } }]);
    expect(command).toContainEqual({ type: "denied", tool: "exec_command", why: "needs the network" });
    expect(lines(ask("item/fileChange/requestApproval", {}))).toEqual([{ id: 7, result: { decision: "decline" } }]);
    expect(lines(ask("item/tool/requestUserInput", { questions: [] }))).toEqual([{ id: 7, result: { answers: {} } }]);
    expect(lines(ask("item/permissions/requestApproval", {}))).toEqual([{ id: 7, result: { permissions: {}, scope: "turn" } }]);
    const tool = { serverName: "skep", _meta: { codex_approval_kind: "mcp_tool_call" } };
    expect(ask("mcpServer/elicitation/request", tool)).toEqual([{ type: "reply", lines: [expect.stringContaining('"accept"')] }]);
    expect(lines(ask("mcpServer/elicitation/request", { ...tool, serverName: "other" }))).toMatchObject([
      { result: { action: "decline" } },
    ]);
    expect(lines(ask("account/chatgptAuthTokens/refresh", {}))).toMatchObject([{ id: 7, error: { code: -32601 } }]);
  });

  test("[harness.codex.usage] cached tokens are counted apart, and a total that was told before counts for nothing", () => {
    const { read } = standing({ resume: true });
    read(stands);
    read(tokens(1_000, 600, 50));
    read(CODEX.started);
    read(tokens(1_300, 800, 60));
    expect(read(completed({ status: "completed" }))[0]).toMatchObject({
      usage: { inputTokens: 100, cachedTokens: 200, outputTokens: 10, model: "m" },
    });
  });

  test("[harness.codex.lost] a thread that is unknown ends the session before it is ready", () => {
    const { read } = standing({ resume: true });
    const refusal = { id: "skep-thread", error: { code: -32600, message: "no rollout found for thread id x" } };
    expect(read(refusal)).toMatchObject([{ type: "broken", problem: { message: expect.stringContaining("no rollout found") } }]);
  });

  test("[harness.codex.key] a key of the environment goes in by stdin alone, and only when nobody is signed in", () => {
    const order = orderFor({ env: { HOME: tempDir("nobody"), OPENAI_API_KEY: "the-key", PATH: "/bin" } });
    const codec = codexCodec(order);
    const sent = lines(codec.read(JSON.stringify({ id: "skep-initialize", result: {} })));
    expect(sent).toMatchObject([
      { method: "initialized" },
      { method: "account/login/start", params: { type: "apiKey", apiKey: "the-key" } },
    ]);
    expect(lines(codec.read(JSON.stringify({ id: "skep-login", result: {} })))).toMatchObject([{ method: "thread/start" }]);
    expect(JSON.stringify(codex.launch(order))).not.toContain("the-key");
    mkdirSync(path.join(order.env.HOME ?? "", ".codex"));
    writeFileSync(path.join(order.env.HOME ?? "", ".codex/auth.json"), "{}");
    expect(codex.launch(order).files).toContainEqual({
      path: "codex/auth.json",
      linkTo: path.join(order.env.HOME ?? "", ".codex/auth.json"),
    });
    expect(lines(codexCodec(order).read(JSON.stringify({ id: "skep-initialize", result: {} })))).toMatchObject([
      {},
      { method: "thread/start" },
    ]);
  });
});
