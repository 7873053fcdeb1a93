/** What is OpenCode's own: its events over HTTP, and its recorded streams (1.18.33). */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { opencode } from "../../src/harness/opencode.ts";
import { until } from "../support/until.ts";
import { answer, event, lines, message, OPENCODE_DIALECT, part, status, stored } from "./support/opencode-dialect.ts";
import { failed, idle, MESSAGE, play, START, say } from "./support/opencode-play.ts";
import { stopAll } from "./support/watch.ts";

afterEach(stopAll);

const { started } = OPENCODE_DIALECT;

const recorded = (name: string): readonly unknown[] =>
  readFileSync(fileURLToPath(new URL(`../fixtures/opencode/${name}.jsonl`, import.meta.url)), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const dollars = (session: Awaited<ReturnType<typeof play>>["session"]) =>
  session.of("turn_ended").map(({ usage }) => Number(usage.usd?.toFixed(6)));

describe("recorded streams", () => {
  test("[harness.opencode.stream] tools, mail in a running turn, a denial, retries, an interrupt and urgent mail read as what they are", async () => {
    const { session } = await play(recorded("session"));
    expect(await say(session, "briefing")).toBe("taken");
    expect(await say(session, "mail")).toBe("taken");
    expect(await session.see("turn_ended")).toMatchObject({ ok: true, text: "handed in", usage: { inputTokens: 1000, model: "m1" } });
    expect(session.of("tool").map(({ name }) => name)).toContain("skep_task_submit");
    expect(session.of("denied")).toMatchObject([{ tool: "bash", why: expect.stringContaining("curl") }]);
    await say(session, "ask");
    await session.see("retry", 2);
    expect(session.interrupt()).toBe(true);
    expect(await session.see("turn_ended", 2)).toMatchObject({ ok: false, error: expect.stringContaining("Aborted") });
    expect(await say(session, "go on")).toBe("taken");
    expect(await say(session, "now", "now")).toBe("taken");
    expect(await session.see("turn_ended", 4)).toMatchObject({ ok: true, text: "asked" });
    expect(session.of("turn_ended")[2]).toMatchObject({ ok: false, usage: { inputTokens: 0, usd: 0 } });
    expect(await say(session, "once more")).toBe("taken");
    expect(dollars(session)).toEqual([0.0014, 0.00014, 0, 0.00028]);
    expect(session.of("noise")).toEqual([]);
  });

  test("[harness.opencode.resume-cost] a resumed session is charged for its own turns only", async () => {
    const { session } = await play(recorded("resumed"), { resume: true, cliSession: "ses_before" });
    expect(await session.see("ready")).toMatchObject({ cliSession: "ses_before" });
    await say(session, "go on");
    await session.see("turn_ended");
    expect(dollars(session)).toEqual([0.00028]);
  });
});

describe("turns", () => {
  test("[harness.opencode.receipt] a stored message is not a taken one: the answer that begins behind it proves it, and it is asked for again when none does", async () => {
    const late = [
      MESSAGE,
      lines(message({ id: "msg_2", role: "user" }), stored(2)),
      idle,
      MESSAGE,
      started,
      answer(2, { finish: "stop" }),
      idle,
    ];
    const { session, asked } = await play([START, MESSAGE, OPENCODE_DIALECT.receipt(1), started, ...late]);
    expect(await say(session)).toBe("taken");
    const fate = say(session, "mail");
    await session.see("turn_ended", 2);
    expect(await fate).toBe("taken");
    const sent = asked().filter(({ path }) => path.endsWith("/prompt_async"));
    expect(sent.map(({ body }) => body.messageID)).toEqual([undefined, undefined, "msg_2"]);
    expect(sent[2]?.body.parts).toEqual(sent[1]?.body.parts);
  });

  test("[harness.opencode.again] when its events break off they are followed again, and what went by meanwhile is looked up, once", async () => {
    const text = { id: "prt_words", messageID: "msg_answer_1", type: "text", text: "done meanwhile", time: { start: 1, end: 2 } };
    const step = {
      id: "prt_step",
      messageID: "msg_answer_1",
      type: "step-finish",
      reason: "stop",
      cost: 0.5,
      tokens: { input: 7, output: 3 },
    };
    const old = { info: { id: "msg_old", role: "assistant", parentID: "msg_0" }, parts: [{ ...step, id: "prt_old" }] };
    const [asked, answered] = [
      { info: { id: "msg_1", role: "user" }, parts: [{ id: "prt_any", messageID: "msg_1", type: "text", text: "in" }] },
      { info: { id: "msg_answer_1", role: "assistant", parentID: "msg_1", time: { created: 1, completed: 2 } }, parts: [text, step] },
    ];
    const list = { $: "answer", path: "/session/ses_fake0000000000000000000001/message", body: [old, asked, answered] };
    const first = [MESSAGE, message({ id: "msg_1", role: "user" }), stored(1), started, answer(1), part(text)];
    const { session } = await play([START, ...first, list, { $: "drop" }, MESSAGE, OPENCODE_DIALECT.receipt(2), started, idle]);
    expect(await say(session)).toBe("taken");
    expect(await session.see("turn_ended")).toMatchObject({ ok: true, text: "done meanwhile", usage: { inputTokens: 7, usd: 0.5 } });
    expect(session.of("text")).toHaveLength(1);
    expect(await say(session, "again")).toBe("taken");
    expect(await session.see("turn_ended", 2)).toMatchObject({ usage: { inputTokens: 0 } });
    expect(session.of("turn_started")).toHaveLength(2);
  });

  test("[harness.opencode.two-ends] a failed turn that tells its end twice has one, and what is urgent waits for the second", async () => {
    const aborted = failed("MessageAbortedError", { message: "Aborted" });
    const open = [MESSAGE, message({ id: "msg_1", role: "user" }), stored(1), started, answer(1)];
    const end = [{ $: "wait", for: "interrupt" }, aborted, idle, answer(1, { time: { created: 1, completed: 2 } }), idle];
    const { session, asked } = await play([START, ...open, ...end, MESSAGE, OPENCODE_DIALECT.receipt(2), started, idle]);
    await say(session);
    await session.see("turn_started");
    expect(await say(session, "now!", "now")).toBe("taken");
    await session.see("turn_ended", 2);
    expect(session.of("turn_ended").map(({ ok, error }) => [ok, error])).toEqual([
      [false, "MessageAbortedError: Aborted"],
      [true, null],
    ]);
    expect(session.of("turn_ended")[0]?.problem).toBeUndefined();
    const paths = asked().map((one) => path.basename(one.path));
    expect(paths.slice(-3)).toEqual(["prompt_async", "abort", "prompt_async"]);
  });

  test("[harness.opencode.cut-retry] a turn that is cut while it waits for a retry is a cut turn, though nothing says so", async () => {
    const closed = answer(1, { time: { created: 1, completed: 2 } });
    const wait = [status("retry", { attempt: 1, message: "429", next: 1 }), { $: "wait", for: "interrupt" }, closed, idle];
    const { session } = await play([START, MESSAGE, message({ id: "msg_1", role: "user" }), stored(1), started, answer(1), ...wait]);
    await say(session);
    await session.see("retry");
    expect(session.interrupt()).toBe(true);
    expect(await session.see("turn_ended")).toMatchObject({ ok: false, error: "MessageAbortedError: Aborted" });
  });

  test("[harness.opencode.never-begun] a turn that fails before the model is asked is the answer to its messages", async () => {
    const { session } = await play([
      ...[START, MESSAGE, message({ id: "msg_1", role: "user" }), stored(1), started],
      ...[failed("UnknownError", { message: "Model not found: fake/m9. Did you mean: m1?\n    at stack" }), idle],
    ]);
    expect(await say(session)).toBe("taken");
    expect(await session.see("turn_ended")).toMatchObject({
      ok: false,
      error: "UnknownError: Model not found: fake/m9. Did you mean: m1?",
      problem: { kind: "model" },
    });
    expect(session.busy()).toBe(false);
  });

  test("[harness.opencode.usage] steps are summed once each, cached tokens apart; without a price the cost is unknown", async () => {
    const step = (id: string, cost: number) =>
      part({
        ...{ id, messageID: "msg_a", type: "step-finish", reason: "stop", cost },
        tokens: { input: 10, output: 2, reasoning: 3, cache: { read: 100, write: 5 } },
      });
    const { session } = await play([
      ...[START, MESSAGE, OPENCODE_DIALECT.receipt(1), started, step("prt_1", 0), step("prt_1", 0), step("prt_2", 0), idle],
    ]);
    await say(session);
    expect((await session.see("turn_ended")).usage).toEqual({ inputTokens: 30, outputTokens: 10, cachedTokens: 200, usd: null });
  });

  test("[harness.opencode.money] a run that used up its money is cut before the next step", async () => {
    const step = part({ id: "prt_1", messageID: "msg_a", type: "step-finish", reason: "tool-calls", cost: 0.02, tokens: {} });
    const { session } = await play([START, MESSAGE, OPENCODE_DIALECT.receipt(1), started, step, { $: "wait", for: "interrupt" }, idle], {
      limits: { steps: 5, usd: 0.01 },
    });
    await say(session);
    expect(await session.see("turn_ended")).toMatchObject({ ok: false, error: expect.stringContaining("budget_exhausted") });
  });
});

describe("failures", () => {
  test("[harness.opencode.retry] retries, which it makes in silence, are told with their reason and when they come", async () => {
    const retry = (message: string, more = {}) => status("retry", { attempt: 1, message, next: 1_795_000_000_000, ...more });
    const { session } = await play([
      ...[START, MESSAGE, OPENCODE_DIALECT.receipt(1), started, retry("Too Many Requests"), retry("Provider is overloaded")],
      ...[retry("it will reset in 3 hours", { action: { reason: "account_rate_limit" } }), retry("fetch failed")],
    ]);
    await say(session);
    await session.see("retry", 4);
    const at = 1_795_000_000_000;
    expect(session.of("retry").map(({ problem }) => [problem?.kind, problem?.reset])).toEqual(
      ["rate_limit", "overloaded", "quota", "network"].map((kind) => [kind, { at }]),
    );
  });

  test.each([
    ["auth", "ProviderAuthError", { message: "no key" }],
    ["auth", "APIError", { message: "no", statusCode: 401 }],
    ["quota", "APIError", { message: "slow", statusCode: 429, responseBody: '{"code":"insufficient_quota"}' }],
    ["rate_limit", "APIError", { message: "slow", statusCode: 429, responseHeaders: { "retry-after": "7" } }],
    ["context_full", "ContextOverflowError", { message: "too long" }],
    ["model", "APIError", { message: "nothing here", statusCode: 404 }],
    ["overloaded", "APIError", { message: "oops", statusCode: 529 }],
    ["network", "APIError", { message: "connection refused" }],
    ["request", "APIError", { message: "wrong field", statusCode: 400 }],
  ])("[harness.opencode.problem] %s: %s %j", async (kind, name, data) => {
    const { session } = await play([START, MESSAGE, OPENCODE_DIALECT.receipt(1), started, failed(name, data), idle]);
    await say(session);
    const { problem } = await session.see("turn_ended");
    expect(problem).toMatchObject({ kind, message: expect.stringContaining(data.message) });
    expect(problem?.reset).toEqual("responseHeaders" in data ? { inMs: 7_000 } : null);
  });

  test("[harness.opencode.asked] a question to a person is answered at once with no, and is on record", async () => {
    const question = event("permission.asked", { id: "per_1", permission: "external_directory", patterns: ["/etc/*"] });
    const other = event("question.asked", { id: "que_1", questions: [{ question: "which?" }] });
    const { session, asked } = await play([START, MESSAGE, OPENCODE_DIALECT.receipt(1), started, question, other]);
    await say(session);
    await session.see("denied", 2);
    expect(session.of("denied")).toMatchObject([
      { tool: "external_directory", why: expect.stringContaining("/etc/*") },
      { tool: "question" },
    ]);
    await until(() => asked().some((one) => one.path === "/question/que_1/reject"), { what: "both were answered" });
    expect(asked()).toContainEqual({ method: "POST", path: "/permission/per_1/reply", body: { reply: "reject" } });
  });

  test("[harness.opencode.denied] a call that the preset denies is a denial and a failed result", async () => {
    const tool = (state: Readonly<Record<string, unknown>>) =>
      part({
        id: "prt_t",
        messageID: "msg_a",
        type: "tool",
        tool: "bash",
        callID: "call_1",
        state: { input: { command: "curl x" }, ...state },
      });
    const error =
      "The user has specified a rule which prevents you from using this specific tool call. Here are some of the relevant rules []";
    const { session } = await play([
      ...[START, MESSAGE, OPENCODE_DIALECT.receipt(1), started],
      ...[tool({ status: "pending" }), tool({ status: "running" }), tool({ status: "error", error }), tool({ status: "error", error })],
    ]);
    await say(session);
    await session.see("tool_result");
    expect(session.of("tool")).toEqual([{ type: "tool", name: "bash", input: { command: "curl x" } }]);
    expect(session.of("denied")).toMatchObject([{ tool: "bash", why: expect.stringContaining("curl x") }]);
    expect(session.of("tool_result")).toMatchObject([{ name: "bash", ok: false }]);
  });

  test.each([
    ["the server cannot be reached any more", [START, MESSAGE, OPENCODE_DIALECT.receipt(1), { $: "gone" }], "network"],
    ["requests are cut without an answer", [START, { $: "reset" }], "network"],
    [
      "it does not take a message",
      [{ $: "answer", path: "/session/ses_fake0000000000000000000001/prompt_async", status: 400 }, START],
      "request",
    ],
  ])("[harness.opencode.broken] a session is given up when %s", async (_what, stream, kind) => {
    const { session } = await play(stream);
    await session.see("ready");
    void say(session);
    expect(await session.see("broken")).toMatchObject({ problem: { kind } });
    expect(await session.stop(2_000)).toMatchObject({ signal: "SIGTERM" });
    expect(session.of("broken")).toHaveLength(1);
  });

  test("[harness.opencode.lost] a session that OpenCode does not know is given up before any message", async () => {
    const stream = [{ $: "answer", path: "/session/ses_gone", status: 404, body: { name: "NotFoundError" } }, START];
    const { session, asked } = await play(stream, { resume: true, cliSession: "ses_gone" });
    const fate = say(session);
    expect(await session.see("broken")).toMatchObject({ problem: { message: expect.stringContaining("ses_gone") } });
    await session.stop(2_000);
    expect(await fate).toBe("gone");
    expect(session.of("ready")).toEqual([]);
    expect(asked().some((one) => one.path.endsWith("prompt_async"))).toBe(false);
  });

  test("[harness.opencode.mcp-failed] without its tools a session is reported, and no message is handed to it", async () => {
    const { session } = await play([{ $: "answer", path: "/mcp", body: { skep: { status: "failed", error: "401" } } }, START]);
    const fate = say(session);
    expect(await session.see("ready")).toMatchObject({ mcp: "failed" });
    await session.stop(2_000);
    expect(await fate).toBe("gone");
  });

  test("[harness.opencode.end] an end of its own is a start that failed, with its words", () => {
    const end = (stderr: string, code = 1) => opencode.diagnose?.({ code, signal: null, stderr });
    expect(end("Error: Configuration is invalid at /x/opencode.json\n")).toMatchObject({ kind: "request" });
    expect(end("\nsegfault\n")).toEqual({ kind: "crash", message: "segfault", reset: null });
    expect(end("", 0)).toBeNull();
    expect(opencode.diagnose?.({ code: null, signal: "SIGKILL", stderr: "x" })).toBeNull();
  });
});
