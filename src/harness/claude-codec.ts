/**
 * Claude Code's stream-json, both ways. Three things it hides from everybody else: messages wait until the MCP server was
 * set over stdin (the token's only way in), `is_error` decides and not `subtype`, and costs are per turn.
 */
import type { Codec, HarnessEvent, LaunchOrder, Problem, Usage } from "./harness.ts";
import { clip, count, isObject, type JsonObject, jsonLine, objects, text } from "./json-line.ts";
import { problemOf, resetAt, resetIn } from "./problems.ts";

const MCP_REQUEST = "skep-mcp";
/** A blocking call may take this long; skep answers within 50 s. */
const TOOL_TIMEOUT_MS = 600_000;

/** The line that connects the session to the host; written before any message. */
export function mcpLine({ mcp }: LaunchOrder): string {
  const server = {
    type: "http",
    url: mcp.url,
    headers: { Authorization: `Bearer ${mcp.token}` },
    alwaysLoad: true,
    timeout: TOOL_TIMEOUT_MS,
  };
  return control(MCP_REQUEST, { subtype: "mcp_set_servers", servers: { skep: server } });
}

const control = (id: string, request: JsonObject): string => JSON.stringify({ type: "control_request", request_id: id, request });

export function claudeCodec(order: LaunchOrder): Codec {
  const held: string[] = [];
  /** Tools that were called and have not answered, by the id of the call. */
  const calls = new Map<string, string>();
  let mcp: "asked" | "connected" | "failed" = "asked";
  let interrupts = 0;
  /** What the account's limits were last said to be; a failed turn behind a refusal is that refusal. */
  let refused: Problem | null = null;
  /** The CLI's running total; null until the first result of a resumed run told what it counts from. */
  let total: number | null = order.resume ? null : 0;

  function usageOf(result: JsonObject): Usage {
    const before = total;
    const sum = typeof result.total_cost_usd === "number" ? count(result.total_cost_usd) : null;
    if (sum !== null) total = sum;
    // Exact where the CLI tells it: also for interrupted turns, whose `usage` is zero, and on both sides of a resume.
    const since = result.model_usage_since_last_result;
    if (isObject(since)) return perModel(Object.values(since).filter(isObject));
    const usage = isObject(result.usage) ? result.usage : {};
    return {
      inputTokens: count(usage.input_tokens) + count(usage.cache_creation_input_tokens),
      outputTokens: count(usage.output_tokens),
      cachedTokens: count(usage.cache_read_input_tokens),
      usd: sum === null ? null : Math.max(0, sum - (before ?? startOf(sum))),
    };
  }
  /** A session that ended by itself is resumed with its total, a killed one from zero. */
  const startOf = (sum: number): number => (order.usdBefore !== undefined && sum >= order.usdBefore ? order.usdBefore : 0);

  function controlReply(line: JsonObject): readonly HarnessEvent[] {
    const response = isObject(line.response) ? line.response : {};
    if (response.request_id !== MCP_REQUEST || mcp !== "asked") return [{ type: "alive" }];
    const inner = isObject(response.response) ? response.response : {};
    const failed = response.subtype !== "success" || !isObject(inner.errors) || Object.keys(inner.errors).length > 0;
    mcp = failed ? "failed" : "connected";
    const ready: HarnessEvent = { type: "ready", cliSession: order.cliSession, mcp };
    // Without its tools the session must not begin: what is held stays held, and the host ends it.
    return failed || held.length === 0 ? [ready] : [ready, { type: "reply", lines: held.splice(0) }];
  }

  return {
    read(line) {
      const message = jsonLine(line);
      if (!message) return [{ type: "noise", line: clip(line, 2_000) }];
      if (message.type === "control_response") return controlReply(message);
      if (message.type === "rate_limit_event") {
        refused = accountLimit(message);
        return [{ type: "alive" }];
      }
      if (message.type === "result") return [turnEnded(message, usageOf(message), refused)];
      return events(message, calls);
    },
    message(content, receipt, urgency) {
      const line = JSON.stringify({ type: "user", message: { role: "user", content }, uuid: receipt, priority: urgency });
      if (mcp === "connected") return [line];
      held.push(line);
      return [];
    },
    interrupt() {
      interrupts += 1;
      return [control(`skep-interrupt-${interrupts}`, { subtype: "interrupt" })];
    },
    end: () => [],
  };
}

function events(message: JsonObject, calls: Map<string, string>): readonly HarnessEvent[] {
  switch (message.type) {
    case "system":
      return system(message);
    case "assistant":
      return blocks(message).flatMap((block) => said(block, calls));
    case "user":
      return [...blocks(message).flatMap((block) => toolResult(block, calls)), { type: "alive" }];
    case "command_lifecycle":
      return message.state === "started" ? [{ type: "receipt", receipt: text(message.command_uuid) }] : [{ type: "alive" }];
    default:
      // Tool results, progress heartbeats, background tasks and what later versions add: signs of life.
      return [{ type: "alive" }];
  }
}

function system(message: JsonObject): readonly HarnessEvent[] {
  switch (message.subtype) {
    case "init":
      return [{ type: "turn_started" }];
    case "permission_denied":
      return [{ type: "denied", tool: text(message.tool_name), why: clip(text(message.message), 500) }];
    case "api_retry":
      return [retry(count(message.error_status), text(message.error))];
    default:
      return [{ type: "alive" }];
  }
}

function retry(status: number, error: string): HarnessEvent {
  const why = clip(`${status || "no answer"} ${error}`.trim(), 200);
  const problem = problemOf(status, error, resetIn(error));
  return { type: "retry", why, ...(problem ? { problem } : {}) };
}

/** Subscriptions tell beside the failed turn until when they are used up. */
function accountLimit(message: JsonObject): Problem | null {
  const info = isObject(message.rate_limit_info) ? message.rate_limit_info : {};
  if (info.status !== "rejected") return null;
  const which = text(info.rateLimitType).replaceAll("_", " ") || "usage";
  return { kind: "quota", message: clip(`the account's ${which} limit is used up`, 200), reset: resetAt(info.resetsAt) };
}

const blocks = (message: JsonObject): readonly JsonObject[] => (isObject(message.message) ? objects(message.message.content) : []);

function said(block: JsonObject, calls: Map<string, string>): readonly HarnessEvent[] {
  if (block.type === "text") return [{ type: "text", text: clip(text(block.text)) }];
  if (block.type === "tool_use") {
    const name = text(block.name);
    calls.set(text(block.id), name);
    return [{ type: "tool", name, input: block.input }];
  }
  // It thinks.
  return [{ type: "alive", output: true }];
}

function toolResult(block: JsonObject, calls: Map<string, string>): readonly HarnessEvent[] {
  if (block.type !== "tool_result") return [];
  const call = text(block.tool_use_id);
  const name = calls.get(call) ?? "";
  calls.delete(call);
  const parts =
    typeof block.content === "string"
      ? block.content
      : objects(block.content)
          .map((part) => text(part.text))
          .join("\n");
  const ok = block.is_error !== true;
  const result: HarnessEvent = { type: "tool_result", name, ok, text: clip(parts, 4_000) };
  // A rule on paths refuses in the answer alone. What a command printed could say the same and is not asked.
  const refused = !ok && ["Edit", "Write", "Read"].includes(name) && /denied by your permission settings/.test(parts);
  return refused ? [result, { type: "denied", tool: name, why: clip(parts.replace(/<\/?tool_use_error>/g, ""), 500) }] : [result];
}

function turnEnded(result: JsonObject, usage: Usage, refused: Problem | null): HarnessEvent {
  const ok = result.is_error !== true;
  const said = clip(text(result.result));
  const errors = Array.isArray(result.errors) ? result.errors.map(String).join("; ") : "";
  const why = [text(result.terminal_reason) || text(result.subtype), said || errors].filter(Boolean).join(": ");
  const ended = { type: "turn_ended" as const, text: said, usage };
  if (ok) return { ...ended, ok, error: null };
  const problem = problemOfTurn(result, said || errors, refused);
  return { ...ended, ok, error: clip(why || "unknown", 1_000), ...(problem ? { problem } : {}) };
}

/** Only what the model's side answered: a turn that was cut, or used up its steps, is no problem of the provider. */
function problemOfTurn(result: JsonObject, said: string, refused: Problem | null): Problem | null {
  const status = count(result.api_error_status);
  if (status === 0 && text(result.terminal_reason) !== "api_error" && !/^(?:API Error|Claude AI usage limit)|hit your|\/login/i.test(said))
    return null;
  const told = /usage limit reached\|(\d{10,13})/.exec(said);
  if (refused && (status === 429 || status === 0)) return refused;
  return problemOf(status, said, told ? resetAt(Number(told[1])) : resetIn(said));
}

function perModel(models: readonly JsonObject[]): Usage {
  const sum = (name: string): number => models.reduce((all, model) => all + count(model[name]), 0);
  return {
    inputTokens: sum("inputTokens") + sum("cacheCreationInputTokens"),
    outputTokens: sum("outputTokens"),
    cachedTokens: sum("cacheReadInputTokens"),
    usd: sum("costUSD"),
  };
}
