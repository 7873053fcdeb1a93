/**
 * Answers an agent's question whether it may use a tool, by the session's preset. It judges what the agent says it is about to
 * do: a guard rail, not a sandbox. Nothing waits: what the preset does not name is refused, with the reason.
 */
import path from "node:path";
import { commandRefusal } from "./command-rules.ts";
import type { LaunchOrder } from "./harness.ts";
import { isOutside } from "./inside.ts";
import { isObject, type JsonObject, objects, text } from "./json-line.ts";

/** As agents write the name of a tool of ours; the rest of it is the tool's own. */
const OURS = /^(?:tool: *)?(?:mcp_{1,2})?skep(?:__|[_/.:])[a-z][a-z0-9_]{1,40}$/i;
/** Gemini: the title has the server behind, the call's id has it in front. */
const OURS_BEHIND = /^[a-z][a-z0-9_]{1,40} \(skep MCP Server\)$/;

/** null: allowed. */
export function refusal(order: LaunchOrder, call: JsonObject): string | null {
  const kind = text(call.kind) || "other";
  if (isOurs(call, kind) || order.preset === "full") return null;
  switch (kind) {
    case "think":
      return null;
    case "search":
      return outside(order.cwd, call);
    case "read":
      return places(call).length === 0 ? "it does not say which file it reads" : outside(order.cwd, call);
    case "edit":
    case "delete":
    case "move":
      return order.preset === "read-only" ? "this session may not change files" : editRefusal(order.cwd, call);
    case "execute":
      return commandRefusal(order, commandOf(call));
    case "fetch":
      return "this session has no network tools";
    default:
      return `this session has no tools of the kind ${kind.slice(0, 40)}`;
  }
}

/** The words of a shell command stand in its title: only a call of no other kind can be a tool of ours. */
function isOurs(call: JsonObject, kind: string): boolean {
  if (kind === "execute" || kind === "fetch") return false;
  const told = isObject(call._meta) && isObject(call._meta.claudeCode) ? text(call._meta.claudeCode.toolName) : "";
  return [told, text(call.title)].some((name) => OURS.test(name) || OURS_BEHIND.test(name));
}

/** What stands there decides what git and later sessions run. */
const RULED = new Set([".git", ".skep", ".gemini", ".claude", ".codex", ".opencode", ".mcp.json", "opencode.json", "opencode.jsonc"]);

function editRefusal(cwd: string, call: JsonObject): string | null {
  const files = places(call);
  if (files.length === 0) return "it does not say which file it changes";
  const steps = files.flatMap((file) => path.relative(cwd, path.resolve(cwd, file)).split(path.sep));
  const ruled = steps.find((step) => RULED.has(step));
  return ruled ? `${ruled} is not changed by agents` : outside(cwd, call);
}

function outside(cwd: string, call: JsonObject): string | null {
  const far = places(call).find((file) => isOutside(cwd, file));
  return far === undefined ? null : `${far.slice(0, 200)} is outside the worktree`;
}

const PATH_KEYS = ["path", "file_path", "filePath", "filepath", "abs_path", "notebook_path", "directory"];

/** Every file that a call names, wherever the agent names it. */
function places(call: JsonObject): readonly string[] {
  const input = isObject(call.rawInput) ? call.rawInput : {};
  const named = [
    ...objects(call.locations).map((one) => one.path),
    ...objects(call.content).map((one) => one.path),
    ...PATH_KEYS.map((key) => input[key]),
  ];
  return [...new Set(named.filter((one): one is string => typeof one === "string" && one !== ""))];
}

/** Agents that send no input have the whole command as the title. */
export function commandOf(call: JsonObject): string | readonly string[] {
  const input = isObject(call.rawInput) ? call.rawInput : {};
  const { command } = input;
  if (Array.isArray(command)) return command.map(String);
  return typeof command === "string" ? command : text(call.title);
}

/** The answer the agent understands: one time only, never for good. */
export function outcomeFor(options: readonly JsonObject[], allowed: boolean): { readonly outcome: JsonObject; readonly given: boolean } {
  const pick = (...kinds: string[]): JsonObject | undefined =>
    kinds.map((kind) => options.find((option) => option.kind === kind)).find((option) => option !== undefined);
  const yes = allowed ? pick("allow_once") : undefined;
  const option = yes ?? pick("reject_once", "reject_always");
  const outcome = option ? { outcome: "selected", optionId: option.optionId } : { outcome: "cancelled" };
  return { outcome, given: yes !== undefined };
}
