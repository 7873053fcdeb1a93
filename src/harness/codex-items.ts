/** Items of a Codex turn as events: what the model says, which tools it calls, what came back. */
import type { HarnessEvent } from "./harness.ts";
import { clip, isObject, type JsonObject, objects, text } from "./json-line.ts";

const RESULT_CHARS = 2_000;

export function itemStarted(item: JsonObject): readonly HarnessEvent[] {
  // The item, not the answer to the request, proves it: a message taken for a turn that is then cut is dropped.
  if (item.type === "userMessage" && typeof item.clientId === "string") return [{ type: "receipt", receipt: item.clientId }];
  if (!isTool(item)) return other(item);
  return [{ type: "tool", name: nameOf(item), input: inputOf(item) }];
}

export function itemCompleted(item: JsonObject): readonly HarnessEvent[] {
  if (item.type === "agentMessage") return [{ type: "text", text: clip(text(item.text)) }];
  if (!isTool(item)) return other(item);
  const result: HarnessEvent = {
    type: "tool_result",
    name: nameOf(item),
    ok: item.status === "completed",
    text: clip(resultOf(item), RESULT_CHARS),
  };
  const why = deniedWhy(item);
  return why === null ? [result] : [result, { type: "denied", tool: nameOf(item), why }];
}

/** It thinks or begins to speak; the user's own message is an echo. */
const other = ({ type }: JsonObject): readonly HarnessEvent[] =>
  type === "userMessage" ? [{ type: "alive" }] : [{ type: "alive", output: true }];

export const isTool = ({ type }: JsonObject): boolean =>
  ["commandExecution", "mcpToolCall", "fileChange", "dynamicToolCall", "webSearch", "imageView", "collabAgentToolCall"].includes(
    text(type),
  );

function nameOf(item: JsonObject): string {
  if (item.type === "commandExecution") return "exec_command";
  if (item.type === "fileChange") return "apply_patch";
  if (item.type === "mcpToolCall") return `mcp__${text(item.server)}__${text(item.tool)}`;
  return text(item.tool) || text(item.type);
}

function inputOf(item: JsonObject): unknown {
  if (item.type === "commandExecution") return { cmd: text(item.command) };
  if (item.type === "fileChange") return { files: objects(item.changes).map(({ path }) => text(path)) };
  return item.arguments ?? null;
}

function resultOf(item: JsonObject): string {
  if (item.type === "commandExecution") return text(item.aggregatedOutput);
  if (isObject(item.error)) return text(item.error.message);
  return isObject(item.result)
    ? objects(item.result.content)
        .map((part) => text(part.text))
        .join("\n")
    : "";
}

/** The sandbox says no in the words of the system; Codex itself by a status. */
const SANDBOXED = /^.*(Read-only file system|Operation not permitted).*$/m;
function deniedWhy(item: JsonObject): string | null {
  if (item.status === "declined") return "declined by Codex";
  if (item.type !== "commandExecution" || item.status !== "failed") return null;
  const line = SANDBOXED.exec(text(item.aggregatedOutput))?.[0];
  return line === undefined ? null : clip(`the sandbox: ${line.trim()}`, 500);
}
