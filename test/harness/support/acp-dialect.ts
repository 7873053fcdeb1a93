/** ACP's words for what every adapter's stream says, and Gemini's variant of them. */
import { fileURLToPath } from "node:url";
import { acp } from "../../../src/harness/acp.ts";
import { gemini } from "../../../src/harness/gemini.ts";
import type { Dialect } from "./dialects.ts";

type Line = Readonly<Record<string, unknown>>;
const SESSION = "session-of-the-agent";
const rpc = (line: Line): Line => ({ jsonrpc: "2.0", ...line });
export const update = (change: Line): Line => rpc({ method: "session/update", params: { sessionId: "{{session}}", update: change } });
export const chunk = (text: string): Line => update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
export const answer = (id: string, result: Line): Line => rpc({ id, result });
export const initialized = (more: Line = {}): Line =>
  answer("skep-initialize", {
    protocolVersion: 1,
    agentInfo: { name: "fake", version: "1.2.3" },
    agentCapabilities: { loadSession: true, mcpCapabilities: { http: true } },
    ...more,
  });
export const opened: readonly Line[] = [{ $: "wait", for: "start" }, answer("skep-session", { sessionId: SESSION })];

const base = {
  fake: fileURLToPath(new URL("../../bin/fake-acp.mjs", import.meta.url)),
  mcp: "unknown",
  names: SESSION,
  onlyAsked: true,
  started: update({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text: "hm" } }),
  receipt: () => update({ sessionUpdate: "available_commands_update", availableCommands: [] }),
  text: chunk,
  interrupted: [],
} as const;

const failed = (message: string): Line => rpc({ id: "{{last}}", error: { code: 400, message } });
const cancelled = answer("{{last}}", { stopReason: "cancelled", usage: { inputTokens: 7, outputTokens: 3 } });
const ended = (result: Line, error: string | null): Line =>
  error === null ? answer("{{last}}", { stopReason: "end_turn", ...result }) : error === "interrupted" ? cancelled : failed(error);

export const ACP_DIALECTS: Readonly<Record<"acp" | "gemini", Dialect>> = {
  acp: {
    ...base,
    harness: acp,
    settings: { command: ["agent", "--acp"] },
    ready: [initialized(), ...opened],
    ended: (_text, error) => ended({ usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } }, error),
  },
  gemini: {
    ...base,
    harness: gemini,
    settings: {},
    ready: [
      initialized({ authMethods: [{ id: "oauth-personal" }] }),
      ...[{ $: "wait", for: "start" }, answer("skep-authenticate", {})],
      ...opened,
    ],
    ended: (_text, error) => ended({ _meta: { quota: { token_count: { input_tokens: 7, output_tokens: 3 } } } }, error),
  },
};
