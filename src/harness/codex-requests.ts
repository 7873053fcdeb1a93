/**
 * Questions Codex asks its client. Nobody sits there: each is answered at once, and anything but a tool of skep's with no. A
 * turn that waited for a person would wait for ever.
 */
import type { HarnessEvent } from "./harness.ts";
import { clip, isObject, type JsonObject, text } from "./json-line.ts";

interface Answer {
  readonly result: unknown;
  readonly tool: string;
  readonly why: string;
}

export function answerTo(request: JsonObject): readonly HarnessEvent[] {
  const { id, method } = request;
  const params = isObject(request.params) ? request.params : {};
  if (method === "mcpServer/elicitation/request" && params.serverName === "skep" && asksForTool(params))
    return [reply({ id, result: { action: "accept", content: {}, _meta: null } })];
  const answer = denial(text(method), params);
  if (!answer) return [reply({ id, error: { code: -32601, message: `skep does not answer ${clip(text(method), 100)}` } })];
  return [reply({ id, result: answer.result }), { type: "denied", tool: answer.tool, why: clip(answer.why, 500) }];
}

const asksForTool = ({ _meta: meta }: JsonObject): boolean => isObject(meta) && meta.codex_approval_kind === "mcp_tool_call";
const reply = (line: unknown): HarnessEvent => ({ type: "reply", lines: [JSON.stringify(line)] });

function denial(method: string, params: JsonObject): Answer | null {
  const reason = text(params.reason);
  switch (method) {
    case "item/commandExecution/requestApproval":
      return { result: { decision: "decline" }, tool: "exec_command", why: reason || `asked to run ${text(params.command)}` };
    case "item/fileChange/requestApproval":
      return { result: { decision: "decline" }, tool: "apply_patch", why: reason || "asked to change files it may not change" };
    case "item/permissions/requestApproval":
      return { result: { permissions: {}, scope: "turn" }, tool: "request_permissions", why: reason || "asked for more permissions" };
    case "item/tool/requestUserInput":
      return { result: { answers: {} }, tool: "request_user_input", why: "nobody is there to ask; human_ask reaches a person" };
    case "mcpServer/elicitation/request":
      return {
        result: { action: "decline", content: null, _meta: null },
        tool: `mcp__${text(params.serverName)}`,
        why: text(params.message) || "an MCP server asked a person",
      };
    case "item/tool/call":
      return { result: { contentItems: [], success: false }, tool: text(params.tool), why: "this client has no tools of its own" };
    case "execCommandApproval":
    case "applyPatchApproval":
      return {
        result: { decision: { denied: { rejection: "not allowed in this session" } } },
        tool: method === "execCommandApproval" ? "exec_command" : "apply_patch",
        why: reason || "asked for an approval",
      };
    default:
      return null;
  }
}
