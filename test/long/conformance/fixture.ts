/**
 * What the conformance suite wants to meet beside a product: tools, resources and prompts of fixed names. Only tests have it; it
 * stands on skep's own server and transport, in the place of skep's tools, so what is tested is all that lies beneath them.
 */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { ServerParts } from "../../../src/mcp/answers.ts";
import { buildServer } from "../../../src/mcp/build-server.ts";
import { PNG } from "./fixture-media.ts";
import { TOOL_FIXTURES } from "./fixture-tools.ts";

export function fixtureServer(parts: ServerParts): McpServer {
  const mcp = buildServer(parts);
  const { server } = mcp;
  server.registerCapabilities({ logging: {} });
  server.setRequestHandler(SetLevelRequestSchema, async () => ({}));
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: TOOL_FIXTURES.map(({ name, inputSchema = { type: "object" as const } }) => ({
      name,
      description: `Fixture ${name}`,
      inputSchema,
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = TOOL_FIXTURES.find(({ name }) => name === params.name);
    if (!tool) throw new Error(`no fixture ${params.name}`);
    return tool.run({ server, extra, args: params.arguments ?? {}, token: params._meta?.progressToken });
  });
  resources(server);
  prompts(server);
  server.setRequestHandler(CompleteRequestSchema, async () => COMPLETED);
  return mcp;
}

export const COMPLETED = { completion: { values: ["paris", "park"], total: 2, hasMore: false } };

const STATIC = [
  { uri: "test://static-text", name: "static-text", mimeType: "text/plain", text: "This is the content of the static text resource." },
  { uri: "test://static-binary", name: "static-binary", mimeType: "image/png", blob: PNG },
  { uri: "test://watched-resource", name: "watched-resource", mimeType: "text/plain", text: "Watched resource content" },
] as const;

export const RESOURCE_ANSWERS = {
  list: () => ({ resources: STATIC.map(({ uri, name, mimeType }) => ({ uri, name, mimeType, description: `Fixture ${name}` })) }),
  templates: () => ({
    resourceTemplates: [
      { uriTemplate: "test://template/{id}/data", name: "template", description: "Fixture", mimeType: "application/json" },
    ],
  }),
  read: (uri: string) => {
    const fixed = STATIC.find((one) => one.uri === uri);
    if (fixed) return { contents: [{ ...fixed }] };
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
    if (id === undefined) throw Object.assign(new Error("no such resource"), { code: -32_002 });
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    return { contents: [{ uri, mimeType: "application/json", text }] };
  },
};

function resources(server: Server): void {
  server.setRequestHandler(ListResourcesRequestSchema, RESOURCE_ANSWERS.list);
  server.setRequestHandler(ListResourceTemplatesRequestSchema, RESOURCE_ANSWERS.templates);
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => RESOURCE_ANSWERS.read(uri));
  server.setRequestHandler(SubscribeRequestSchema, async () => ({}));
  server.setRequestHandler(UnsubscribeRequestSchema, async () => ({}));
}

type Given = Readonly<Record<string, string>>;
interface PromptFixture {
  readonly name: string;
  readonly args: readonly string[];
  messages(given: Given): { role: "user"; content: Content }[];
}
type Content =
  | { type: "text"; text: string }
  | { type: "image"; data: string; mimeType: string }
  | { type: "resource"; resource: { uri: string; mimeType: string; text: string } };
const says = (content: Content): { role: "user"; content: Content } => ({ role: "user", content });
const text = (words: string): { role: "user"; content: Content } => says({ type: "text", text: words });

const PROMPT_FIXTURES: readonly PromptFixture[] = [
  { name: "test_simple_prompt", args: [], messages: () => [text("This is a simple prompt for testing.")] },
  {
    name: "test_prompt_with_arguments",
    args: ["arg1", "arg2"],
    messages: ({ arg1, arg2 }) => [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  },
  {
    name: "test_prompt_with_embedded_resource",
    args: ["resourceUri"],
    messages: ({ resourceUri = "" }) => [
      says({ type: "resource", resource: { uri: resourceUri, mimeType: "text/plain", text: "Embedded resource content for testing." } }),
      text("Please process the embedded resource above."),
    ],
  },
  {
    name: "test_prompt_with_image",
    args: [],
    messages: () => [says({ type: "image", data: PNG, mimeType: "image/png" }), text("Please analyze the image above.")],
  },
];

export const PROMPT_ANSWERS = {
  list: () => ({
    prompts: PROMPT_FIXTURES.map(({ name, args }) => ({
      ...{ name, description: `Fixture ${name}` },
      arguments: args.map((arg) => ({ name: arg, description: `Fixture ${arg}`, required: true })),
    })),
  }),
  get: (name: string, given: Given = {}) => {
    const prompt = PROMPT_FIXTURES.find((one) => one.name === name);
    if (!prompt) throw new Error(`no fixture ${name}`);
    return { messages: prompt.messages(given) };
  },
};

function prompts(server: Server): void {
  server.setRequestHandler(ListPromptsRequestSchema, PROMPT_ANSWERS.list);
  server.setRequestHandler(GetPromptRequestSchema, async ({ params }) => PROMPT_ANSWERS.get(params.name, params.arguments));
}
