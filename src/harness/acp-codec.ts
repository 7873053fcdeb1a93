/**
 * The Agent Client Protocol, both ways: JSON-RPC 2.0, one object per line. The request of a message carries its receipt as
 * id; what the agent does after it, or its answer, shows that it took the message up. One prompt at a time: what a second one
 * would do differs from agent to agent.
 */
import { type AcpOptions, handshake } from "./acp-handshake.ts";
import { commandOf, outcomeFor, refusal } from "./acp-permission.ts";
import { acpTurn, type Turn } from "./acp-turn.ts";
import { acpUsage } from "./acp-usage.ts";
import type { Codec, HarnessEvent, LaunchOrder } from "./harness.ts";
import { clip, isObject, type JsonObject, jsonLine, objects, text } from "./json-line.ts";

const METHOD_NOT_FOUND = -32_601;
const rpc = (message: JsonObject): string => JSON.stringify({ jsonrpc: "2.0", ...message });

/** The first line of every session; what follows depends on the answer. */
export const acpHello = (): string =>
  rpc({
    id: "skep-initialize",
    method: "initialize",
    params: {
      protocolVersion: 1,
      clientInfo: { name: "skep", title: "Skep", version: "1" },
      clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
    },
  });

export function acpCodec(order: LaunchOrder, options: AcpOptions): Codec {
  const opening = handshake(order, options);
  const usage = acpUsage(order, options.usage);
  const held: { readonly text: string; readonly receipt: string }[] = [];
  let turn: Turn | null = null;
  let cancelling = false;
  /** The role goes in front of the first message of a session, where nothing else carries it. */
  let role = order.resume || options.role === "file" ? "" : order.rolePrompt;

  function nextPrompt(): readonly string[] {
    if (turn || !opening.session()) return [];
    const next = held.shift();
    if (!next) return [];
    turn = acpTurn(next.receipt);
    cancelling = false;
    const blocks = [role, harmless(next.text)].filter((one) => one !== "").map((one) => ({ type: "text", text: one }));
    role = "";
    return [rpc({ id: next.receipt, method: "session/prompt", params: { sessionId: opening.session(), prompt: blocks } })];
  }
  const reply = (lines: readonly string[]): readonly HarnessEvent[] => (lines.length === 0 ? [] : [{ type: "reply", lines }]);

  function response(message: JsonObject): readonly HarnessEvent[] {
    if (opening.awaits(message.id)) {
      const { lines, events } = opening.advance(message);
      return [...events, ...reply([...lines.map(rpc), ...nextPrompt()])];
    }
    if (!turn || message.id !== turn.receipt) return [{ type: "alive" }];
    const over = turn;
    turn = null;
    const events = over.end(message, usage);
    return [...events, ...reply(nextPrompt())];
  }

  function question(message: JsonObject): readonly HarnessEvent[] {
    const { id, method } = message;
    const params = isObject(message.params) ? message.params : {};
    if (method !== "session/request_permission") {
      const error = { code: METHOD_NOT_FOUND, message: "skep offers its agents no such method" };
      return [{ type: "alive" }, ...reply([rpc({ id, error })])];
    }
    const call = isObject(params.toolCall) ? params.toolCall : {};
    const seen = turn?.asked(call) ?? [];
    // The protocol's rule: who has cancelled answers every question with that.
    if (cancelling) return [...seen, ...reply([rpc({ id, result: { outcome: { outcome: "cancelled" } } })])];
    const why = refusal(order, turn?.known(call) ?? call);
    const { outcome, given } = outcomeFor(objects(params.options), why === null);
    const denied: HarnessEvent = { type: "denied", tool: nameOf(call), why: why ?? "the agent offers no permission for one call alone" };
    return [...seen, ...(given ? [] : [denied]), ...reply([rpc({ id, result: { outcome } })])];
  }

  function notice(message: JsonObject): readonly HarnessEvent[] {
    const params = isObject(message.params) ? message.params : {};
    // Before it is ready it tells the history of a session it loads: no turn of ours.
    if (message.method !== "session/update" || !opening.session() || params.sessionId !== opening.session()) return [{ type: "alive" }];
    const update = isObject(params.update) ? params.update : {};
    usage.see(update);
    if (turn) return turn.update(update);
    return update.sessionUpdate === "agent_message_chunk" && isObject(update.content)
      ? [{ type: "text", text: clip(text(update.content.text)) }]
      : [{ type: "alive" }];
  }

  return {
    read(line) {
      const message = jsonLine(line);
      if (message?.jsonrpc !== "2.0") return [{ type: "noise", line: clip(line, 2_000) }];
      if (typeof message.method === "string") return message.id === undefined ? notice(message) : question(message);
      return message.id === undefined ? [{ type: "noise", line: clip(line, 2_000) }] : response(message);
    },
    message(content, receipt) {
      held.push({ text: content, receipt });
      return nextPrompt();
    },
    interrupt() {
      if (!turn) return [];
      cancelling = true;
      return [rpc({ method: "session/cancel", params: { sessionId: opening.session() } })];
    },
    end: () => [],
  };
}

/** Agents take a message that begins so for a command of their own. */
const harmless = (message: string): string => (/^\s*[/$!@]/.test(message) ? `Message:\n${message}` : message);

function nameOf(call: JsonObject): string {
  const command = call.kind === "execute" ? commandOf(call) : "";
  return clip((typeof command === "string" ? command : command.join(" ")) || text(call.title) || text(call.kind) || "tool", 100);
}
