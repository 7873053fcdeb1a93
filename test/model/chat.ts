/** OpenAI's chat completions (streamed) with OpenCode's tools: what most providers behind OpenCode speak. */
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { sleep } from "../../src/base/clock.ts";
import type { Conversation, Item } from "./conversation.ts";
import { commandLine, type Dialect, json, type Reply, type Toolbox, USAGE } from "./dialect.ts";

const parts = z.array(z.looseObject({ text: z.string().optional() }));
const content = z.union([z.string(), parts.transform((all) => all.map(({ text }) => text ?? "").join("\n")), z.null()]);
const message = z.looseObject({
  role: z.string(),
  content: content.optional(),
  tool_calls: z.array(z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) })).default([]),
  tool_call_id: z.string().default(""),
});
const request = z.looseObject({
  model: z.string().default("scripted"),
  stream: z.boolean().default(false),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).default([]),
  messages: z.array(message),
});
type Message = z.output<typeof message>;

function read(body: unknown): Conversation {
  const { model, stream, tools, messages } = request.parse(body);
  const system = messages.flatMap(({ role, content }) => (role === "system" || role === "developer" ? [content ?? ""] : [])).join("\n");
  const cwd = /working directory: (.+)/i.exec(system)?.[1]?.trim() ?? null;
  return { model, stream, tools: tools.map((tool) => tool.function.name), items: messages.flatMap(itemOf), system, cwd };
}

function itemOf({ role, content, tool_calls: calls, tool_call_id: id }: Message): Item[] {
  const text = content ?? "";
  if (role === "user") return [{ kind: "message", text }];
  if (role === "tool") return [{ kind: "result", id, isError: FAILED.test(text), text }];
  if (role !== "assistant") return [];
  return [
    { kind: "model", calls: calls.map((call) => ({ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) })) },
  ];
}

/** Results carry no mark of failure: a refusal of skep's, of the CLI's permissions, or a command's exit code in its words. */
const FAILED =
  /^(?:[A-Z][A-Z0-9_]+: |Error|\[?Tool execution|Model tried to call unavailable|The user (?:has specified a rule|rejected))|exit(?:ed with)? code:? [1-9]/;

const tools: Toolbox = {
  prefix: "skep_",
  fileRead: ({ name, input }) => (name === "read" ? String(input.filePath) : null),
  read: (filePath) => ({ name: "read", input: { filePath } }),
  write: (filePath, text) => ({ name: "write", input: { filePath, content: text } }),
  shell: (argv) => ({ name: "bash", input: { command: commandLine(argv), description: "Run a program" } }),
};

async function write(response: ServerResponse, { model, stream }: Conversation, reply: Reply, n: number, gone: AbortSignal): Promise<void> {
  const base = { id: `chatcmpl-${n}`, created: n, model };
  const usage = { prompt_tokens: USAGE.input, completion_tokens: USAGE.output, total_tokens: USAGE.input + USAGE.output };
  const called = reply.call && {
    ...{ id: `call_${n}`, type: "function" },
    function: { name: reply.call.name, arguments: JSON.stringify(reply.call.input) },
  };
  const finish = called ? "tool_calls" : "stop";
  if (!stream) {
    await sleep(reply.sleepMs, gone);
    const said = { role: "assistant", content: reply.text || null, ...(called ? { tool_calls: [called] } : {}) };
    return json(response, 200, {
      ...base,
      object: "chat.completion",
      choices: [{ index: 0, message: said, finish_reason: finish }],
      usage,
    });
  }
  response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": `req_${n}` });
  const event = (data: Record<string, unknown>): void =>
    void response.write(`data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", ...data })}\n\n`);
  const delta = (delta: Record<string, unknown>, finish_reason: string | null = null): void =>
    event({ choices: [{ index: 0, delta, finish_reason }] });
  delta({ role: "assistant", content: "" });
  await sleep(reply.sleepMs, gone);
  if (reply.text) delta({ content: reply.text });
  if (called) delta({ tool_calls: [{ index: 0, ...called }] });
  delta({}, finish);
  event({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}

export const chat: Dialect = {
  path: "/chat/completions",
  tools,
  read,
  write,
  failure: (status) => ({ error: { type: "server_error", code: null, message: `scripted ${status}` } }),
};
