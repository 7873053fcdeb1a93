/** Google's Gemini API (streamed) with Gemini CLI's tools. */
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { sleep } from "../../src/base/clock.ts";
import type { Conversation, Item } from "./conversation.ts";
import { commandLine, type Dialect, type Reply, type Toolbox, USAGE } from "./dialect.ts";

const part = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  functionCall: z
    .looseObject({ id: z.string().default(""), name: z.string(), args: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
  functionResponse: z
    .looseObject({ id: z.string().default(""), response: z.looseObject({ output: z.string().optional(), error: z.unknown().optional() }) })
    .optional(),
});
const content = z.looseObject({ role: z.string().default("user"), parts: z.array(part).default([]) });
const request = z.looseObject({
  contents: z.array(content),
  systemInstruction: content.optional(),
  tools: z.array(z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })).default([]) })).default([]),
});
type Content = z.output<typeof content>;

/** Said by the CLI in the user's name. */
const BY_CLI = /^\s*(<session_context>|<loaded_context>|\[System:)/;
const plain = ({ parts }: Content): string => parts.map(({ text }) => text ?? "").join("\n");

function read(body: unknown): Conversation {
  const { contents, systemInstruction, tools } = request.parse(body);
  const cwd = /Workspace Directories:\*\*\s+- (.+)/.exec(contents.map(plain).join("\n"))?.[1]?.trim() ?? null;
  const names = tools.flatMap(({ functionDeclarations }) => functionDeclarations.map(({ name }) => name));
  const system = systemInstruction ? plain(systemInstruction) : "";
  return { model: "gemini", stream: true, tools: names, items: contents.flatMap(itemsOf), system, cwd };
}

function itemsOf({ role, parts }: Content): Item[] {
  if (role === "model") {
    const calls = parts.flatMap(({ functionCall: call }) => (call ? [{ id: call.id, name: call.name, input: call.args }] : []));
    return [{ kind: "model", calls }];
  }
  const items: Item[] = parts.flatMap(({ functionResponse: answer }): Item[] =>
    answer ? [{ kind: "result", id: answer.id, ...outcome(answer.response) }] : [],
  );
  const texts = parts.flatMap(({ text }) => (text && !BY_CLI.test(text) ? [text] : []));
  if (texts.length > 0) items.push({ kind: "message", text: texts.join("\n") });
  return items;
}

/** What a tool said stands in a frame of the CLI's; a command's exit code stands in its words. */
function outcome({ output = "", error }: { readonly output?: string | undefined; readonly error?: unknown }): {
  isError: boolean;
  text: string;
} {
  const text = error === undefined ? output.replace(/<\/?untrusted_context>\n?/g, "").trim() : String(error);
  return { isError: error !== undefined || FAILED.test(text), text };
}
const FAILED = /^(?:[A-Z][A-Z0-9_]+: |Error)|^Exit Code: [1-9]|denied by policy/m;

const tools: Toolbox = {
  prefix: "mcp_skep_",
  write: (file_path, text) => ({ name: "write_file", input: { file_path, content: text } }),
  shell: (argv) => ({ name: "run_shell_command", input: { command: commandLine(argv), description: "Run a program" } }),
};

async function write(response: ServerResponse, _: Conversation, reply: Reply, n: number, gone: AbortSignal): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  await sleep(reply.sleepMs, gone);
  const parts = [
    ...(reply.text || !reply.call ? [{ text: reply.text }] : []),
    ...(reply.call ? [{ functionCall: { id: `call_${n}`, name: reply.call.name, args: reply.call.input } }] : []),
  ];
  const usageMetadata = {
    ...{ promptTokenCount: USAGE.input, candidatesTokenCount: USAGE.output, totalTokenCount: USAGE.input + USAGE.output },
  };
  const candidates = [{ index: 0, content: { role: "model", parts }, finishReason: "STOP" }];
  response.end(`data: ${JSON.stringify({ candidates, usageMetadata, modelVersion: "scripted" })}\n\n`);
}

export const gemini: Dialect = {
  path: ":streamGenerateContent",
  tools,
  read,
  write,
  failure: (status) => ({ error: { code: status, message: `scripted ${status}`, status: "UNKNOWN" } }),
};
