/** What CLIs and providers say when a model does not answer, and what it means. */
import { describe, expect, test } from "vitest";
import { claudeCodec } from "../../src/harness/claude-codec.ts";
import type { HarnessEvent } from "../../src/harness/harness.ts";
import { problemOf, resetAt, resetIn } from "../../src/harness/problems.ts";
import { orderFor } from "./support/order.ts";

describe("[harness.problem.kinds] a status and its words are one of nine kinds of problem", () => {
  test.each([
    [429, "Too many requests", "rate_limit"],
    [429, "You exceeded your current quota, please check your plan and billing details", "quota"],
    [429, "The usage limit has been reached", "quota"],
    [401, "invalid x-api-key", "auth"],
    [403, "Your account does not have access to the model gpt-9: model not found", "model"],
    [404, "no such model", "model"],
    [400, "prompt is too long: 210000 tokens > 200000 maximum", "context_full"],
    [400, "This model's maximum context length is 128000 tokens", "context_full"],
    [400, "messages: roles must alternate", "request"],
    [400, "Your credit balance is too low to access the API", "quota"],
    [529, "Overloaded", "overloaded"],
    [500, "Internal server error", "overloaded"],
    [0, "connect ECONNREFUSED 127.0.0.1:1", "network"],
    [0, "Connection error.", "network"],
    [0, "You've hit your limit · resets 2pm", "quota"],
  ])("%s %s", (status, message, kind) => {
    expect(problemOf(status, message)).toMatchObject({ kind, message });
  });
  test("words nobody knows are no problem of a provider", () => expect(problemOf(0, "assertion failed")).toBeNull());
});

test("[harness.problem.reset] times of providers are read in seconds, milliseconds and words", () => {
  expect(resetAt(1_778_565_600)).toEqual({ at: 1_778_565_600_000 });
  expect(resetAt(1_778_565_600_000)).toEqual({ at: 1_778_565_600_000 });
  expect([resetAt("soon"), resetAt(0), resetAt(Number.NaN)]).toEqual([null, null, null]);
  expect(resetIn("Rate limited. Please try again in 20s.")).toEqual({ inMs: 20_000 });
  expect(resetIn("retry after 3 minutes")).toEqual({ inMs: 180_000 });
  expect(resetIn("Please try again in 1.5 hours")).toEqual({ inMs: 5_400_000 });
  expect(resetIn("resets in 250ms")).toEqual({ inMs: 250 });
  expect(resetIn("try again")).toBeNull();
});

test("[harness.claude.problem] a used-up account says until when, beside the turn it refused", () => {
  const codec = claudeCodec(orderFor({}));
  const say = (line: object): readonly HarnessEvent[] => codec.read(JSON.stringify(line));
  const failed = (more: object) => ({ type: "result", subtype: "success", is_error: true, total_cost_usd: 0, usage: {}, ...more });
  say({ type: "rate_limit_event", rate_limit_info: { status: "rejected", resetsAt: 1_778_565_600, rateLimitType: "five_hour" } });
  const [ended] = say(failed({ api_error_status: 429, terminal_reason: "api_error", result: "You've hit your limit · resets 2pm" }));
  expect(ended).toMatchObject({ ok: false, problem: { kind: "quota", reset: { at: 1_778_565_600_000 } } });
  say({ type: "rate_limit_event", rate_limit_info: { status: "allowed" } });
  expect(say(failed({ api_error_status: 529, terminal_reason: "api_error", result: "API Error: 529 Overloaded" }))[0]).toMatchObject({
    problem: { kind: "overloaded" },
  });
  expect(say(failed({ result: "Claude AI usage limit reached|1762952400" }))[0]).toMatchObject({
    problem: { kind: "quota", reset: { at: 1_762_952_400_000 } },
  });
  // Cut by us, or out of steps: nobody's problem.
  expect(say(failed({ subtype: "error_during_execution", terminal_reason: "aborted_streaming", result: "" }))[0]).not.toHaveProperty(
    "problem",
  );
  expect(say(failed({ subtype: "error_max_turns", result: "" }))[0]).not.toHaveProperty("problem");
  expect(say({ type: "system", subtype: "api_retry", error_status: 429, error: "rate_limit" })[0]).toMatchObject({
    type: "retry",
    problem: { kind: "rate_limit" },
  });
});
