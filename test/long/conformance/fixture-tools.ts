/** The tools the conformance suite calls, by the names and with the contents it expects. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import { type CallToolResult, ElicitResultSchema, type ServerNotification, type ServerRequest } from "@modelcontextprotocol/sdk/types.js";
import { sleep } from "../../../src/base/clock.ts";
import { PNG, WAV } from "./fixture-media.ts";

interface Run {
  readonly server: Server;
  readonly extra: Pick<RequestHandlerExtra<ServerRequest, ServerNotification>, "sendNotification">;
  readonly args: Readonly<Record<string, unknown>>;
  readonly token: string | number | undefined;
}
interface ToolFixture {
  readonly name: string;
  readonly inputSchema?: { type: "object"; properties: Record<string, object>; required: string[] };
  run(run: Run): Promise<CallToolResult>;
}

const IMAGE = { type: "image" as const, data: PNG, mimeType: "image/png" };
const text = (words: string) => ({ type: "text" as const, text: words });
const resource = (uri: string, mimeType: string, words: string) => ({
  type: "resource" as const,
  resource: { uri, mimeType, text: words },
});
const takes = (field: string) => ({ type: "object" as const, properties: { [field]: { type: "string" } }, required: [field] });
/** Between two notifications, as the suite has it. */
const STEP_MS = 50;

const fixed = (name: string, ...content: CallToolResult["content"]): ToolFixture => ({ name, run: async () => ({ content }) });

/** A form shown to the client's user; the answer comes back as text. */
function form(name: string, words: string, properties: object): ToolFixture {
  return {
    name,
    async run({ server }) {
      const requestedSchema = { type: "object", properties, required: [] } as never;
      const { action, content = {} } = await server.elicitInput({ mode: "form", message: words, requestedSchema });
      return { content: [text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)] };
    },
  };
}

const ONE = ["option1", "option2", "option3"];
const titled = (names: readonly string[]) => names.map((title, index) => ({ const: `value${index + 1}`, title }));

export const TOOL_FIXTURES: readonly ToolFixture[] = [
  fixed("test_simple_text", text("This is a simple text response for testing.")),
  fixed("test_image_content", IMAGE),
  fixed("test_audio_content", { type: "audio", data: WAV, mimeType: "audio/wav" }),
  fixed("test_embedded_resource", resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
  fixed(
    "test_multiple_content_types",
    text("Multiple content types test:"),
    IMAGE,
    resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
  ),
  {
    name: "test_tool_with_logging",
    async run({ extra }) {
      for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
        await extra.sendNotification({ method: "notifications/message", params: { level: "info", data } });
        await sleep(STEP_MS);
      }
      return { content: [text("Tool with logging executed successfully")] };
    },
  },
  {
    name: "test_error_handling",
    run: async () => ({ isError: true, content: [text("This tool intentionally returns an error for testing")] }),
  },
  {
    name: "test_tool_with_progress",
    async run({ extra, token = 0 }) {
      for (const progress of [0, 50, 100]) {
        const params = { progressToken: token, progress, total: 100, message: `Completed step ${progress} of 100` };
        await extra.sendNotification({ method: "notifications/progress", params });
        await sleep(STEP_MS);
      }
      return { content: [text(String(token))] };
    },
  },
  {
    name: "test_sampling",
    inputSchema: takes("prompt"),
    async run({ server, args }) {
      const messages = [{ role: "user" as const, content: text(String(args.prompt)) }];
      const { content } = await server.createMessage({ messages, maxTokens: 100 });
      return { content: [text(`LLM response: ${!Array.isArray(content) && content.type === "text" ? content.text : ""}`)] };
    },
  },
  {
    name: "test_elicitation",
    inputSchema: takes("message"),
    async run({ server, args }) {
      const properties = { response: { type: "string" as const, description: "User's response" } };
      const requestedSchema = { type: "object" as const, properties, required: ["response"] };
      // Not by elicitInput: the suite's client answers with other fields than it is asked for.
      const params = { mode: "form" as const, message: String(args.message), requestedSchema };
      const { action, content = {} } = await server.request({ method: "elicitation/create", params }, ElicitResultSchema);
      return { content: [text(`User response: action=${action}, content=${JSON.stringify(content)}`)] };
    },
  },
  form("test_elicitation_sep1034_defaults", "Please review", {
    name: { type: "string", description: "User name", default: "John Doe" },
    age: { type: "integer", description: "User age", default: 30 },
    score: { type: "number", description: "User score", default: 95.5 },
    status: { type: "string", description: "User status", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", description: "Verification status", default: true },
  }),
  form("test_elicitation_sep1330_enums", "Please select", {
    untitledSingle: { type: "string", enum: ONE },
    titledSingle: { type: "string", oneOf: titled(["First Option", "Second Option", "Third Option"]) },
    legacyEnum: { type: "string", enum: ["opt1", "opt2", "opt3"], enumNames: ["Option One", "Option Two", "Option Three"] },
    untitledMulti: { type: "array", minItems: 1, maxItems: 3, items: { type: "string", enum: ONE } },
    titledMulti: { type: "array", minItems: 1, maxItems: 3, items: { anyOf: titled(["First Choice", "Second Choice", "Third Choice"]) } },
  }),
];
