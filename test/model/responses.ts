/** OpenAI's Responses API (streamed) with Codex's tools: one shell, and skep's tools in a namespace. */
import type { ServerResponse } from "node:http";
import path from "node:path";
import { z } from "zod";
import { sleep } from "../../src/base/clock.ts";
import type { Call, Conversation, Item } from "./conversation.ts";
import { commandLine, type Dialect, type Reply, type Toolbox, USAGE, type Use } from "./dialect.ts";

const part = z.looseObject({ text: z.string().optional() });
const content = z.union([z.string().transform((text) => [{ text }]), z.array(part)]).pipe(z.array(part));
const item = z.looseObject({
  type: z.string().default("message"),
  role: z.string().optional(),
  content: content.nullish(),
  call_id: z.string().optional(),
  namespace: z.string().nullish(),
  name: z.string().optional(),
  arguments: z.string().optional(),
  output: z.unknown().optional(),
});
const tool = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
});
const request = z.looseObject({
  model: z.string().default("scripted"),
  stream: z.boolean().default(false),
  instructions: z.string().nullish(),
  tools: z.array(tool).default([]),
  input: z.array(item),
});
type Part = z.output<typeof part>;
type InputItem = z.output<typeof item>;

/** Said by the CLI in the user's name. */
const BY_CLI = /^\s*(<environment_context>|<turn_aborted>|<user_instructions>|<permissions instructions>|# AGENTS\.md)/;
const plain = (parts: readonly Part[] | null | undefined): string => (parts ?? []).map(({ text }) => text ?? "").join("\n");

function read(body: unknown): Conversation {
  const { model, stream, instructions, tools, input } = request.parse(body);
  const said = [
    instructions ?? "",
    ...input.filter(({ role }) => role === "developer" || role === "system").map((one) => plain(one.content)),
  ];
  const cwd = /<cwd>(.+?)<\/cwd>/.exec(input.map((one) => plain(one.content)).join("\n"))?.[1] ?? null;
  const names = tools.flatMap(({ type, name = type, tools: inner }) =>
    type === "namespace" ? inner.map((one) => `${name}__${one.name}`) : [name],
  );
  return { model, stream, tools: names, items: joined(input.flatMap(itemsOf)), system: said.join("\n"), cwd };
}

function itemsOf(one: InputItem): Item[] {
  switch (one.type) {
    case "message": {
      if (one.role === "assistant") return [{ kind: "model", calls: [] }];
      const texts = (one.content ?? []).map(({ text }) => text ?? "").filter((text) => text !== "" && !BY_CLI.test(text));
      return one.role === "user" && texts.length > 0 ? [{ kind: "message", text: texts.join("\n") }] : [];
    }
    case "function_call":
      return [{ kind: "model", calls: [callOf(one)] }];
    case "function_call_output":
      return [{ kind: "result", id: one.call_id ?? "", ...outcome(textOf(one.output)) }];
    default:
      return [];
  }
}

/** What was said before a call is part of it, not an answer of its own. */
function joined(items: readonly Item[]): Item[] {
  const out: Item[] = [];
  for (const item of items) {
    const before = out.at(-1);
    if (item.kind !== "model" || before?.kind !== "model") out.push(item);
    else out[out.length - 1] = { kind: "model", calls: [...before.calls, ...item.calls] };
  }
  return out;
}

function callOf({ call_id: id = "", namespace, name = "", arguments: input = "{}" }: InputItem): Call {
  return { id, name: namespace ? `${namespace}__${name}` : name, input: JSON.parse(input) };
}

const textOf = (output: unknown): string => {
  const parts = content.safeParse(output);
  return parts.success ? plain(parts.data) : "";
};

/** Results carry no mark of failure: the CLI writes it into the text. */
function outcome(text: string): { isError: boolean; text: string } {
  const said = text.replace(/^Wall time: [^\n]*\nOutput:\n?/, "");
  const shell = /^Process exited with code (\d+)$/m.exec(text);
  return {
    isError: shell
      ? shell[1] !== "0"
      : /^(tool call error|failed|err|unsupported|exec_command failed|approval policy|aborted by user)|^aborted by user$/im.test(said),
    text: said,
  };
}

const tools: Toolbox = {
  prefix: "mcp__skep__",
  write(file, text) {
    const [folder, place, words] = [path.dirname(file), file, text].map((word) => commandLine([word]));
    return run(`mkdir -p -- ${folder} && printf %s ${words} > ${place}`);
  },
  shell: (argv) => run(commandLine(argv)),
  // Forced removals are refused whatever the preset.
  remove: (file) => run(`test ! -e ${commandLine([file])} || rm -- ${commandLine([file])}`),
};
const run = (cmd: string): Use => ({ name: "exec_command", input: { cmd } });

async function write(response: ServerResponse, { model, tools }: Conversation, reply: Reply, n: number, gone: AbortSignal): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": `req_${n}` });
  let number = 0;
  const event = (type: string, data: Record<string, unknown>): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...data })}\n\n`);
  const about = { id: `resp_${n}`, object: "response", model };
  event("response.created", { response: { ...about, status: "in_progress", output: [] } });
  await sleep(reply.sleepMs, gone);
  const output = [...said(reply, n), ...called(reply, tools, n)];
  output.forEach((one, index) => {
    event("response.output_item.added", { output_index: index, item: { ...one, status: "in_progress" } });
    event("response.output_item.done", { output_index: index, item: one });
  });
  const usage = {
    ...{ input_tokens: USAGE.input, input_tokens_details: { cached_tokens: 0 }, output_tokens: USAGE.output },
    ...{ output_tokens_details: { reasoning_tokens: 0 }, total_tokens: USAGE.input + USAGE.output },
  };
  event("response.completed", { response: { ...about, status: "completed", output, usage } });
  response.end();
}

function said({ text, call }: Reply, n: number): Record<string, unknown>[] {
  if (!text && call) return [];
  const parts = [{ type: "output_text", text, annotations: [] }];
  return [{ id: `msg_${n}`, type: "message", role: "assistant", status: "completed", content: parts }];
}

function called({ call }: Reply, offered: readonly string[], n: number): Record<string, unknown>[] {
  if (!call) return [];
  const at = call.name.startsWith(tools.prefix) && offered.includes(call.name) ? tools.prefix.length : 0;
  const named = at > 0 ? { namespace: call.name.slice(0, at - 2), name: call.name.slice(at) } : { name: call.name };
  return [
    { id: `fc_${n}`, type: "function_call", status: "completed", call_id: `call_${n}`, ...named, arguments: JSON.stringify(call.input) },
  ];
}

export const responses: Dialect = {
  path: "/v1/responses",
  tools,
  read,
  write,
  failure: (status) => ({ error: { type: "server_error", code: null, message: `scripted ${status}` } }),
};
