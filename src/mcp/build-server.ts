/**
 * The server of one caller, for the revisions that begin with initialize: up to 2025-11-25. Stdio keeps it for a client's life,
 * HTTP builds one per request, so everything that costs is shared.
 */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type ServerResult,
} from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { z } from "zod";
import { answersFor, lookOf, type ServerParts } from "./answers.ts";
import { clientOf, personAt } from "./elicit.ts";
import { offerSubscriptions } from "./subscriptions.ts";

const validator = new AjvJsonSchemaValidator();

/** The SDK looks at every call itself; with its own schema given here it would do so twice and blame itself for a bad one. */
const ANY_CALL = z.object({ method: z.literal("tools/call"), params: z.unknown().optional() });

const REQUESTS: Readonly<Record<string, z.ZodObject<{ method: z.ZodLiteral<string>; params: z.ZodType }>>> = {
  "tools/list": ListToolsRequestSchema,
  "tools/call": ANY_CALL,
  "resources/list": ListResourcesRequestSchema,
  "resources/templates/list": ListResourceTemplatesRequestSchema,
  "resources/read": ReadResourceRequestSchema,
  "prompts/list": ListPromptsRequestSchema,
  "prompts/get": GetPromptRequestSchema,
  "completion/complete": CompleteRequestSchema,
} as never;

export function buildServer(parts: ServerParts): McpServer {
  const { info, instructions, capabilities, methods } = answersFor(parts);
  const mcp = new McpServer(info, { instructions, jsonSchemaValidator: validator });
  const { server } = mcp;
  const person = personAt(server, parts);
  // Given to the constructor it would promise news of changed lists.
  server.registerCapabilities(capabilities);
  // Own handlers instead of registerTool: the SDK's would turn bad arguments and unknown names into answers without a next step.
  for (const [method, answer] of Object.entries(methods)) {
    const schema = REQUESTS[method];
    if (!schema) throw new Error(`no request is known for ${method}`);
    server.setRequestHandler(schema, async ({ params }, { signal, sendNotification }) => {
      const asked = { signal, client: clientOf(server.getClientVersion()), person: person(), notify: sendNotification };
      return (await answer(params as never, asked)) as ServerResult;
    });
  }
  if (parts.lasting && parts.caller.kind === "operator") offerSubscriptions(server, parts, lookOf(parts));
  return mcp;
}
