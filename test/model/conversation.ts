/** An Anthropic request as a list of what happened, in order: messages, model calls, results. What the CLI adds is left out. */
import { z } from "zod";

export type Item =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "model"; readonly calls: readonly Call[] }
  | { readonly kind: "result"; readonly id: string; readonly isError: boolean; readonly text: string };
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}
export interface Conversation {
  readonly model: string;
  readonly stream: boolean;
  readonly tools: readonly string[];
  readonly items: readonly Item[];
  /** The system prompt and what stands in the system role. */
  readonly system: string;
  readonly cwd: string | null;
}

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
const BY_CLI = /^\s*(<system-reminder>|\[Request interrupted by user)/;

export function readConversation(body: unknown): Conversation {
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
