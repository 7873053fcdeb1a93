/**
 * One MCP server for one caller: the tools of its audience, and the one place where failures become answers. Stdio keeps it for
 * a client's life, HTTP builds one per request, so everything that costs is shared.
 */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { type CallToolRequest, type CallToolResult, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { z } from "zod";
import type { Clock } from "../base/clock.ts";
import { type Fault, renderFault, SkepError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import type { Caller } from "../engine/caller.ts";
import { callTool, type ToolAnswer, toolsOf } from "../tools/call-tool.ts";
import { audienceOf, type Ground, type ToolContext } from "../tools/define-tool.ts";
import { toolEntry } from "../tools/json-schema.ts";
import type { Toolset } from "../tools/toolset.ts";
import { offerCompletions } from "./completions.ts";
import { clientOf, personAt } from "./elicit.ts";
import { offerPrompts } from "./prompts.ts";
import { offerResources } from "./resources.ts";
import { toFault } from "./rpc-fault.ts";

export interface ServerParts {
  readonly caller: Caller;
  /** Looked up at each call: a client may start the server before the repository is there. May throw what is missing. */
  readonly ground: () => Promise<Ground | null>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** Aborts when the process or endpoint closes: waits then answer with what they have. */
  readonly closing: AbortSignal;
  /** The connection outlives a call: changes can be told over it. */
  readonly lasting?: boolean;
  /** Whether what is sent unasked finds the client now; absent: always. */
  readonly reachable?: () => boolean;
  /** What an operator is offered; absent: everything. */
  readonly toolset?: Toolset;
}

const KEY_META = "dev.skep/key";
const ERROR_META = "dev.skep/error";
const LONGEST_KEY = 200;

const INSTRUCTIONS = {
  full: "skep runs swarms of coding agents in this git repository. swarm_create starts one, swarm_wait follows it, gate_answer answers what only a human may decide, swarm_land brings the work home.",
  core: "skep runs swarms of coding agents in this git repository. swarm_create starts one, swarm_wait follows it, gate_answer answers what only a human may decide, swarm_land brings the work home. A next step that names another tool is for the user: a skep command at a terminal.",
  agent: "You are an agent of a skep swarm. Call whoami first. A refusal names the call to make next.",
};

const validator = new AjvJsonSchemaValidator();

/** The SDK looks at every call itself; with its own schema given here it would do so twice and blame itself for a bad one. */
const ANY_CALL = z.object({ method: z.literal("tools/call"), params: z.unknown().optional() });

export function buildServer(parts: ServerParts): McpServer {
  const audience = audienceOf(parts.caller);
  const { toolset = "full" } = parts;
  const mcp = new McpServer(
    { name: "skep", title: "skep", version: parts.version },
    {
      instructions: INSTRUCTIONS[audience === "operator" ? toolset : "agent"],
      jsonSchemaValidator: validator,
    },
  );
  const { server } = mcp;
  const person = personAt(server, parts);
  const asking: Omit<ToolContext, "ground" | "signal"> = {
    ...{ tool: "look", caller: parts.caller, clock: parts.clock, key: null, client: null, person: null },
    progress: () => undefined,
  };
  // Given to the constructor it would promise news of changed lists; the tools of a caller never change.
  server.registerCapabilities({ tools: {} });
  // Own handlers instead of registerTool: the SDK's would turn bad arguments and unknown names into answers without a next step.
  server.setRequestHandler(ListToolsRequestSchema, async () => {
    // The operator sees its tools also where there is nothing to work on: each call then says what is missing.
    const ground = parts.caller.kind === "operator" ? null : await parts.ground();
    const tools = await toolsOf({ caller: parts.caller, ground, toolset });
    return { tools: tools.map((tool) => toolEntry(tool, audience)) };
  });
  server.setRequestHandler(ANY_CALL, async (request, extra) => {
    const params = request.params as CallToolRequest["params"];
    const { caller, clock, closing } = parts;
    const token = params._meta?.progressToken;
    let told = 0;
    const progress = (message: string): void => {
      if (token === undefined) return;
      told += 1;
      // A client that is gone does not make the call fail.
      extra
        .sendNotification({ method: "notifications/progress", params: { progressToken: token, progress: told, message } })
        .catch(() => undefined);
    };
    try {
      const ground = await parts.ground();
      const key = keyOf(params._meta?.[KEY_META]);
      const signal = AbortSignal.any([extra.signal, closing]);
      const context = { caller, ground, clock, signal, key, progress, client: clientOf(server), person: person(), toolset };
      return answered(await callTool(params.name, params.arguments, context));
    } catch (error) {
      return failed(toFault(error, audience === "operator" ? "swarm_status" : "whoami", parts.logger));
    }
  });
  if (audience !== "operator") return mcp;
  const context = async (signal: AbortSignal): Promise<ToolContext> => ({ ...asking, ground: await parts.ground(), signal });
  offerResources(server, parts, context);
  offerPrompts(server, parts, context);
  offerCompletions(server, parts);
  return mcp;
}

function keyOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value !== "" && value.length <= LONGEST_KEY) return value;
  throw new SkepError(
    "BAD_INPUT",
    `_meta["${KEY_META}"] must be a string of 1 to ${LONGEST_KEY} characters`,
    "the same call with such a key, or without",
  );
}

/** Facts go out twice, since clients differ in which of the two they show to the model; prose goes out as text alone. */
function answered(answer: ToolAnswer): CallToolResult {
  if (answer.kind === "text") return { content: [{ type: "text", text: answer.text }] };
  return { content: [{ type: "text", text: JSON.stringify(answer.facts) }], structuredContent: answer.facts };
}

function failed({ code, message, next, retryable }: Fault): CallToolResult {
  const error = { code, message, retryable, next };
  return { isError: true, content: [{ type: "text", text: renderFault(error) }], _meta: { [ERROR_META]: error } };
}
