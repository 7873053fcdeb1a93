/** Anthropic's Messages API with Claude Code's tools. */
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { sleep } from "../../src/base/clock.ts";
import type { Call, Conversation, Item } from "./conversation.ts";
import { commandLine, type Dialect, json, type Reply, type Toolbox, USAGE } from "./dialect.ts";

const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.record(z.string(), z.unknown()).optional(),
  tool_use_id: z.string().optional(),
  is_error: z.boolean().nullish(),
  content: z.unknown().optional(),
});
const blocks = z.union([z.string().transform((text) => [{ type: "text", text }]), z.array(block)]).pipe(z.array(block));
const request = z.looseObject({
  model: z.string().default("scripted"),
  stream: z.boolean().default(false),
  system: blocks.default([]),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: blocks })),
});
type Block = z.output<typeof block>;

/** Said by the CLI in the user's name. */
const BY_CLI = /^\s*(<system-reminder>|\[Request interrupted by user|Tool loaded\.$)/;

function read(body: unknown): Conversation {
  const { model, stream, system, tools, messages } = request.parse(body);
  const items: Item[] = [];
  const said = [plain(system)];
  for (const { role, content } of messages) {
    if (role === "system") said.push(plain(content));
    else if (role === "assistant") items.push({ kind: "model", calls: content.flatMap(callOf) });
    else items.push(...userItems(content));
  }
  const all = said.join("\n");
  const cwd = /working directory: (.+)/i.exec([all, ...messages.map(({ content }) => plain(content))].join("\n"))?.[1]?.trim() ?? null;
  return { model, stream, tools: tools.map(({ name }) => name), items, system: all, cwd };
}

function userItems(content: readonly Block[]): Item[] {
  const items: Item[] = content.flatMap((part): Item[] =>
    part.type === "tool_result"
      ? [{ kind: "result", id: part.tool_use_id ?? "", isError: part.is_error === true, text: textOf(part.content) }]
      : [],
  );
  const texts = content.flatMap(({ type, text }) => (type === "text" && text && !BY_CLI.test(text) ? [text] : []));
  if (texts.length > 0) items.push({ kind: "message", text: texts.join("\n") });
  return items;
}

const callOf = ({ type, id, name, input }: Block): Call[] =>
  type === "tool_use" && id !== undefined && name !== undefined ? [{ id, name, input: input ?? {} }] : [];
const plain = (content: readonly Block[]): string => content.map(({ text }) => text ?? "").join("\n");
const textOf = (content: unknown): string => {
  const read = blocks.safeParse(content);
  return read.success ? plain(read.data) : "";
};

const tools: Toolbox = {
  prefix: "mcp__skep__",
  // It refuses to overwrite what it has not read.
  fileRead: ({ name, input }) => (name === "Read" ? String(input.file_path) : null),
  read: (file) => ({ name: "Read", input: { file_path: file } }),
  write: (file, content) => ({ name: "Write", input: { file_path: file, content } }),
  shell: (argv) => ({ name: "Bash", input: { command: commandLine(argv), description: "Run a program" } }),
};

async function write(response: ServerResponse, conversation: Conversation, reply: Reply, n: number, gone: AbortSignal): Promise<void> {
  const { model, stream } = conversation;
  const content: readonly Record<string, unknown>[] = [
    ...(reply.text ? [{ type: "text", text: reply.text }] : []),
    ...(reply.call ? [{ type: "tool_use", id: `toolu_${String(n).padStart(24, "0")}`, ...reply.call }] : []),
  ];
  const usage = { input_tokens: USAGE.input, output_tokens: USAGE.output, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  const stop = reply.call ? "tool_use" : "end_turn";
  const message = { id: `msg_${n}`, type: "message", role: "assistant", model, content, stop_reason: stop, stop_sequence: null, usage };
  if (!stream) {
    await sleep(reply.sleepMs, gone);
    return json(response, 200, message);
  }
  response.writeHead(200, { "content-type": "text/event-stream", "request-id": `req_${n}` });
  const event = (type: string, data: Record<string, unknown>): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  event("message_start", { message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } } });
  await sleep(reply.sleepMs, gone);
  content.forEach((block, index) => {
    const empty = block.type === "text" ? { ...block, text: "" } : { ...block, input: {} };
    event("content_block_start", { index, content_block: empty });
    const delta =
      block.type === "text"
        ? { type: "text_delta", text: block.text }
        : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    event("content_block_delta", { index, delta });
    event("content_block_stop", { index });
  });
  event("message_delta", { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: USAGE.output } });
  event("message_stop", {});
  response.end();
}

export const anthropic: Dialect = {
  path: "/v1/messages",
  tools,
  read,
  write,
  failure: (status) => ({ type: "error", error: { type: "api_error", message: `scripted ${status}` } }),
};
