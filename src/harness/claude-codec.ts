/**
 * Claude Code's stream-json, both ways. Three things it hides from everybody else: messages wait until the MCP server was
 * set over stdin (the token's only way in), `is_error` decides and not `subtype`, and costs are per turn.
 */
import type { Codec, HarnessEvent, LaunchOrder, Usage } from "./harness.ts";
import { clip, count, isObject, type JsonObject, jsonLine, objects, text } from "./json-line.ts";

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
  let mcp: "asked" | "connected" | "failed" = "asked";
  let interrupts = 0;
  /** The CLI's running total; null until the first result of a resumed run told what it counts from. */
  let total: number | null = order.resume ? null : 0;

  function usageOf(result: JsonObject): Usage {
    const before = total;
    const sum = typeof result.total_cost_usd === "number" ? result.total_cost_usd : null;
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
      if (message.type === "result") return [turnEnded(message, usageOf(message))];
      return events(message);
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

function events(message: JsonObject): readonly HarnessEvent[] {
  switch (message.type) {
    case "system":
      return system(message);
    case "assistant":
      return blocks(message).flatMap(said);
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
      return [{ type: "retry", why: clip(`${count(message.error_status) || "no answer"} ${text(message.error)}`.trim(), 200) }];
    default:
      return [{ type: "alive" }];
  }
}

const blocks = (message: JsonObject): readonly JsonObject[] => (isObject(message.message) ? objects(message.message.content) : []);

function said(block: JsonObject): readonly HarnessEvent[] {
  if (block.type === "text") return [{ type: "text", text: clip(text(block.text)) }];
  if (block.type === "tool_use") return [{ type: "tool", name: text(block.name), input: block.input }];
  return [{ type: "alive" }];
}

function turnEnded(result: JsonObject, usage: Usage): HarnessEvent {
  const ok = result.is_error !== true;
  const said = clip(text(result.result));
  const errors = Array.isArray(result.errors) ? result.errors.map(String).join("; ") : "";
  const why = [text(result.terminal_reason) || text(result.subtype), said || errors].filter(Boolean).join(": ");
  return { type: "turn_ended", ok, text: said, error: ok ? null : clip(why || "unknown", 1_000), usage };
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
