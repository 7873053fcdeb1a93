/**
 * What one caller is answered, method by method, and nothing of the wire: the revisions of the protocol differ in how a request
 * comes and an answer goes, and each has its own file for that. The one place where failures become answers.
 */
import type { CallToolRequest, CallToolResult, ListToolsResult } from "@modelcontextprotocol/sdk/types.js";
import type { Clock } from "../base/clock.ts";
import { type Fault, renderFault, SkepError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import type { Caller } from "../engine/caller.ts";
import { callTool, type ToolAnswer, toolsOf } from "../tools/call-tool.ts";
import { audienceOf, type Ground, type ToolContext } from "../tools/define-tool.ts";
import { toolEntry } from "../tools/json-schema.ts";
import type { Person } from "../tools/person.ts";
import type { Toolset } from "../tools/toolset.ts";
import { completionAnswers } from "./completions.ts";
import { promptAnswers } from "./prompts.ts";
import { resourceAnswers } from "./resources.ts";
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

/** What a request brings beside its arguments. */
export interface Asked {
  /** Aborts when the caller takes the request back or is gone. */
  readonly signal: AbortSignal;
  /** The program that asks, as it names itself. */
  readonly client: string | null;
  /** Whom its client can ask now. */
  readonly person: Person | null;
  /** Sends news of this request on its way. */
  notify(news: { readonly method: "notifications/progress"; readonly params: Progress }): Promise<void>;
}

interface Progress extends Record<string, unknown> {
  readonly progressToken: string | number;
  readonly progress: number;
  readonly message: string;
}

/** Failures that are no part of the answer are thrown as RpcFault. */
export type Answer = (params: never, asked: Asked) => Promise<object>;

export interface Answers {
  readonly info: { readonly name: string; readonly title: string; readonly version: string };
  readonly instructions: string;
  readonly capabilities: Readonly<Partial<Record<"tools" | "resources" | "prompts" | "completions", Record<string, never>>>>;
  readonly methods: Readonly<Record<string, Answer>>;
}

/** What a look of the operator is made with, where no tool is called. */
export type LookContext = (signal: AbortSignal) => Promise<ToolContext>;

const KEY_META = "dev.skep/key";
const ERROR_META = "dev.skep/error";
const LONGEST_KEY = 200;

const INSTRUCTIONS = {
  full: "skep runs swarms of coding agents in this git repository. swarm_create starts one, swarm_wait follows it, gate_answer answers what only a human may decide, swarm_land brings the work home.",
  core: "skep runs swarms of coding agents in this git repository. swarm_create starts one, swarm_wait follows it, gate_answer answers what only a human may decide, swarm_land brings the work home. A next step that names another tool is for the user: a skep command at a terminal.",
  agent: "You are an agent of a skep swarm. Call whoami first. A refusal names the call to make next.",
};

export function answersFor(parts: ServerParts): Answers {
  const isOperator = audienceOf(parts.caller) === "operator";
  return {
    info: { name: "skep", title: "skep", version: parts.version },
    instructions: INSTRUCTIONS[isOperator ? (parts.toolset ?? "full") : "agent"],
    // No news of changed lists is promised: the tools of a caller never change.
    capabilities: isOperator ? { tools: {}, resources: {}, prompts: {}, completions: {} } : { tools: {} },
    methods: {
      ...toolAnswers(parts),
      ...(isOperator
        ? { ...resourceAnswers(parts, lookOf(parts)), ...promptAnswers(parts, lookOf(parts)), ...completionAnswers(parts) }
        : {}),
    },
  };
}

/** What resources and prompts are read with. */
export function lookOf({ caller, clock, ground }: ServerParts): LookContext {
  const asking = { tool: "look", caller, clock, key: null, client: null, person: null, progress: () => undefined };
  return async (signal) => ({ ...asking, ground: await ground(), signal });
}

function toolAnswers({ caller, clock, closing, ground, logger, toolset = "full" }: ServerParts) {
  const audience = audienceOf(caller);
  return {
    "tools/list": async (): Promise<ListToolsResult> => {
      // The operator sees its tools also where there is nothing to work on: each call then says what is missing.
      const tools = await toolsOf({ caller, ground: caller.kind === "operator" ? null : await ground(), toolset });
      return { tools: tools.map((tool) => toolEntry(tool, audience)) };
    },
    "tools/call": async (params: CallToolRequest["params"], { client, person, ...asked }: Asked): Promise<CallToolResult> => {
      const token = params._meta?.progressToken;
      let told = 0;
      const progress = (message: string): void => {
        if (token === undefined) return;
        told += 1;
        // A client that is gone does not make the call fail.
        asked
          .notify({ method: "notifications/progress", params: { progressToken: token, progress: told, message } })
          .catch(() => undefined);
      };
      try {
        const key = keyOf(params._meta?.[KEY_META]);
        const signal = AbortSignal.any([asked.signal, closing]);
        const context = { caller, ground: await ground(), clock, signal, key, progress, client, person, toolset };
        return answered(await callTool(params.name, params.arguments, context));
      } catch (error) {
        return failed(toFault(error, audience === "operator" ? "swarm_status" : "whoami", logger));
      }
    },
  };
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
