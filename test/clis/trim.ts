/**
 * Makes a fixture of a recorded stream: `tsx test/clis/trim.ts <recording> <fixture>`. What no adapter reads goes out, and so
 * does what names a machine; what the CLI waited for becomes a `$` line, ids of messages become {{uuid:n}}.
 */
import { readFileSync, writeFileSync } from "node:fs";

type Line = Record<string, unknown>;
const KEEP: Readonly<Record<string, readonly string[]>> = {
  system: [
    ...["type", "subtype", "session_id", "tools", "mcp_servers", "model", "permissionMode", "claude_code_version"],
    ...["tool_name", "tool_use_id", "decision_reason_type", "message", "attempt", "max_retries", "retry_delay_ms", "error_status", "error"],
  ],
  assistant: ["type", "message", "parent_tool_use_id", "session_id"],
  user: ["type", "message", "parent_tool_use_id", "session_id"],
  command_lifecycle: ["type", "command_uuid", "state", "session_id"],
  control_response: ["type", "response"],
  result: [
    ...["type", "subtype", "is_error", "result", "errors", "terminal_reason", "api_error_status", "num_turns", "session_id"],
    ...["total_cost_usd", "usage", "model_usage_since_last_result", "permission_denials", "queued_turn_count", "result_index"],
  ],
};

const [recording = "", fixture = ""] = process.argv.slice(2);
const lines = readFileSync(recording, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);
const session = String(lines.find(({ session_id }) => session_id)?.session_id ?? "none");
const cwd = String(lines.find(({ cwd }) => cwd)?.cwd ?? "none");
const messages: string[] = [];
const out: string[] = [];
for (const line of lines) {
  if (line.subtype === "ui_invalidate") continue;
  out.push(...waitsBefore(line));
  const kept = Object.fromEntries((KEEP[String(line.type)] ?? []).flatMap((key) => (line[key] === undefined ? [] : [[key, line[key]]])));
  let text = JSON.stringify(kept).replaceAll(session, "{{session}}").replaceAll(cwd, "/tree");
  messages.forEach((uuid, index) => {
    text = text.replaceAll(uuid, `{{uuid:${index + 1}}}`);
  });
  out.push(text);
}
writeFileSync(fixture, `${out.join("\n")}\n`);

function waitsBefore(line: Line): string[] {
  if (line.type === "control_response") {
    const { request_id: id } = line.response as { request_id: string };
    return [wait(id.startsWith("skep-interrupt") ? "interrupt" : "start")];
  }
  if (line.type !== "command_lifecycle" || line.state !== "queued") return [];
  messages.push(String(line.command_uuid));
  return [wait("message")];
}

function wait(what: string): string {
  return JSON.stringify({ $: "wait", for: what });
}
